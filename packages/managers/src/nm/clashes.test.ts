import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { InterfaceConfig } from "@opensync-ts/target/network";
import { parseIpv4, parseNetmask } from "./addresses.ts";
import { missingParents, type NamedSubnet, overlaps } from "./clashes.ts";

function subnet(name: string, address: string, netmask: string, stated = true): NamedSubnet {
  return { name, address: parseIpv4(address) ?? 0, netmask: parseNetmask(netmask) ?? 0, stated };
}

const mask24 = "255.255.255.0";
const wan = subnet("eth0", "10.0.0.7", mask24, false);

describe("networks of several interfaces", () => {
  const cases: readonly (readonly [what: string, subnets: readonly NamedSubnet[], said: readonly RegExp[]])[] = [
    ["of their own", [wan, subnet("br-home", "192.168.40.1", mask24)], []],
    [
      "the LAN's also that of the uplink",
      [wan, subnet("br-home", "10.0.0.1", mask24)],
      [/"br-home": its network 10\.0\.0\.0\/24 is also that of eth0 \(10\.0\.0\.0\/24\)/],
    ],
    ["the LAN has the uplink's own address", [wan, subnet("br-home", "10.0.0.7", mask24)], [/"br-home".*eth0/]],
    [
      "a wide one around another",
      [subnet("br-home", "10.9.0.1", "255.0.0.0"), wan],
      [/10\.0\.0\.0\/8 is also that of eth0 \(10\.0\.0\.0\/24\)/],
    ],
    [
      "everything",
      [subnet("br-home", "10.9.0.1", "255.255.255.254"), subnet("br-wan", "10.9.0.0", "255.255.255.255")],
      [/"br-home": its network 10\.9\.0\.0\/31 is also that of br-wan \(10\.9\.0\.0\/32\)/],
    ],
    ["two that came by DHCP", [wan, { ...wan, name: "eth1" }], []],
    ["two that are stated: once", [subnet("b", "10.0.0.1", mask24), subnet("a", "10.0.0.2", mask24)], [/"a".*of b/]],
  ];
  for (const [what, subnets, said] of cases) {
    it(`${what}: ${said.length > 0 ? "said" : "nothing to say"}`, () => {
      for (const order of [subnets, subnets.toReversed()]) {
        const problems = overlaps(order);
        assert.equal(problems.length, said.length, problems.join());
        for (const [index, pattern] of said.entries()) assert.match(problems[index] ?? "", pattern);
      }
    });
  }
});

describe("what an interface is made on", () => {
  const base: InterfaceConfig = {
    type: "vlan",
    enabled: true,
    network: true,
    ipv4: { scheme: "none" },
    nat: false,
    dns: [],
    dhcpServer: null,
  };

  it("is missing where it neither is there nor configured", () => {
    const configs = [
      ["eth0.7", { ...base, vlan: { parent: "eth0", id: 7 } }],
      ["eth9.7", { ...base, vlan: { parent: "eth9", id: 7 } }],
      ["br-home", { ...base, type: "bridge" }],
    ] as const;
    assert.deepEqual(missingParents(configs, new Set(["eth0"])), [
      'Wifi_Inet_Config "eth9.7": parent_ifname "eth9": there is no such interface: waits for it',
    ]);
  });
});
