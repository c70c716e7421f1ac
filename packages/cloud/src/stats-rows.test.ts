import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row } from "@opensync-ts/ovsdb/datum";
import { desiredState } from "./desired.ts";
import { type HomeNode, parseHome } from "./home.ts";
import { mirrored } from "./mirror.ts";
import { nodeFacts } from "./node-facts.ts";
import { type Change, plan } from "./reconcile.ts";
import { rowId } from "./rows.ts";
import { homeText } from "./test-home.ts";
import { TestNode } from "./test-node.ts";
import { writeChanges } from "./write-changes.ts";

/** Of a node that has said nothing yet. */
const nothing = nodeFacts(() => new Map());

const broker = { host: "broker.example.com", port: 8883, tls: true };

function changesFor(node: TestNode, parts: object = {}, to: typeof broker | null = broker): readonly Change[] {
  const home = parseHome(homeText(parts), "x");
  const { rows, silent } = desiredState(home, home.nodes[0] as HomeNode, nodeFacts(node.rows), {
    broker: to ?? undefined,
  });
  return plan(rows, node.rows, new Set(), silent);
}

async function apply(node: TestNode, changes: readonly Change[]): Promise<void> {
  await node.client.transact((transaction) => {
    writeChanges(changes, transaction);
  });
}

async function provision(node: TestNode, parts: object = {}, to: typeof broker | null = broker): Promise<void> {
  await apply(node, changesFor(node, parts, to));
}

/** By what they ask for: `survey/5G/on-chan`. */
function statsOf(node: TestNode): ReadonlyMap<string, Row> {
  return new Map(
    node.all("Wifi_Stats_Config").map((row) => {
      const { stats_type, radio_type, survey_type } = row;
      return [[stats_type, radio_type, survey_type].filter(Boolean).join("/"), row];
    }),
  );
}

function mapOf(node: TestNode, column: "mqtt_settings" | "mqtt_topics"): ReadonlyMap<string, string> {
  const [row] = node.all("AWLAN_Node");
  assert.ok(row?.[column] instanceof Map);
  return row[column] as ReadonlyMap<string, string>;
}

describe("where a node is told to send its statistics", () => {
  it("is the broker, its topics, and who and where it is, each in the maps of AWLAN_Node", async () => {
    const node = await TestNode.boot();
    await provision(node);
    const [row] = node.all("AWLAN_Node");
    assert.deepEqual(
      row?.mqtt_settings,
      new Map([
        ["agg_stats_interval", "60"],
        ["broker", "broker.example.com"],
        ["compress", "zlib"],
        ["port", "8883"],
        ["qos", "0"],
        ["remote_log", "0"],
        ["topics", "/ap/gateway/opensync"],
      ]),
    );
    assert.deepEqual(row?.mqtt_topics, new Map([["Latency", "/ap/gateway/latency"]]));
    assert.deepEqual(
      row?.mqtt_headers,
      new Map([
        ["locationId", "Test home"],
        ["nodeId", "gateway"],
      ]),
    );
  });

  it("follows the home file, and leaves the entries of others", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], {
        mqtt_settings: { broker: "elsewhere", mine: "stays" },
        mqtt_topics: { "Crash.Reports": "/crashes" },
      }),
    );
    await provision(node, { stats: { qos: 1, publish: 5, remoteLog: 30 } });
    const settings = mapOf(node, "mqtt_settings");
    assert.deepEqual(
      ["broker", "mine", "qos", "agg_stats_interval", "remote_log"].map((key) => settings.get(key)),
      ["broker.example.com", "stays", "1", "5", "30"],
    );
    assert.equal(mapOf(node, "mqtt_topics").get("Crash.Reports"), "/crashes");
  });

  it("is without TLS only where the broker is, and back with it afterwards", async () => {
    const node = await TestNode.boot();
    await provision(node, {}, { ...broker, tls: false });
    assert.equal(mapOf(node, "mqtt_settings").get("tls"), "false");
    await provision(node);
    assert.equal(mapOf(node, "mqtt_settings").get("tls"), "true");
    assert.deepEqual(changesFor(node), []);
  });

  it("is said to a node that is told by its serial number", async () => {
    const node = await TestNode.boot({ id: null });
    await node.client.transact((transaction) => transaction.update("AWLAN_Node", [], { serial_number: "SN1" }));
    await provision(node, { nodes: [{ id: "gateway", role: "gateway", serialNumber: "SN1" }] });
    assert.equal(mapOf(node, "mqtt_settings").size, 7);
  });
});

