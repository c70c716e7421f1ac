import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { SystemRandom } from "@opensync-ts/base/random";
import { NodeBench } from "@opensync-ts/node/testing/bench";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { findSubject, isSameAddress } from "./subject.ts";

const clock = new RealClock();
const world = { clock, random: new SystemRandom(), timeoutMs: 10_000, environment: {} };

describe("whom the doctor examines", () => {
  it("is the running node at its own redirector, and at another's that node is left out", async () => {
    await using bench = new NodeBench(clock);
    await bench.start({ redirector: "ssl:127.0.0.1:1", id: "GW1" });
    const choice = { dir: bench.directory, node: "gateway" };
    const own = await findSubject(choice, world);
    assert.deepEqual([own.redirector, own.isForeign, own.running === undefined], ["ssl:127.0.0.1:1", false, false]);
    assert.equal((await findSubject({ ...choice, address: "ssl:127.0.0.1:1" }, world)).isForeign, false);
    const other = await findSubject({ ...choice, address: "ssl:127.0.0.1:2" }, world);
    assert.ok(other.isForeign);
    assert.match(other.title, /the way to another cloud than its own by redirector ssl:127\.0\.0\.1:2/);
  });

  it("brings along what the simulation has broken for it", async () => {
    await using bench = new NodeBench(clock);
    const node = await bench.start({ id: "GW1" });
    const outage = async () => {
      const { running } = await findSubject({ dir: bench.directory, node: "gateway", address: "ssl:a:1" }, world);
      return running?.outage;
    };
    assert.deepEqual(await outage(), { wan: null, cloud: null });
    const client = await connectRpc(`unix:${node.directory.controlSocket}`, { clock, timeoutMs: 10_000 });
    await client.request("sim", ["wan-down", "cable"]);
    client.close();
    assert.deepEqual(await outage(), { wan: "the cable of the uplink is out", cloud: null });
  });

  it("has nothing of a simulation where the node is none", async () => {
    await using bench = new NodeBench(clock);
    await bench.startNull({ id: "NULL1" });
    const { running } = await findSubject({ dir: bench.directory, node: "gateway", address: "ssl:a:1" }, world);
    assert.ok(running);
    assert.equal(running.outage, undefined);
  });
});

describe("two addresses", () => {
  it("are the same however the host is written", () => {
    assert.ok(isSameAddress("ssl:Cloud.Example.com:443", "ssl:cloud.example.com:443"));
    assert.ok(isSameAddress("", ""));
    for (const other of ["tcp:a:1", "ssl:a:2", "ssl:b:1", "", "nonsense"]) assert.ok(!isSameAddress("ssl:a:1", other));
  });
});
