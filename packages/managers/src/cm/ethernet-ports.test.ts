import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EthernetPorts, nextEthernetPorts } from "./ethernet-ports.ts";
import type { Uplink } from "./uplinks.ts";

const port: Uplink = {
  if_name: "eth1",
  if_type: "eth",
  priority: null,
  has_L2: true,
  has_L3: false,
  is_used: null,
  loop: null,
  eth_client: null,
  ipv4: null,
  ipv6: null,
};

function look(before: EthernetPorts, now: number, change: Partial<Uplink> = {}, connected = true, leaf = true) {
  const step = nextEthernetPorts(before, { now, leaf, connected, uplinks: [{ ...port, ...change }] });
  return { ...step, loops: Object.fromEntries(step.loops) };
}

const unknown: EthernetPorts = new Map();

describe("an Ethernet port of a leaf", () => {
  it("is a loop for 5 s, with a connection, then a port of the LAN", () => {
    const first = look(unknown, 0);
    assert.deepEqual([first.loops, first.join], [{ eth1: true }, []]);
    const second = look(first.ports, 4_999, { loop: true });
    assert.deepEqual([second.loops, second.join], [{}, []]);
    const third = look(second.ports, 5_000, { loop: true });
    assert.deepEqual([third.loops, third.join], [{ eth1: false }, ["eth1"]]);
    assert.deepEqual(look(third.ports, 6_000, { loop: false }).loops, {});
  });

  it("waits for 128 s without a connection", () => {
    assert.equal(look(unknown, 1_000, {}, false).ports.get("eth1")?.dueAt, 129_000);
  });

  it("is a port of the LAN at once where WANO has seen a client", () => {
    assert.deepEqual(look(unknown, 0, { eth_client: true }).join, ["eth1"]);
  });

  it("is left alone while WANO is looking, where there is a WAN, another device of ours, and on a gateway", () => {
    for (const change of [{ has_L3: null }, { has_L3: true }, { loop: true }, { if_type: "vlan" as const }]) {
      const { ports, loops, join } = look(unknown, 0, change);
      assert.deepEqual([ports.size, loops, join], [0, {}, []], JSON.stringify(change));
    }
    assert.equal(look(unknown, 0, {}, true, false).ports.size, 0);
  });

  it("leaves the LAN when its cable is pulled, and when a WAN turns up behind it", () => {
    const inLan = look(look(unknown, 0).ports, 5_000, { loop: true }).ports;
    assert.deepEqual(look(inLan, 6_000, { has_L2: false }).leave, ["eth1"]);
    assert.deepEqual(look(inLan, 6_000, { has_L3: true }).leave, ["eth1"]);
  });

  it("is no loop any longer when its cable is pulled meanwhile", () => {
    const waiting = look(unknown, 0).ports;
    assert.deepEqual(look(waiting, 1_000, { has_L2: false, loop: true }).loops, { eth1: false });
  });
});
