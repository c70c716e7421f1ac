/** The server on a disk that is really full: the system lets its files grow no further than a limit, which is lifted later. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { readDatabase } from "./database-reader.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { connectRpc } from "./rpc-client.ts";
import { DatabaseFile } from "./storage.ts";
import { serveProcess, stop, without } from "./test-process.ts";
import { schemaJson, temporaryDirectory } from "./test-support.ts";

const schema = schemaJson({ T: { columns: { name: { type: "string" }, n: { type: "integer" } } } });

describe("a server whose disk is full", { skip: without("prlimit") }, () => {
  it("refuses what it cannot write, answers everything else, and goes on when there is space again", async (t) => {
    const directory = temporaryDirectory(t);
    const path = join(directory, "test.db");
    const remote = `unix:${join(directory, "sock")}`;
    DatabaseFile.create(path, schema);
    const server = await serveProcess(path, "--remote", `p${remote}`);
    t.after(() => stop(server, "SIGKILL"));
    const updates: JsonObject[] = [];
    const client = await connectRpc(remote, {
      clock: new RealClock(),
      timeoutMs: 5000,
      onNotification: (_, params) => updates.push(params[1] as JsonObject),
    });
    const transact = async (...operations: JsonValue[]) =>
      (await client.request("transact", ["Test", ...operations])) as JsonObject[];
    const limit = (bytes: string) =>
      execFileSync("prlimit", ["--pid", String(server.pid), `--fsize=${bytes}:unlimited`]);
    await client.request("monitor", ["Test", 1, { T: {} }]);

    limit(String(statSync(path).size + 5000));
    const batch = (round: number) =>
      Array.from({ length: 20 }, (_, i) => {
        const row = { name: `row ${round}.${i}`, n: i };
        const durable = i % 5 === 0 ? [{ op: "commit", durable: true }] : [];
        return transact({ op: "insert", table: "T", row }, ...durable).then((results) => ({ name: row.name, results }));
      });
    const acknowledged: string[] = [];
    const refused: string[] = [];
    for (let round = 0; refused.length < 60; round++) {
      for (const { name, results } of await Promise.all(batch(round))) {
        const last = results.at(-1) as JsonObject;
        if (!Object.hasOwn(last, "error")) {
          acknowledged.push(name);
          continue;
        }
        refused.push(name);
        assert.equal(last.error, "I/O error");
        assert.match(String(last.details), /^test\.db: write failed \(EFBIG/);
      }
    }
    assert.ok(acknowledged.length > 0);
    const select = { op: "select", table: "T", where: [], columns: ["name"] };
    const names = async () => {
      const [result] = await transact(select);
      return ((result as JsonObject).rows as JsonObject[]).map((row) => row.name).sort();
    };
    assert.deepEqual(await names(), acknowledged.sort());
    const { database } = readDatabase(path, new SeededRandom(1));
    assert.deepEqual([...database.rows("T").values()].map(({ name }) => name).sort(), acknowledged, "the file agrees");
    assert.deepEqual(shown(updates), acknowledged, "and so do monitors");

    limit("unlimited");
    assert.deepEqual(Object.keys((await transact({ op: "insert", table: "T", row: { name: "after" } }))[0] ?? {}), [
      "uuid",
    ]);
    await stop(server, "SIGKILL");
    const reread = readDatabase(path, new SeededRandom(1)).database;
    assert.equal(reread.rows("T").size, acknowledged.length + 1);
    client.close();
  });
});

/** The names of the rows that are left when all updates were applied. */
function shown(updates: readonly JsonObject[]): JsonValue[] {
  const rows = new Map<string, JsonValue>();
  for (const { T: changes } of updates) {
    if (!isObject(changes)) continue;
    for (const [uuid, change] of Object.entries(changes)) {
      const now = (change as JsonObject).new;
      if (isObject(now)) rows.set(uuid, now.name ?? null);
      else rows.delete(uuid);
    }
  }
  return [...rows.values()].sort();
}
