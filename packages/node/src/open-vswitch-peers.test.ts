import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { RealClock } from "@opensync-ts/base/clock";
import { NodeBench, rowsOf } from "./testing/bench.ts";

const run = promisify(execFile);
const skip =
  spawnSync("ovs-vsctl", ["--version"]).error || spawnSync("ovsdb-client", ["--version"]).error
    ? "Open vSwitch's ovs-vsctl and ovsdb-client are not installed (openvswitch-switch, openvswitch-common)"
    : false;

describe("Open vSwitch's own clients on a node", { skip }, () => {
  it("ovs-vsctl adds and removes bridges and ports, without a word of complaint", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const vsctl = async (...args: string[]) => {
      const { stdout, stderr } = await run("ovs-vsctl", [`--db=unix:${node.socketPath}`, "--timeout=10", ...args]);
      assert.equal(stderr, "");
      return stdout;
    };
    assert.equal(await vsctl("list-ports", "br-home"), "eth1\n");
    assert.equal(await vsctl("del-port", "br-home", "eth1"), "");
    assert.equal(await vsctl("add-br", "br-test"), "");
    assert.equal(await vsctl("add-port", "br-test", "eth1"), "");
    assert.equal(await vsctl("list-ports", "br-test"), "eth1\n");
    assert.equal(await vsctl("get", "Interface", "br-test", "ofport"), "65534\n");
    assert.equal(await vsctl("get", "Interface", "eth1", "ofport", "error"), "1\n[]\n");
    assert.match(await vsctl("show"), /Bridge br-home[\s\S]*Port br-home/);
    assert.match(await vsctl("list", "Bridge"), /name +: br-test/);
    assert.equal(await vsctl("del-port", "br-test", "eth1"), "");
    assert.equal(await vsctl("del-br", "br-test"), "");
    assert.equal(await vsctl("list-br"), "br-home\n");
    assert.equal((await rowsOf(node.client, "Port")).length, 1);
  });

  it("ovs-vsctl is told of a port without a device as Open vSwitch's own switch tells it", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const db = `--db=unix:${node.socketPath}`;
    const { stderr } = await run("ovs-vsctl", [db, "--timeout=10", "add-port", "br-home", "eth7"]);
    assert.match(
      stderr,
      /^ovs-vsctl: Error detected while setting up 'eth7': could not open network device eth7 \(No such device\)\./,
    );
    const { stdout } = await run("ovs-vsctl", [db, "--timeout=10", "get", "Interface", "eth7", "ofport"]);
    assert.equal(stdout, "-1\n");
  });

  it("ovsdb-client lists, reads and changes the database", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const client = async (command: string, ...args: string[]) =>
      (await run("ovsdb-client", ["--timeout=10", command, `unix:${node.socketPath}`, ...args])).stdout;
    assert.match(await client("list-dbs"), /^Open_vSwitch$/m);
    assert.match(await client("dump", "Node_Services", "service", "status"), /cm +enabled/);
    const operations = ["Open_vSwitch", { op: "insert", table: "AW_Debug", row: { name: "CM", log_severity: "INFO" } }];
    assert.match(await client("transact", JSON.stringify(operations)), /"uuid"/);
    assert.equal((await rowsOf(node.client, "AW_Debug")).length, 1);
  });
});
