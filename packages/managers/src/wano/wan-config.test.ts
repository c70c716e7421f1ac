import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { wanConfigs } from "./limits.ts";
import { type Attempt, planOf, type WanConfigRow } from "./wan-config.ts";

interface Given {
  readonly type: WanConfigRow["type"];
  readonly priority?: number;
  readonly enable?: boolean;
  readonly other?: { readonly [key: string]: string };
}

const address = { ip: "192.0.2.7", subnet: "255.255.255.0", gateway: "192.0.2.1", primary_dns: "192.0.2.53" };

function plan(...given: readonly Given[]) {
  return planOf(
    given.map(({ type, priority = -1, enable = true, other = {} }, index) => ({
      _uuid: `row${index}` as Uuid,
      type,
      priority,
      enable,
      other_config: new Map(Object.entries(other)),
    })),
  );
}

const names = (attempts: readonly Attempt[]) => attempts.map(({ plugin }) => plugin.name);

function problem(given: Given): string | undefined {
  return plan(given).invalid.get("row0" as Uuid);
}

describe("WAN_Config", () => {
  it("empty: DHCP", () => {
    assert.deepEqual(plan().attempts, [{ plugin: { name: "dhcpv4" }, row: null }]);
  });

  it("is tried from the highest priority down, and DHCP at last", () => {
    const { attempts } = plan(
      { type: "static_ipv4", priority: 1, other: address },
      { type: "vlan", priority: 5, other: { vlan_id: "100" } },
    );
    assert.deepEqual(names(attempts), ["vlan", "static_ipv4", "dhcpv4"]);
    assert.deepEqual(
      attempts.map(({ row }) => row),
      ["row1", "row0", null],
    );
  });

  it("of equal priority: VLAN, then a static address, then DHCP; the last group's own DHCP row stands for DHCP at last", () => {
    const { attempts } = plan(
      { type: "dhcp" },
      { type: "static_ipv4", other: address },
      { type: "vlan", other: { vlan_id: "7" } },
    );
    assert.deepEqual(
      attempts.map(({ row }) => row),
      ["row2", "row1", "row0"],
    );
  });

  it("tries on a VLAN what has its priority, and DHCP in any case", () => {
    const [first] = plan(
      { type: "vlan", priority: 5, other: { vlan_id: "100" } },
      { type: "static_ipv4", priority: 5, other: address },
    ).attempts;
    assert.ok(first?.plugin.name === "vlan");
    assert.deepEqual([first.plugin.id, names(first.plugin.attempts)], [100, ["static_ipv4", "dhcpv4"]]);
  });

  it("that is not enabled is not tried", () => {
    assert.deepEqual(names(plan({ type: "static_ipv4", enable: false, other: address }).attempts), ["dhcpv4"]);
  });

  it("reads a static address with one or two name servers", () => {
    const [one] = plan({ type: "static_ipv4", other: address }).attempts;
    assert.deepEqual(one?.plugin, {
      name: "static_ipv4",
      address: "192.0.2.7",
      netmask: "255.255.255.0",
      gateway: "192.0.2.1",
      dns: ["192.0.2.53"],
    });
    const [two] = plan({ type: "static_ipv4", other: { ...address, secondary_dns: "192.0.2.54" } }).attempts;
    assert.ok(two?.plugin.name === "static_ipv4");
    assert.deepEqual(two.plugin.dns, ["192.0.2.53", "192.0.2.54"]);
  });

  const bad: readonly (readonly [string, Given, RegExp])[] = [
    ["nothing of a static address", { type: "static_ipv4" }, /ip, subnet, gateway, primary_dns missing/],
    [
      "an address that is none",
      { type: "static_ipv4", other: { ...address, ip: "192.0.2.300" } },
      /ip "192.0.2.300" is no IPv4/,
    ],
    [
      "the address of the network",
      { type: "static_ipv4", other: { ...address, ip: "192.0.2.0" } },
      /ip .* no address for a device/,
    ],
    [
      "a netmask with holes",
      { type: "static_ipv4", other: { ...address, subnet: "255.0.255.0" } },
      /subnet .* no netmask/,
    ],
    [
      "a gateway outside",
      { type: "static_ipv4", other: { ...address, gateway: "198.51.100.1" } },
      /gateway .* subnet of ip/,
    ],
    ["a gateway that is the device", { type: "static_ipv4", other: { ...address, gateway: "192.0.2.7" } }, /gateway/],
    [
      "a name server that is none",
      { type: "static_ipv4", other: { ...address, secondary_dns: "dns" } },
      /secondary_dns/,
    ],
    ["no VLAN", { type: "vlan" }, /vlan_id must be 1 to 4094/],
    ["a VLAN beyond", { type: "vlan", other: { vlan_id: "4095" } }, /vlan_id/],
    ["PPPoE", { type: "pppoe", other: { username: "u", password: "secret" } }, /does no PPPoE/],
    ["no type", { type: "" }, /type is not set/],
  ];
  for (const [what, given, expected] of bad) {
    it(`with ${what} is refused with the reason, and DHCP is tried`, () => {
      assert.match(problem(given) ?? "", expected);
      assert.doesNotMatch(problem(given) ?? "", /secret/);
      assert.deepEqual(names(plan(given).attempts), ["dhcpv4"]);
    });
  }

  it("of more rows than are tried names the rest", () => {
    const many = plan(
      ...Array.from({ length: wanConfigs + 2 }, (): Given => ({ type: "static_ipv4", other: address })),
    );
    assert.deepEqual([many.attempts.length, many.invalid.size], [wanConfigs + 1, 2]);
  });
});
