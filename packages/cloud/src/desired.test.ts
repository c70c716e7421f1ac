import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { desiredState } from "./desired.ts";
import { type HomeNode, parseHome } from "./home.ts";
import { mirrored } from "./mirror.ts";
import { type NodeFacts, nodeFacts } from "./node-facts.ts";
import type { FrequencyBand } from "./radio-bands.ts";
import type { ConfigTable, DesiredRow, StateTable } from "./rows.ts";

/** Of a node that has said nothing yet. */
const nothing = nodeFacts(() => new Map());

const triBand: NodeFacts = facts("2.4G", "5G", "6G");
const twoKeys = [
  { id: "key-1", psk: "the guests' key" },
  { id: "key", psk: "the family's key" },
];

function facts(...bands: FrequencyBand[]): NodeFacts {
  return {
    ...nothing,
    radios: bands.map((band, index) => ({
      ...{ ifName: `wifi${index}`, band, configured: true },
      ...{ allowedChannels: [], barred: [], chains: null },
    })),
    self: { key: { id: "gateway" }, model: null, mqttSettings: new Map() },
  };
}

function desired(parts: object, node: Partial<HomeNode> = {}, of = triBand) {
  const self = { id: "gateway", role: "gateway", ...node };
  const home = parseHome(JSON.stringify({ name: "Home", nodes: [self], ...parts }), "home.json");
  return desiredState(home, home.nodes[0] as HomeNode, of);
}

function network(parts: object = {}, mode = "wpa2-wpa3", keys = twoKeys): object {
  return { networks: [{ ssid: "Home", security: { mode, keys }, ...parts }] };
}

function rowOf(rows: readonly DesiredRow[], table: ConfigTable, ifName: string): DesiredRow {
  const row = rows.find((entry) => entry.table === table && entry.key.if_name === ifName);
  assert.ok(row, `${table} ${ifName} is desired`);
  return row;
}

