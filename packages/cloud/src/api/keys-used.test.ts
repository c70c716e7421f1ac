import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/ovsdb/datum";
import { homeSchema } from "../home.ts";
import type { TableReader } from "../rows.ts";
import { aDocument } from "../testing/locations.ts";
import { keysUsed, usedKey } from "./keys-used.ts";

const phone = mac("02:00:00:00:01:02");
const guest = mac("02:00:00:00:01:03");
const old = mac("02:00:00:00:01:04");

/** A node with one access point, and who is on it by which key. */
function node(clients: Readonly<Record<string, string>>): TableReader {
  const entries = Object.entries(clients);
  const tables: Readonly<Record<string, readonly (readonly [string, Row])[]>> = {
    Wifi_Radio_State: [
      ["r", { if_name: "wifi0", freq_band: "2.4G", channel: 6, ht_mode: "HT20", hw_mode: "11ax" } as unknown as Row],
    ],
    Wifi_VIF_State: [
      [
        "v",
        {
          ...{ if_name: "home-ap-24", mode: "ap", enabled: true, ssid: "Home", mac: "02:00:00:00:99:24", channel: 6 },
          associated_clients: entries.map(([address]) => address),
        } as unknown as Row,
      ],
    ],
    Wifi_Associated_Clients: entries.map(([address, key]) => [
      address,
      { mac: address, key_id: key } as unknown as Row,
    ]),
  };
  return ((table: string) => new Map(tables[table] ?? [])) as unknown as TableReader;
}

describe("the key that a client joined with", () => {
  it("is what the node says that it is on, in that network; where it says nothing it is not known", () => {
    const keyOf = keysUsed([
      ["gateway", node({ [phone]: "key", [guest]: "key-1", [old]: "" })],
      ["extender", node({})],
    ]);
    const cases = [
      [phone, "gateway", "Home", "key"],
      [guest, "gateway", "Home", "key-1"],
      [guest, "gateway", null, "key-1"],
      [guest, "gateway", "Other", null],
      [guest, "extender", "Home", null],
      [old, "gateway", "Home", null],
    ] as const;
    for (const [client, at, ssid, expected] of cases)
      assert.equal(keyOf(client, at, ssid), expected, `${client} ${at} ${ssid}`);
  });

  it("has the name and the zone that the document gives it; one without opens the home, one that is gone is not known to", () => {
    const document = homeSchema.parse(aDocument());
    const [network] = document.networks;
    assert.ok(network);
    const keys = [
      { id: "key", psk: "the family's key" },
      { id: "key-1", psk: "for our guests", label: "Guests", zone: "guest" as const },
    ];
    const home = { ...document, networks: [{ ...network, security: { ...network.security, keys } }] };
    const { ssid } = network;
    const guests = { key: "key-1", label: "Guests", zone: "guest" };
    assert.deepEqual(usedKey(home, ssid, "key"), {
      key: "key",
      label: null,
      zone: "home",
      isolated: false,
      hold: null,
    });
    assert.deepEqual(usedKey(home, ssid, "key-1"), { ...guests, isolated: false, hold: null });
    const apart = { ...home, networks: home.networks.map((each) => ({ ...each, isolate: true })) };
    assert.deepEqual(usedKey(apart, ssid, "key-1"), { ...guests, isolated: true, hold: null });
    assert.deepEqual(usedKey(home, ssid, "key-2"), {
      key: "key-2",
      label: null,
      zone: null,
      isolated: false,
      hold: null,
    });
    assert.deepEqual(usedKey(undefined, ssid, "key"), {
      key: "key",
      label: null,
      zone: null,
      isolated: null,
      hold: null,
    });
    assert.equal(usedKey(home, ssid, null), null);
  });

  it("is held to its zone as its node, and where that leaves it to others the gateway, say", () => {
    const document = homeSchema.parse(aDocument());
    const [network] = document.networks;
    assert.ok(network);
    const keys = [
      { id: "key", psk: "the family's key" },
      { id: "key-1", psk: "for our guests", zone: "guest" as const },
    ];
    const home = { ...document, networks: [{ ...network, security: { ...network.security, keys } }] };
    const tables = (rules: Readonly<Record<string, string>>, told: readonly string[] = []): TableReader => {
      const rows: Readonly<Record<string, readonly unknown[]>> = {
        Netfilter: Object.entries(rules).map(([name, status]) => ({
          name: `zone.guest.${name}`,
          enable: true,
          status,
        })),
        Openflow_Tag: [{ name: "zone-guest", cloud_value: told }],
      };
      return ((table: string) => new Map((rows[table] ?? []).entries())) as unknown as TableReader;
    };
    const hold = (node: TableReader | undefined, gateway: TableReader | null | undefined, key = "key-1") =>
      usedKey(home, network.ssid, key, { mac: guest, node, gateway })?.hold;
    const bridged = tables({ bridged: "enabled" });
    assert.equal(hold(bridged, null), "whole");
    assert.equal(hold(tables({ bridged: "enabled", router: "enabled" }), tables({})), "whole");
    assert.equal(hold(tables({ bridged: "enabled", router: "error" }), tables({}, [guest])), "cables");
    assert.equal(hold(bridged, tables({}, [phone])), "late");
    assert.equal(hold(bridged, undefined), "late");
    assert.equal(hold(tables({ bridged: "error" }), null), "none");
    assert.equal(hold(tables({}), tables({})), "none");
    assert.equal(hold(undefined, null), null, "its node is not connected");
    assert.equal(hold(tables({}), null, "key"), null, "nothing restricts it");
  });
});
