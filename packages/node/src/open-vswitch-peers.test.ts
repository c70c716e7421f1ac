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
  it("ovs-vsctl adds and removes bridges and ports, and does not wait in vain for a switch daemon", async () => {
    await using bench = new NodeBench(new RealClock());
    const node = await bench.start();
    const vsctl = async (...args: string[]) =>
      (await run("ovs-vsctl", [`--db=unix:${node.socketPath}`, "--timeout=10", ...args])).stdout;
    await vsctl("add-br", "br-test");
    await vsctl("add-port", "br-test", "eth1");
    assert.equal(await vsctl("list-ports", "br-test"), "eth1\n");
    assert.match(await vsctl("show"), /Bridge br-home[\s\S]*Port br-home/);
    assert.match(await vsctl("list", "Bridge"), /name +: br-test/);
    await vsctl("del-br", "br-test");
    assert.equal(await vsctl("list-br"), "br-home\n");
    assert.equal((await rowsOf(node.client, "Port")).length, 1);
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
