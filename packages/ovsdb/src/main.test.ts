import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import type { JsonObject } from "./json.ts";
import { connectRpc } from "./rpc-client.ts";
import { type Outcome, ovsdb, serveProcess, stop } from "./test-process.ts";
import { testSchema } from "./test-server.ts";

describe("the command ovsdb", { concurrency: 2 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-command-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const schema = file("test.ovsschema");
  writeFileSync(schema, JSON.stringify(testSchema));

  function assertRefused({ status, out, error }: Outcome, expectedStatus: number, message: RegExp): void {
    assert.equal(status, expectedStatus, error);
    assert.equal(out, "");
    assert.match(error, message);
    assert.equal(error.trimEnd().split("\n").length, 1, `one line, not: ${error}`);
  }

  it("keeps what is written to a served file, also when it is killed, and shows it", async () => {
    const path = file("kept.db");
    const socket = file("kept.sock");
    const args = ["--schema", schema, "--remote", `punix:${socket}`];
    let server = await serveProcess(path, ...args);
    let client = await connectRpc(`unix:${socket}`, { clock: new RealClock(), timeoutMs: 5000 });
    const insert = { op: "insert", table: "Radio", row: { name: "wifi0", counter: 9007199254740993n } };
    const commit = { op: "commit", durable: true };
    const [inserted] = (await client.request("transact", [
      "Test",
      { op: "comment", comment: "first" },
      insert,
      commit,
    ])) as JsonObject[];
    assert.deepEqual(inserted, {});
    await stop(server, "SIGKILL");

    server = await serveProcess(path, ...args);
    client = await connectRpc(`unix:${socket}`, { clock: new RealClock(), timeoutMs: 5000 });
    const select = { op: "select", table: "Radio", where: [], columns: ["name", "counter"] };
    assert.deepEqual(await client.request("transact", ["Test", select]), [
      { rows: [{ name: "wifi0", counter: 9007199254740993n }] },
    ]);
    assert.match((await ovsdb("compact", path)).error, /in use|locked|served/);
    client.close();
    assert.equal(await stop(server), 0);

    assert.match(
      (await ovsdb("dump", path, "Radio")).out,
      /^Radio table\n_uuid +channel counter +name +options tags\n-[- ]+\n[0-9a-f-]{36} \[\] +9007199254740993 wifi0/,
    );
    assert.match(
      (await ovsdb("show-log", path)).out,
      /^record 0: schema "Test" version "1\.0\.0"\nrecord 1: [-0-9: .]+Z "first"\n {2}Radio [0-9a-f-]{36} insert \{/,
    );
    assert.match((await ovsdb("check", path)).out, /sound: Test 1\.0\.0, 2 records, 1 rows/);
    assert.equal((await ovsdb("compact", path)).status, 0);
    const wider = { ...testSchema, version: "1.1.0" };
    writeFileSync(file("wider.ovsschema"), JSON.stringify(wider));
    assert.deepEqual(await ovsdb("convert", path, file("wider.ovsschema")), { status: 0, out: "", error: "" });
    assert.match((await ovsdb("check", path)).out, /sound: Test 1\.1\.0, .* 1 rows/);

    const damaged = readFileSync(path, "latin1").replace("wifi0", "wifi9");
    writeFileSync(path, damaged, "latin1");
    assertRefused(
      await ovsdb("check", path),
      1,
      /damaged record at byte \d+: checksum .*'ovsdb check --repair .*kept\.db' saves/,
    );
    const repaired = await ovsdb("check", path, "--repair");
    assert.equal(repaired.status, 0, repaired.error);
    assert.match(
      repaired.out,
      /kept\.db: 1 damaged parts; 1 records \(0 rows\) saved in .*kept\.db\.repaired\nlost: \d+ bytes at \d+: checksum/,
    );
    assert.match((await ovsdb("check", `${path}.repaired`)).out, /sound: Test 1\.1\.0, 1 records, 0 rows/);
    assert.equal(readFileSync(path, "latin1"), damaged);
  });

  it("refuses what it does not understand with status 2", async () => {
    assertRefused(await ovsdb("frobnicate"), 2, /unknown command 'frobnicate'/);
    assertRefused(await ovsdb("create"), 2, /missing required argument 'file'/);
    assertRefused(await ovsdb("serve", "x.db"), 2, /option '--remote <remote>' not specified/);
    assertRefused(await ovsdb("serve", "x.db", "--remote", "ptcp:1", "--frob"), 2, /unknown option '--frob'/);
  });

  it("names the file and the fix when it fails, with status 1", async () => {
    const path = file("fail.db");
    assertRefused(
      await ovsdb("serve", path, "--remote", "ptcp:0:127.0.0.1"),
      1,
      /fail\.db: no such file; create it with 'ovsdb create/,
    );
    assertRefused(await ovsdb("serve", path, "--remote", "http:x"), 1, /remote 'http:x': it must be one of/);
    assertRefused(await ovsdb("create", path, file("none.ovsschema")), 1, /no such file.*none\.ovsschema/);
    writeFileSync(file("bad.ovsschema"), '{"name":"X","tables":{"T":{"columns":{"c":{"type":"nonsense"}}}}}');
    assertRefused(await ovsdb("create", path, file("bad.ovsschema")), 1, /bad\.ovsschema: no OVSDB schema: .*nonsense/);
    writeFileSync(file("text"), "not json");
    assertRefused(await ovsdb("create", path, file("text")), 1, /text: no JSON/);
    assertRefused(await ovsdb("check", file("text")), 1, /text: damaged record at byte 0/);
    assert.equal((await ovsdb("create", path, schema)).status, 0);
    assertRefused(await ovsdb("create", path, schema), 1, /fail\.db: exists already/);
    assertRefused(await ovsdb("dump", path, "Nope"), 1, /has no table 'Nope'/);
    assertRefused(
      await ovsdb("serve", path, "--remote", "pssl:0:127.0.0.1"),
      1,
      /TLS needs a private key, a certificate and a CA/,
    );
    assertRefused(
      await ovsdb("serve", path, "--remote", "ptcp:0", "--ca-cert", "x"),
      1,
      /TLS needs all three of --private-key/,
    );
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 20));
    assertRefused(await ovsdb("check", path), 1, /not a database: its first record \(the schema\) is incomplete/);
  });
});
