import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { type InetConfig, translate } from "./inet-config.ts";
import { defaultDhcpRequest } from "./limits.ts";

const eth0 = {
  _uuid: "row" as Uuid,
  if_name: "eth0",
  if_type: "eth",
  enabled: true,
  network: true,
  NAT: null,
  ip_assign_scheme: null,
  inet_addr: null,
  netmask: null,
  gateway: null,
  broadcast: null,
  gre_ifname: null,
  gre_local_inet_addr: null,
  gre_remote_inet_addr: null,
  mtu: null,
  dns: new Map(),
  dhcpd: new Map(),
  dhcp_req: [],
  vlan_id: null,
  parent_ifname: null,
} as unknown as InetConfig;

function row(change: Partial<InetConfig>): InetConfig {
  return { ...eth0, ...change };
}

const home = { ip_assign_scheme: "static", inet_addr: "192.168.40.1", netmask: "255.255.255.0" } as const;
const vlan = { if_name: "eth0.7", if_type: "vlan", vlan_id: 7, parent_ifname: "eth0" } as const;
const gre = {
  if_name: "pgd0-1",
  if_type: "gre",
  gre_ifname: "bhaul-ap-24",
  gre_local_inet_addr: "169.254.1.1",
  gre_remote_inet_addr: "169.254.1.7",
} as const;

describe("Wifi_Inet_Config", () => {
  it("with nothing but a name and a type: everything off", () => {
    assert.deepEqual(translate(row({})), {
      kind: "managed",
      config: {
        type: "eth",
        enabled: true,
        network: true,
        ipv4: { scheme: "none" },
        nat: false,
        dns: [],
        dhcpServer: null,
      },
      problems: [],
    });
  });

  it("with a static address: the broadcast address follows from it", () => {
    const { config } = translate(row({ ...home, gateway: "192.168.40.254", NAT: true, mtu: 1400 }));
    assert.deepEqual(config?.ipv4, {
      scheme: "static",
      address: "192.168.40.1",
      netmask: "255.255.255.0",
      broadcast: "192.168.40.255",
      gateway: "192.168.40.254",
    });
    assert.deepEqual([config?.nat, config?.mtu], [true, 1400]);
  });

  it("with DHCP: asks for what it says, or for what deployed devices ask for", () => {
    const options = (dhcp_req: number[]) => translate(row({ ip_assign_scheme: "dhcp", dhcp_req })).config?.ipv4;
    assert.deepEqual(options([6, 1]), { scheme: "dhcp", options: [1, 6] });
    assert.deepEqual(options([]), { scheme: "dhcp", options: defaultDhcpRequest });
  });

  it("with name servers: the primary one first, 0.0.0.0 is none", () => {
    const dns = (entries: { readonly [key: string]: string }) =>
      translate(row({ dns: new Map(Object.entries(entries)) })).config?.dns;
    assert.deepEqual(dns({ secondary: "9.9.9.9", primary: "1.1.1.1" }), ["1.1.1.1", "9.9.9.9"]);
    assert.deepEqual(dns({ primary: "0.0.0.0", secondary: "9.9.9.9" }), ["9.9.9.9"]);
  });

  it("of a VLAN and a tunnel: what they stand on", () => {
    assert.deepEqual(translate(row(vlan)).config?.vlan, { parent: "eth0", id: 7 });
    assert.deepEqual(translate(row(gre)).config?.gre, {
      parent: "bhaul-ap-24",
      local: "169.254.1.1",
      remote: "169.254.1.7",
    });
  });

  it("of what is somebody else's is only shown", () => {
    for (const if_type of ["unmanaged", "tunnel"] as const) assert.equal(translate(row({ if_type })).kind, "shown");
  });

  const refused: readonly (readonly [string, Partial<InetConfig>, RegExp])[] = [
    ["no type", { if_type: "" }, /if_type is not set/],
    ...(["tap", "pppoe", "lte", "gre6", "softwds"] as const).map(
      (if_type) => [`the type ${if_type}`, { if_type }, new RegExp(`no interfaces of type ${if_type}`)] as const,
    ),
    ["no name", { if_name: "" }, /if_name must be/],
    ["a name of 16 characters", { if_name: "a-name-too-long-" }, /if_name must be/],
    ["a name that is a path", { if_name: "../etc" }, /if_name must be/],
    ["a name with control characters", { if_name: "eth\u001b[2J" }, /if_name must be/],
    ["no VLAN", { ...vlan, vlan_id: null }, /vlan_id must be/],
    ["VLAN 0", { ...vlan, vlan_id: 0 }, /vlan_id must be/],
    ["a VLAN without parent", { ...vlan, parent_ifname: null }, /parent_ifname is not set/],
    ["a VLAN on itself", { ...vlan, parent_ifname: "eth0.7" }, /the interface itself/],
    ["a tunnel without parent", { ...gre, gre_ifname: null }, /gre_ifname is not set/],
    ["a tunnel on itself", { ...gre, gre_ifname: "pgd0-1" }, /the interface itself/],
    [
      "a tunnel to itself",
      { ...gre, gre_local_inet_addr: "169.254.2.2", gre_remote_inet_addr: "169.254.2.2" },
      /would lead to itself/,
    ],
    ["a tunnel without an end", { ...gre, gre_remote_inet_addr: null }, /gre_remote_inet_addr is not set/],
    ["a tunnel from what is no address", { ...gre, gre_local_inet_addr: "x" }, /gre_local_inet_addr "x" is no IPv4/],
  ];
  for (const [what, change, expected] of refused) {
    it(`with ${what} is ignored, and the reason is told`, () => {
      const { kind, config, problems } = translate(row(change));
      assert.deepEqual([kind, config, problems.length], ["refused", null, 1]);
      assert.match(problems.join(), expected);
    });
  }

  const mended: readonly (readonly [string, Partial<InetConfig>, RegExp])[] = [
    [
      "an address that is none",
      { ...home, inet_addr: "192.168.40" },
      /inet_addr "192.168.40" is no IPv4.*no usable inet_addr/,
    ],
    ["no address", { ...home, inet_addr: null }, /no usable inet_addr/],
    ["a netmask that is none", { ...home, netmask: "255.255.0.255" }, /no usable netmask/],
    ["a gateway that is none", { ...home, gateway: "gw" }, /gateway "gw" is no IPv4 address: taken as unset/],
    ["a broadcast address that is none", { ...home, broadcast: "x" }, /broadcast "x"/],
    ["a name server that is none", { dns: new Map([["primary", "dns.example"]]) }, /dns primary "dns.example"/],
    ["an mtu that is none", { mtu: 67 }, /mtu 67 is not 68 to 65535/],
    [
      "a DHCP server of another subnet",
      {
        ...home,
        dhcpd: new Map([
          ["start", "10.0.0.2"],
          ["stop", "10.0.0.3"],
        ]),
      },
      /no DHCP server/,
    ],
    ["a long word", { ...home, gateway: "x".repeat(9_999) }, /gateway "x{64}…"/],
  ];
  for (const [what, change, expected] of mended) {
    it(`with ${what} goes without it, and the reason is told`, () => {
      const { kind, problems } = translate(row(change));
      assert.equal(kind, "managed");
      assert.match(problems.join(), expected);
      assert.ok(problems.every((problem) => problem.startsWith('Wifi_Inet_Config "eth0": ') && problem.length < 300));
    });
  }
});