describe("what a home wants of a node", () => {
  it("is an access point, its interface and its radio's reference on each band", () => {
    const { rows } = desired(network());
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["24", "50", "60"].flatMap((suffix, index) => [
        `Wifi_VIF_Config home-ap-${suffix}`,
        `Wifi_Inet_Config home-ap-${suffix}`,
        `Wifi_Radio_Config wifi${index}`,
      ]),
    );
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi1").references?.to, ["Wifi_VIF_Config home-ap-50"]);
  });

  it("states of an access point what clients see and what secures it", () => {
    const row = rowOf(desired(network()).rows, "Wifi_VIF_Config", "home-ap-24");
    assert.deepEqual(row.columns, {
      enabled: true,
      mode: "ap",
      bridge: "br-home",
      ssid: "Home",
      ssid_broadcast: "enabled",
      ap_bridge: true,
      rrm: 1,
      btm: 1,
      wpa: true,
      wpa_pairwise_tkip: false,
      wpa_pairwise_ccmp: false,
      rsn_pairwise_tkip: false,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["sae", "wpa-psk"],
      pmf: "optional",
      wpa_psks: new Map([
        ["key-1", "the guests' key"],
        ["key", "the family's key"],
      ]),
    });
  });

  it("is SAE with required frame protection and the one key it can use on 6 GHz", () => {
    const { columns } = rowOf(desired(network()).rows, "Wifi_VIF_Config", "home-ap-60");
    assert.deepEqual(
      [columns.wpa_key_mgmt, columns.pmf, columns.wpa_psks],
      [["sae"], "required", new Map([["key", "the family's key"]])],
    );
  });

  it("is nothing on 6 GHz for a WPA2 network", () => {
    const { rows } = desired(network({}, "wpa2"));
    assert.ok(!rows.some(({ key }) => key.if_name === "home-ap-60"));
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi2").references?.to, []);
    assert.deepEqual(rowOf(rows, "Wifi_VIF_Config", "home-ap-24").columns.wpa_key_mgmt, ["wpa-psk"]);
  });

  it("names the access points of a split 5 GHz band apart, and of a half alone as usual", () => {
    const names = (...bands: FrequencyBand[]) =>
      desired(network(), {}, facts(...bands))
        .rows.filter(({ table }) => table === "Wifi_VIF_Config")
        .map(({ key }) => key.if_name);
    assert.deepEqual(names("2.4G", "5GL", "5GU"), ["home-ap-24", "home-ap-l50", "home-ap-u50"]);
    assert.deepEqual(names("2.4G", "5GU"), ["home-ap-24", "home-ap-50"]);
    assert.deepEqual(names("5G", "5G"), ["home-ap-50"], "a second radio of a band carries no home");
  });

  it("hides, isolates and filters where told, and has no opinion on filters otherwise", () => {
    const acl = { policy: "deny", macs: ["AA:00:00:00:00:02", "aa:00:00:00:00:01", "aa:00:00:00:00:02"] };
    const { columns } = rowOf(
      desired(network({ hidden: true, isolate: true, acl })).rows,
      "Wifi_VIF_Config",
      "home-ap-24",
    );
    assert.deepEqual(
      [columns.ssid_broadcast, columns.ap_bridge, columns.mac_list_type, columns.mac_list],
      ["disabled", false, "blacklist", ["aa:00:00:00:00:01", "aa:00:00:00:00:02"]],
    );
    assert.ok(!("mac_list" in rowOf(desired(network()).rows, "Wifi_VIF_Config", "home-ap-24").columns));
  });

  it("leaves a radio alone where the home has no opinion", () => {
    assert.deepEqual(rowOf(desired(network()).rows, "Wifi_Radio_Config", "wifi0").columns, {});
  });

  it("takes the nearest opinion about a radio", () => {
    const radios = [
      { band: "5G", power: 20 },
      { band: "5G", node: "gateway", channel: 44, width: 80 },
      { band: "2.4G", node: "attic", channel: 11, width: 20 },
    ];
    const home = {
      radios,
      nodes: [
        { id: "gateway", role: "gateway" },
        { id: "attic", role: "extender" },
      ],
    };
    const { rows } = desired(home);
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi1").columns, { channel: 44, ht_mode: "HT80" });
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi0").columns, {});
  });

  it("sends a channel of 5 GHz to the half that has it", () => {
    const { rows } = desired({ radios: [{ band: "5G", channel: 100, width: 40 }] }, {}, facts("5GL", "5GU"));
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi0").columns, {});
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi1").columns, { channel: 100, ht_mode: "HT40" });
  });

  it("does not ask for a channel that the node says it cannot use, and tells why", () => {
    const [radio] = facts("2.4G").radios;
    assert.ok(radio);
    const { rows, refusals } = desired(
      { radios: [{ band: "2.4G", channel: 13, width: 20, power: 10 }] },
      {},
      { ...facts(), radios: [{ ...radio, allowedChannels: [1, 6, 11] }] },
    );
    assert.deepEqual(rowOf(rows, "Wifi_Radio_Config", "wifi0").columns, { tx_power: 10 });
    assert.deepEqual(refusals, [
      {
        id: "Wifi_Radio_Config wifi0",
        stated: "radios[0]",
        reason: "channel 13 is not among those that wifi0 allows (1, 6, 11)",
      },
    ]);
  });

  it("is a LAN of the gateway only, and of its DHCP options those it states", () => {
    const lan = { address: "192.168.40.1", dhcp: { start: "192.168.40.2", stop: "192.168.40.254" } };
    const row = rowOf(desired({ lan }).rows, "Wifi_Inet_Config", "br-home");
    assert.deepEqual([row.columns.inet_addr, row.columns.ip_assign_scheme], ["192.168.40.1", "static"]);
    assert.deepEqual(
      [...(row.entries.dhcpd ?? [])],
      [
        ["start", "192.168.40.2"],
        ["stop", "192.168.40.254"],
        ["lease_time", "12h"],
      ],
    );
    assert.deepEqual(
      desired({ lan }, { role: "extender" }).rows.filter(({ stated }) => stated === "lan"),
      [],
    );
  });
});

