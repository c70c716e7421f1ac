/** What home files can say beyond nodes, networks and radios; `home.test.ts` has the rest. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHome } from "../home.ts";
import { homeText } from "../test-home.ts";

const mac = "02:00:00:00:00:01";
const lan = { address: "192.168.40.1", dhcp: { start: "192.168.40.100", stop: "192.168.40.200" } };
const freeze = { kind: "freeze" };
const everybody = { kind: "everybody" };
const gateway = { id: "gateway", role: "gateway" };
const still = {
  type: "static",
  address: "203.0.113.2",
  netmask: "255.255.255.0",
  gateway: "203.0.113.1",
  dns: { primary: "203.0.113.53" },
};
const extender = (id: string, parent?: string) => ({ id, role: "extender", ...(parent && { parent }) });

function problemsOf(parts: object, network: object = {}, security: object = {}): string[] {
  try {
    parseHome(homeText(parts, network, security), "x");
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

const keys = (...entries: object[]) => [{}, {}, { mode: "wpa2", keys: entries }] as const;
const key = { id: "key", psk: "the family's key" };
const weekly = (parts: object) => ({
  kind: "weekly",
  timeZone: "UTC",
  windows: [{ days: ["mon"], from: "21:00", to: "07:00" }],
  ...parts,
});
const policy = (parts: object) => ({ policies: [{ id: "p", scope: everybody, action: freeze, ...parts }] });

describe("a document", () => {
  it("may have zones, expiry, devices, policies, forwards, other networks and ways to the Internet", () => {
    const zoned = { ...key, zone: "guest", expires: "2026-08-01T18:00:00Z" };
    const home = {
      nodes: [gateway, extender("attic", "gateway"), extender("roof", "attic")],
      lan,
      bridges: [{ bridge: "br-guest", address: "192.168.41.1" }],
      wan: [still, { type: "pppoe", vlan: 7, username: "u", password: "p" }, { type: "dhcp" }],
      forwards: [{ protocol: "both", port: 443, to: "192.168.41.10" }],
      devices: [{ mac, nickname: "Tablet", profile: "tv", shared: true }],
      ...policy({ schedule: weekly({}) }),
    };
    assert.deepEqual(problemsOf(home, {}, { mode: "wpa2", keys: [zoned] }), []);
  });

  const cases: readonly [title: string, parts: readonly [object, object?, object?], problem: RegExp][] = [
    [
      "a zone that is none",
      keys({ ...key, zone: "family" }),
      /^x: networks\[0\]\.security\.keys\[0\]\.zone: .*use home, guest or/,
    ],
    [
      "an expiry without an offset",
      keys({ ...key, expires: "2026-08-01T18:00:00" }),
      /keys\[0\]\.expires: .*write it as/,
    ],
    [
      "a raw key that SAE would come to use",
      [
        {},
        {},
        {
          keys: [
            { ...key, expires: "2026-08-01T18:00:00Z" },
            { id: "key-1", psk: "a".repeat(64) },
          ],
        },
      ],
      /security\.keys: has a raw key first/,
    ],
    [
      "a device twice",
      [{ devices: [{ mac }, { mac: mac.toUpperCase() }] }],
      /devices\[1\]\.mac: is the same as in devices\[0\]/,
    ],
    [
      "a policy's scope of no known kind",
      [policy({ scope: { kind: "street" } })],
      /policies\[0\]\.scope.*use everybody, zone/,
    ],
    [
      "a policy's action of no known kind",
      [policy({ action: { kind: "ban" } })],
      /policies\[0\]\.action.*use freeze, internet-only/,
    ],
    [
      "a policy about a network there is not",
      [policy({ scope: { kind: "network", ssid: "X" } })],
      /scope\.ssid: .*known: 'Test'/,
    ],
    [
      "two policies of one id",
      [{ policies: [...policy({}).policies, ...policy({}).policies] }],
      /policies\[1\]\.id: is the same/,
    ],
    [
      "a time zone that is none",
      [policy({ schedule: weekly({ timeZone: "Mars/X" }) })],
      /schedule\.timeZone: is not a time zone/,
    ],
    [
      "a time of day that is none",
      [policy({ schedule: weekly({ windows: [{ days: ["mon"], from: "24:00", to: "7:00" }] }) })],
      /windows\[0\]\.from: is no time of day/,
    ],
    [
      "a port that is none",
      [{ forwards: [{ protocol: "tcp", port: 0, to: "10.0.0.1" }] }],
      /forwards\[0\]\.port: is no port/,
    ],
    [
      "a port forwarded twice",
      [
        {
          forwards: [
            { protocol: "both", port: 443, to: "10.0.0.1" },
            { protocol: "udp", port: 443, to: "10.0.0.2" },
          ],
        },
      ],
      /forwards\[1\]\.port: udp of this port is forwarded by forwards\[0\] already/,
    ],
    [
      "a forward that leads out of the home",
      [{ lan, forwards: [{ protocol: "tcp", port: 443, to: "192.168.41.2" }] }],
      /forwards\[0\]\.to: is in no local network of the home \(192\.168\.40\.1/,
    ],
    [
      "a DHCP range outside of the LAN",
      [{ lan: { ...lan, dhcp: { start: "192.168.40.100", stop: "192.168.41.200" } } }],
      /lan\.dhcp\.stop: is not in the LAN of 192\.168\.40\.1/,
    ],
    [
      "a DHCP range that goes backwards",
      [{ lan: { ...lan, dhcp: { start: "192.168.40.200", stop: "192.168.40.100" } } }],
      /lan\.dhcp\.start: is behind 'stop'/,
    ],
    [
      "a reservation of the gateway's own address",
      [{ lan: { ...lan, dhcp: { ...lan.dhcp, reservations: [{ mac, address: lan.address }] } } }],
      /lan\.dhcp\.reservations\[0\]\.address: is the gateway's own/,
    ],
    [
      "two nodes of one serial number",
      [
        {
          nodes: [
            { ...gateway, serialNumber: "SN-1" },
            { ...extender("a"), serialNumber: "SN-1" },
          ],
        },
      ],
      /nodes\[1\]\.serialNumber: is the same as in nodes\[0\]/,
    ],
    ["a netmask with holes", [{ lan: { ...lan, netmask: "255.0.255.0" } }], /lan\.netmask: is not a netmask/],
    [
      "a gateway with its subnet's own address",
      [{ lan: { address: "10.0.0.0" } }],
      /lan\.address: is the address of a whole network/,
    ],
    [
      "two local networks with common addresses",
      [{ lan, bridges: [{ bridge: "br-guest", address: "192.168.0.1", netmask: "255.255.0.0" }] }],
      /bridges\[0\]\.address: shares addresses with lan \(192\.168\.40\.1/,
    ],
    [
      "two local networks on one bridge",
      [{ lan, bridges: [{ address: "10.0.0.1" }] }],
      /bridges\[0\]\.bridge: is that of lan/,
    ],
    [
      "a LAN where extenders have their addresses",
      [{ lan: { address: "169.254.2.1" }, backhaul: { ssid: "B", psk: "between the nodes" } }],
      /lan\.address: shares addresses with the backhaul/,
    ],
    [
      "a provider's subnet that is the LAN",
      [{ lan, wan: [{ ...still, address: "192.168.40.7", gateway: "192.168.40.2" }] }],
      /wan\[0\]\.address: shares addresses with lan/,
    ],
    [
      "a provider's router elsewhere",
      [{ wan: [{ ...still, gateway: "203.0.114.1" }] }],
      /wan\[0\]\.gateway: is no other address/,
    ],
    ["a VLAN that is none", [{ wan: [{ type: "dhcp", vlan: 4095 }] }], /wan\[0\]\.vlan: is no VLAN/],
    ["a way to the Internet of no known type", [{ wan: [{ type: "pigeon" }] }], /wan\[0\].*use dhcp, pppoe or static/],
    ["a parent that is no node", [{ nodes: [gateway, extender("a", "b")] }], /nodes\[1\]\.parent: .*known: gateway, a/],
    [
      "a gateway with a parent",
      [{ nodes: [{ ...gateway, parent: "gateway" }] }],
      /nodes\[0\]\.parent: is for extenders/,
    ],
    [
      "extenders in a circle",
      [{ nodes: [gateway, extender("a", "b"), extender("b", "c"), extender("c", "b")] }],
      /nodes\[2\]\.parent: goes round in a circle \(b -> c -> b\)/,
    ],
  ];
  for (const [title, parts, problem] of cases) {
    it(`is told of ${title}`, () => assert.match(problemsOf(...parts).join("\n"), problem));
  }

  it("never repeats the provider's password", () => {
    const password = "between us\u0007and the provider";
    const problems = problemsOf({ wan: [{ type: "pppoe", username: "u", password }] });
    assert.match(problems.join(), /wan\[0\]\.password: is not usable/);
    assert.ok(!problems.join().includes("between us"));
  });
});
