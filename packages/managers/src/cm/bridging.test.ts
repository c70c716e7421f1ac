import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { type BridgeView, type IpConfig, planJoin, planLeave } from "./bridging.ts";

const uuid = (text: string) => text as Uuid;

function inet(name: string, rest: Partial<IpConfig> = {}): IpConfig {
  return {
    if_name: name,
    network: true,
    NAT: null,
    ip_assign_scheme: "none",
    inet_addr: null,
    netmask: null,
    gateway: null,
    broadcast: null,
    dns: new Map(),
    dhcpd: new Map(),
    ...rest,
  };
}

const lan = inet("br-home", {
  ip_assign_scheme: "static",
  inet_addr: "192.168.40.1",
  netmask: "255.255.255.0",
  dhcpd: new Map([["start", "192.168.40.10"]]),
});

function view(ports: readonly string[], inetConfigs: readonly IpConfig[]): BridgeView {
  return {
    bridges: [{ _uuid: uuid("B"), name: "br-home", ports: ports.map((name) => uuid(`P-${name}`)) }],
    ports: ports.map((name) => ({ _uuid: uuid(`P-${name}`), name })),
    inetConfigs,
  };
}

const none = {
  ip_assign_scheme: "none",
  inet_addr: null,
  netmask: null,
  gateway: null,
  broadcast: null,
  dns: {},
} as const;

describe("an uplink that becomes a port of the LAN bridge", () => {
  it("gives the bridge its address, and ends the bridge's DHCP server", () => {
    const eth0 = inet("eth0", { ip_assign_scheme: "dhcp", NAT: true });
    const { ports, inet: moved } = planJoin(view(["br-home"], [eth0, lan]), "br-home", "eth0", "uplink");
    assert.deepEqual(ports, [{ bridge: "B", ifName: "eth0", remove: null }]);
    assert.deepEqual(moved, [
      {
        ifName: "br-home",
        columns: { ...none, ip_assign_scheme: "dhcp", dns: new Map(), network: true, NAT: false, dhcpd: {} },
      },
      { ifName: "eth0", columns: { ...none, NAT: false } },
    ]);
  });

  it("leaves the address to the bridge's DHCP client when it comes over Wi-Fi", () => {
    const { inet: moved } = planJoin(view(["br-home"], [lan]), "br-home", "g-bhaul-sta-50", "wifi-uplink");
    assert.deepEqual(moved, [
      { ifName: "br-home", columns: { ...none, ip_assign_scheme: "dhcp", network: true, NAT: false, dhcpd: {} } },
    ]);
  });

  it("changes nothing when it is there already", () => {
    const plan = planJoin(view(["br-home", "eth0"], [inet("eth0"), lan]), "br-home", "eth0", "uplink");
    assert.deepEqual(plan, { ports: [], inet: [], problem: null });
  });

  it("leaves the bridge that it was in before", () => {
    const before = view(["br-home"], []);
    const both: BridgeView = {
      ...before,
      bridges: [...before.bridges, { _uuid: uuid("W"), name: "br-wan", ports: [uuid("P-eth0")] }],
      ports: [...before.ports, { _uuid: uuid("P-eth0"), name: "eth0" }],
    };
    assert.deepEqual(planJoin(both, "br-home", "eth0", "uplink").ports, [
      { bridge: "W", ifName: "eth0", remove: "P-eth0" },
      { bridge: "B", ifName: "eth0", remove: null },
    ]);
  });

  it("waits for a bridge that does not exist, and says so", () => {
    assert.match(planJoin(view([], []), "br-x", "eth0", "uplink").problem ?? "", /eth0: not put into br-x/);
  });

  it("does not touch the bridge's address as a port of the LAN", () => {
    const plan = planJoin(view(["br-home"], [inet("eth1"), lan]), "br-home", "eth1", "lan-port");
    assert.deepEqual(
      plan.inet.map(({ ifName }) => ifName),
      ["eth1"],
    );
  });
});

describe("an uplink that leaves the LAN bridge", () => {
  const inBridge = view(["br-home", "eth0"], [inet("eth0"), inet("br-home", { ip_assign_scheme: "dhcp" })]);

  it("takes its address along, and the bridge has what it had before", () => {
    const { ports, inet: moved } = planLeave(inBridge, "br-home", "eth0", "uplink", lan);
    assert.deepEqual(ports, [{ bridge: "B", ifName: "eth0", remove: "P-eth0" }]);
    assert.equal(moved[0]?.ifName, "eth0");
    assert.deepEqual([moved[0]?.columns.ip_assign_scheme, moved[0]?.columns.NAT], ["dhcp", true]);
    assert.equal(moved[1]?.columns.inet_addr, "192.168.40.1");
    assert.deepEqual(moved[1]?.columns.dhcpd, lan.dhcpd);
  });

  it("leaves the bridge without an address where nobody knows what it had", () => {
    const { inet: moved } = planLeave(inBridge, "br-home", "eth0", "wifi-uplink", null);
    assert.deepEqual(moved, [{ ifName: "br-home", columns: none }]);
  });

  it("that is no port of it changes nothing", () => {
    assert.deepEqual(planLeave(inBridge, "br-home", "eth7", "uplink", null).ports, []);
  });
});
