/** Open vSwitch's own clients against our server. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ovsdb, run, serveProcess, stop, without } from "./test-process.ts";
import { testSchema, until } from "./test-server.ts";

const vswitchSchema = "/usr/share/openvswitch/vswitch.ovsschema";

describe("ovsdb-client (Open vSwitch)", { skip: without("ovsdb-client") }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-peers-"));
  const remote = `unix:${join(directory, "db.sock")}`;
  let server: ChildProcess;

  before(async () => {
    const schema = join(directory, "test.ovsschema");
    writeFileSync(schema, JSON.stringify(testSchema));
    server = await serveProcess(join(directory, "test.db"), "--schema", schema, "--remote", `p${remote}`);
  });
  after(async () => {
    await stop(server);
    rmSync(directory, { recursive: true });
  });

  async function client(command: string, ...args: readonly string[]): Promise<string> {
    const { status, out, error } = await run("ovsdb-client", command, remote, ...args);
    assert.equal(status, 0, `${command}: ${error}`);
    return out;
  }
  const transact = async (...operations: readonly object[]) =>
    JSON.parse(await client("transact", JSON.stringify(["Test", ...operations])));

  it("lists databases, tables and columns, and gets the schema", async () => {
    assert.deepEqual((await client("list-dbs")).trim().split("\n").sort(), ["Test", "_Server"]);
    assert.match(await client("list-tables", "Test"), /Radio/);
    assert.match(await client("list-columns", "Test", "Radio"), /channel/);
    assert.equal((await client("get-schema-version", "Test")).trim(), "1.0.0");
    assert.equal(JSON.parse(await client("get-schema", "Test")).name, "Test");
  });

  it("transacts and dumps", async () => {
    const [inserted] = await transact({
      op: "insert",
      table: "Radio",
      row: { name: "wifi0", channel: 6, tags: ["set", ["a", "b"]] },
    });
    assert.match(inserted.uuid[1], /^[0-9a-f-]{36}$/);
    assert.match(await client("dump", "Test", "Radio"), /6 +0 +wifi0 +\{\} +\[a, b\]/);
    const [refused] = await transact({ op: "insert", table: "Radio", row: { channel: 999 } });
    assert.equal(refused.error, "constraint violation");
  });

  it("waits for a database", async () => {
    await client("wait", "Test", "connected");
  });

  for (const [command, column] of [
    ["monitor", ["Radio", "name,counter"]],
    ["monitor-cond", ['[["counter",">",0]]', "Radio", "name,counter"]],
    ["monitor-cond-since", ['[["counter",">",0]]', "Radio", "name,counter"]],
  ] as const) {
    it(`follows changes with ${command}`, async () => {
      const args = [command, remote, "Test", ...column, "--format=csv"];
      if (command === "monitor-cond-since") args.splice(3, 0, "00000000-0000-0000-0000-000000000000");
      const child = spawn("ovsdb-client", args, { stdio: ["ignore", "pipe", "pipe"] });
      let out = "";
      child.stdout.on("data", (chunk) => {
        out += chunk;
      });
      child.stderr.on("data", (chunk) => {
        out += chunk;
      });
      try {
        const name = `by-${command}`;
        await transact({ op: "insert", table: "Radio", row: { name, counter: 1 } });
        await until(() => out.includes(`${name},1`), `initial row or insert in: ${out}`);
        await transact({ op: "update", table: "Radio", where: [["name", "==", name]], row: { counter: 2 } });
        await until(() => out.includes(",2"), `the change in: ${out}`);
      } finally {
        await stop(child);
      }
    });
  }

  it("takes and steals locks", async () => {
    const holder = spawn("ovsdb-client", ["lock", remote, "L"], { stdio: ["pipe", "pipe", "ignore"] });
    let out = "";
    holder.stdout.on("data", (chunk) => {
      out += chunk;
    });
    await until(() => out.includes("true"), "the lock");
    const thief = spawn("ovsdb-client", ["steal", remote, "L"], { stdio: ["pipe", "pipe", "ignore"] });
    await until(() => out.includes("stolen"), "the theft");
    await Promise.all([stop(holder), stop(thief)]);
  });
});

const noSwitch = without("ovs-vsctl") || (existsSync(vswitchSchema) ? false : `${vswitchSchema} is not installed`);

describe("ovs-vsctl (Open vSwitch)", { skip: noSwitch }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-vsctl-"));
  const remote = `unix:${join(directory, "db.sock")}`;
  let server: ChildProcess;

  before(async () => {
    const path = join(directory, "conf.db");
    assert.equal((await ovsdb("create", path, vswitchSchema)).status, 0);
    server = await serveProcess(path, "--remote", `p${remote}`);
  });
  after(async () => {
    await stop(server);
    rmSync(directory, { recursive: true });
  });

  async function vsctl(...args: readonly string[]): Promise<string> {
    const { status, out, error } = await run("ovs-vsctl", `--db=${remote}`, "--no-wait", ...args);
    assert.equal(status, 0, `${args.join(" ")}: ${error}`);
    return out;
  }

  it("builds, shows, lists and removes a bridge", async () => {
    await vsctl("init");
    await vsctl("add-br", "br-home");
    await vsctl("add-port", "br-home", "eth1", "--", "set", "Interface", "eth1", "type=internal");
    assert.match(await vsctl("show"), /Bridge br-home\n(?:.*\n)*? *Port eth1\n +Interface eth1\n +type: internal/);
    assert.equal(await vsctl("list-br"), "br-home\n");
    assert.equal(await vsctl("list-ports", "br-home"), "eth1\n");
    assert.match(await vsctl("list", "Bridge"), /name +: br-home/);
    await vsctl("del-br", "br-home");
    assert.equal(await vsctl("list-br"), "");
  });

  it("says of a database with the same name what it would of the C server's", async () => {
    const { status, error } = await run("ovs-vsctl", `--db=${remote}`, "--no-wait", "del-br", "none");
    assert.equal(status, 1);
    assert.match(error, /no bridge named none/);
  });
});