describe("a LAN without DHCP in the home", () => {
  const at = (address: string, dhcp?: object) => ({ lan: { address, ...(dhcp && { dhcp }) } });
  const range = { start: "192.168.40.2", stop: "192.168.40.254" };
  const having: NodeFacts = { ...triBand, dhcpRanges: new Map([["br-home", range]]) };
  const lanOf = (parts: object, of = having) => {
    const { rows, refusals } = desired(parts, {}, of);
    return [rows.some(({ stated }) => stated === "lan"), refusals.map(({ reason }) => reason)] as const;
  };

  it("leaves the node its range where that fits, or there is none", () => {
    assert.deepEqual(lanOf(at("192.168.40.1")), [true, []]);
    assert.deepEqual(lanOf(at("10.0.5.1"), triBand), [true, []]);
    assert.deepEqual(lanOf(at("10.0.5.1", { start: "10.0.5.2", stop: "10.0.5.9" })), [true, []]);
  });

  it("is refused where the node's range would stay behind in the LAN of before", () => {
    const [stated, [reason = ""]] = lanOf(at("10.0.5.1"));
    assert.equal(stated, false);
    assert.match(reason, /hands out 192\.168\.40\.2 to 192\.168\.40\.254, .*state 'dhcp' in 'lan'/);
  });

  it("sees the range of the node's row", () => {
    const dhcpd = new Map(Object.entries({ ...range, lease_time: "12h" }));
    const rows = [
      { if_name: "br-home", dhcpd },
      { if_name: "br-x", dhcpd: new Map() },
    ].entries();
    const table = new Map([...rows].map(([index, row]) => [`row-${index}` as Uuid, row as unknown as Row]));
    const found = nodeFacts((name) => (name === "Wifi_Inet_Config" ? table : new Map()));
    assert.deepEqual([...found.dhcpRanges], [["br-home", range]]);
  });
});

describe("the mirror", () => {
  it("shows every column that a home can hold", () => {
    const { rows } = desired({
      ...network({ acl: { policy: "deny" } }),
      radios: [{ band: "5G", enabled: true, channel: 36, width: 80, power: 20, chains: 2 }],
      lan: { address: "192.168.40.1", dhcp: { start: "192.168.40.2", stop: "192.168.40.9" } },
    });
    for (const { table, columns, entries, references, key } of rows) {
      const shown: readonly string[] = mirrored[table].columns;
      const held = [columns, entries, key].flatMap((part) => Object.keys(part));
      for (const column of [...held, ...(references ? [references.column] : [])]) {
        assert.ok(shown.includes(column), `${table}.${column}`);
      }
    }
  });
});

describe("what a node has", () => {
  const reader = (tables: Partial<Record<ConfigTable | StateTable, object[]>>) => (table: ConfigTable | StateTable) =>
    new Map((tables[table] ?? []).map((row, index) => [`${table}${index}` as Uuid, row as Row]));

  it("is told by its radios' Config rows, and by State rows where there are none", () => {
    const found = nodeFacts(
      reader({
        Wifi_Radio_Config: [
          { if_name: "wifi1", freq_band: "5GL", tx_chainmask: 3 },
          { if_name: "", freq_band: "5G" },
        ],
        Wifi_Radio_State: [
          {
            ...{ if_name: "wifi1", freq_band: "5G", allowed_channels: [36, 52], tx_chainmask: 3 },
            channels: new Map([
              ["36", '{"state": "allowed"}'],
              ["52", '{"state": "nop_started"}'],
            ]),
          },
          { if_name: "wifi0", freq_band: "2.4G", allowed_channels: [], tx_chainmask: 7 },
        ],
      }),
    );
    assert.deepEqual(found.radios, [
      {
        ...{ ifName: "wifi0", band: "2.4G", configured: false },
        ...{ allowedChannels: [], barred: [], chains: { mask: 7, isAll: true } },
      },
      {
        ...{ ifName: "wifi1", band: "5GL", configured: true },
        ...{ allowedChannels: [36, 52], barred: [52], chains: { mask: 3, isAll: false } },
      },
    ]);
  });

  it("believes the radio where its Config row names another band", () => {
    const [radio] = nodeFacts(
      reader({
        Wifi_Radio_Config: [{ if_name: "wifi0", freq_band: "5G" }],
        Wifi_Radio_State: [{ if_name: "wifi0", freq_band: "2.4G", allowed_channels: [1, 6, 11] }],
      }),
    ).radios;
    assert.equal(radio?.band, "2.4G");
  });
});