describe("what a node is told to measure", () => {
  it("is clients, surveys and neighbors of each band, 6 GHz too, and the device", async () => {
    const node = await TestNode.boot();
    await provision(node);
    const rows = statsOf(node);
    const perBand = ["client", "survey/on-chan", "survey/off-chan", "neighbor/on-chan", "neighbor/off-chan"];
    const expected = ["2.4G", "5G", "6G"].flatMap((band) =>
      perBand.map((kind) => {
        const [type, scan] = kind.split("/");
        return [type, band, scan].filter(Boolean).join("/");
      }),
    );
    assert.deepEqual([...rows.keys()].sort(), [...expected, "device"].sort());
    const client = rows.get("client/5G");
    assert.deepEqual([client?.sampling_interval, client?.reporting_interval, client?.report_type], [10, 60, "raw"]);
    assert.deepEqual(rows.get("device")?.reporting_interval, 60);
  });

  it("scans the channels that the radio may use, not while it is busy", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.update("Wifi_Radio_State", [["if_name", "==", "wifi0"]], { allowed_channels: [11, 1, 6] }),
    );
    await provision(node);
    const scan = statsOf(node).get("survey/2.4G/off-chan");
    assert.deepEqual(scan?.channel_list, [1, 6, 11]);
    assert.deepEqual([scan?.survey_interval_ms, scan?.sampling_interval, scan?.reporting_interval], [120, 10, 120]);
    assert.deepEqual(
      scan?.threshold,
      new Map([
        ["max_delay", 600],
        ["util", 25],
      ]),
    );
    assert.deepEqual(statsOf(node).get("survey/5G/off-chan")?.channel_list, [], "not known yet: no opinion");
  });

  it("is nothing that the home switches off", async () => {
    const node = await TestNode.boot({ bands: ["5G"] });
    const only = { stats: { survey: { enabled: false }, device: { enabled: false }, neighbor: { enabled: false } } };
    await provision(node, only);
    assert.deepEqual([...statsOf(node).keys()], ["client/5G"]);
    await provision(node, { stats: { enabled: false } });
    assert.equal(statsOf(node).size, 0);
    assert.ok(mapOf(node, "mqtt_settings").has("broker"));
  });

  it("scans for neighbors itself where there are no surveys to hear them", async () => {
    const node = await TestNode.boot({ bands: ["5G"] });
    await provision(node);
    assert.equal(statsOf(node).get("neighbor/5G/off-chan")?.sampling_interval, 120);
    await provision(node, { stats: { survey: { enabled: false } } });
    assert.equal(statsOf(node).get("neighbor/5G/off-chan")?.sampling_interval, 10);
  });

  it("has a row for each band of a board whose 5 GHz is split, and one for two radios of a band", async () => {
    const node = await TestNode.boot({ bands: ["5GL", "5GU", "2.4G", "2.4G"] });
    await provision(node, { stats: { survey: { enabled: false }, neighbor: { enabled: false } } });
    assert.deepEqual([...statsOf(node).keys()].sort(), ["client/2.4G", "client/5GL", "client/5GU", "device"]);
  });

  it("is written once: nothing for a node that is as it should be, whatever the order of its lists", async () => {
    const node = await TestNode.boot();
    await provision(node);
    assert.deepEqual(changesFor(node), []);
  });

  it("cannot be written twice after a lost reply; what a hand doubled is folded, what drifted is brought back", async () => {
    const node = await TestNode.boot({ bands: ["5G"] });
    const changes = changesFor(node);
    await apply(node, changes);
    await assert.rejects(apply(node, changes), { error: "timed out" });
    await node.client.transact((transaction) => {
      transaction.insert("Wifi_Stats_Config", { stats_type: "client", radio_type: "5G", sampling_interval: 1 });
      transaction.update("Wifi_Stats_Config", [["stats_type", "==", "survey"]], { reporting_count: 5 });
    });
    await provision(node);
    const rows = node.all("Wifi_Stats_Config");
    assert.equal(rows.length, 6);
    assert.ok(rows.every(({ reporting_count }) => reporting_count === 0));
    assert.equal(statsOf(node).get("client/5G")?.sampling_interval, 10);
  });

  it("leaves rows of kinds that a home cannot state, and removes those of bands that the node has not", async () => {
    const node = await TestNode.boot({ bands: ["5G"] });
    await node.client.transact((transaction) => {
      transaction.insert("Wifi_Stats_Config", { stats_type: "latency", reporting_interval: 10 });
      transaction.insert("Wifi_Stats_Config", { stats_type: "survey", radio_type: "5G", survey_type: "full" });
      transaction.insert("Wifi_Stats_Config", { stats_type: "device", radio_type: "5G", reporting_interval: 7 });
      transaction.insert("Wifi_Stats_Config", { stats_type: "client", radio_type: "6G", reporting_interval: 7 });
    });
    await provision(node);
    const rows = statsOf(node);
    for (const kept of ["latency", "survey/5G/full", "device/5G"]) assert.ok(rows.has(kept), kept);
    assert.equal(rows.get("device/5G")?.reporting_interval, 7);
    assert.ok(!rows.has("client/6G"));
  });

  it("is left to others by a cloud without a broker", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) => {
      transaction.insert("Wifi_Stats_Config", { stats_type: "client", radio_type: "5G", reporting_interval: 7 });
      transaction.update("AWLAN_Node", [], { mqtt_settings: { broker: "elsewhere" } });
    });
    await provision(node, {}, null);
    assert.equal(statsOf(node).get("client/5G")?.reporting_interval, 7);
    assert.deepEqual(node.all("AWLAN_Node")[0]?.mqtt_settings, new Map([["broker", "elsewhere"]]));
  });

  it("uses mirrored columns only: drift in any other would not be seen", () => {
    const home = parseHome(homeText(), "x");
    const radio = {
      ifName: "wifi0",
      band: "5G",
      configured: true,
      allowedChannels: [36],
      barred: [],
      chains: null,
    } as const;
    const { rows } = desiredState(
      home,
      home.nodes[0] as HomeNode,
      { ...nothing, radios: [radio], self: { key: { id: "gateway" }, model: null, mqttSettings: new Map() } },
      { broker },
    );
    for (const { table, key, columns, entries } of rows) {
      const seen: readonly string[] = mirrored[table].columns;
      for (const column of Object.keys({ ...key, ...columns, ...entries })) assert.ok(seen.includes(column), column);
    }
  });

  it("has names in which what is unset does not show", () => {
    const key = { stats_type: "client", radio_type: "5G", survey_type: null };
    assert.equal(rowId("Wifi_Stats_Config", key), "Wifi_Stats_Config client/5G");
  });
});
