/** A short run of the fuzzer; `bench/fuzz.ts` runs it for minutes. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { memoryTransportPair } from "./memory-transport.ts";
import { parseRemote } from "./remote.ts";
import { dial } from "./socket-transport.ts";
import { fuzz } from "./test-fuzz.ts";
import { testServer } from "./test-server.ts";

const seed = Number(process.env.OVSDB_FUZZ_SEED ?? 1);
const durationMs = 1000;
const clock = new RealClock();

describe("a server that is sent nonsense", { timeout: 60_000 }, () => {
  it("goes on serving others, in process", async (t) => {
    const { server, database } = testServer({ clock });
    const connect = async () => {
      const [near, far] = memoryTransportPair("fuzz", "server");
      server.accept(near);
      return far;
    };
    const report = await fuzz({ schema: database.schema, clock, connect }, seed, durationMs);
    t.diagnostic(`seed ${seed}: ${JSON.stringify(report)}`);
    assert.ok(report.replies > 0 && report.closed > 0);
    await server.close();
  });

  it("goes on serving others, over a socket", async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "ovsdb-fuzz-"));
    after(() => rmSync(directory, { recursive: true }));
    const { server, database } = testServer({ clock });
    await server.listen(`punix:${directory}/db.sock`);
    const remote = parseRemote(`unix:${directory}/db.sock`);
    assert.ok(remote.kind === "unix");
    const connect = () => dial(remote, { clock, timeoutMs: 5000 });
    const report = await fuzz({ schema: database.schema, clock, connect }, seed, durationMs);
    t.diagnostic(`seed ${seed}: ${JSON.stringify(report)}`);
    assert.ok(report.replies > 0 && report.closed > 0);
    await server.close();
  });
});
