/** What a home wants of a node's statistics, as rows: where to send them, what to measure, how often. Pure. */

import type { Row } from "@opensync-ts/ovsdb/datum";
import type { WriteOf } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { topicKeys } from "@opensync-ts/telemetry/topics";
import type { Home, HomeNode } from "./home.ts";
import { latencyTopic, statsTopic } from "./mqtt/node-topics.ts";
import type { NodeFacts, RadioFacts, SelfFacts } from "./node-facts.ts";
import type { FrequencyBand } from "./radio-bands.ts";
import { type Columns, type DesiredRow, keyOf, rowId } from "./rows.ts";
import { defaultStats } from "./stats-section.ts";

/** Where nodes publish. */
export interface BrokerAddress {
  /** A name or an IPv4 address that its certificate has: nodes check it. */
  readonly host: string;
  readonly port: number;
  /** Without it, whoever is on the way can read and change everything. */
  readonly tls: boolean;
}

/** `Wifi_Stats_Config.channel_list` holds this many. */
const mostChannels = 64;

export function statsRows(home: Home, node: HomeNode, facts: NodeFacts, broker: BrokerAddress): DesiredRow[] {
  const stats = home.stats ?? defaultStats;
  const rows = facts.self ? [brokerRow(home, node, facts.self, broker)] : [];
  if (!stats.enabled) return rows;
  const { client, survey, neighbor, device, offChannel } = stats;
  for (const radio of onePerBand(facts.radios)) {
    const { band } = radio;
    if (client.enabled) rows.push(statsRow("client", band, null, { report_type: "raw", ...times(client) }));
    if (survey.enabled) rows.push(statsRow("survey", band, "on-chan", { report_type: "raw", ...times(survey) }));
    if (neighbor.enabled) rows.push(statsRow("neighbor", band, "on-chan", { report_type: "raw", ...times(neighbor) }));
    if (!offChannel.enabled) continue;
    const { dwell, busy, maxDelay, reporting } = offChannel;
    const scan = {
      report_type: "raw" as const,
      survey_interval_ms: dwell,
      threshold: new Map([
        ["max_delay", maxDelay],
        ["util", busy],
      ]),
      ...channelsOf(radio),
    };
    if (survey.enabled) rows.push(statsRow("survey", band, "off-chan", { ...scan, ...times(offChannel) }));
    if (!neighbor.enabled) continue;
    // What the surveys' scans hear serves the neighbors as well: no need to leave the channel twice as often.
    const own = survey.enabled ? { sampling: reporting, reporting } : offChannel;
    rows.push(statsRow("neighbor", band, "off-chan", { ...scan, ...times(own) }));
  }
  if (device.enabled) rows.push(statsRow("device", null, null, times(device)));
  return rows;
}

/** Whether a row of `Wifi_Stats_Config` is of a kind that a home can state, and so the controller's to change and to remove. */
export function isStatsRow({ stats_type, radio_type, survey_type }: Row): boolean {
  switch (stats_type) {
    case "client":
      return isSet(radio_type) && !isSet(survey_type);
    case "survey":
    case "neighbor":
      return isSet(radio_type) && (survey_type === "on-chan" || survey_type === "off-chan");
    case "device":
      return !isSet(radio_type) && !isSet(survey_type);
    default:
      return false;
  }
}

function isSet(value: Row[string] | undefined): boolean {
  return value !== null && value !== undefined;
}

/** Entries of the maps are held one by one: others in them belong to whoever set them. */
function brokerRow(home: Home, node: HomeNode, { key, mqttSettings }: SelfFacts, broker: BrokerAddress): DesiredRow {
  const { publish, qos, remoteLog } = home.stats ?? defaultStats;
  // Deployed nodes know no such entry and complain of it, so it is there only where it says more than nothing.
  const tls: [string, string][] = broker.tls && !mqttSettings.has("tls") ? [] : [["tls", String(broker.tls)]];
  return {
    id: rowId("AWLAN_Node", key),
    table: "AWLAN_Node",
    key,
    columns: {},
    entries: {
      mqtt_settings: new Map([
        ["broker", broker.host],
        ["port", String(broker.port)],
        ["topics", statsTopic(node.id)],
        ["compress", "zlib"],
        ["qos", String(qos)],
        ["agg_stats_interval", String(publish)],
        ["remote_log", String(remoteLog)],
        ...tls,
      ]),
      mqtt_topics: new Map([[topicKeys.latency, latencyTopic(node.id)]]),
      mqtt_headers: new Map([
        ["nodeId", node.id],
        ["locationId", home.name],
      ]),
    },
    references: null,
    initial: {},
    stated: "stats",
  };
}

/** Rows do not tell two radios of a band apart: the first stands for both. */
function onePerBand(radios: readonly RadioFacts[]): readonly RadioFacts[] {
  return radios.filter(({ band }, index) => radios.findIndex((each) => each.band === band) === index);
}

function times({ sampling, reporting }: { sampling: number; reporting: number }) {
  return { sampling_interval: sampling, reporting_interval: reporting, reporting_count: 0 };
}

/** No opinion while the node has not said which channels it may use. */
function channelsOf({ allowedChannels }: RadioFacts): { channel_list?: readonly number[] } {
  if (allowedChannels.length === 0) return {};
  return { channel_list: allowedChannels.toSorted((a, b) => a - b).slice(0, mostChannels) };
}

function statsRow(
  stats_type: "client" | "survey" | "neighbor" | "device",
  radio_type: FrequencyBand | null,
  survey_type: "on-chan" | "off-chan" | null,
  columns: WriteOf<OpenSync, "Wifi_Stats_Config">,
): DesiredRow {
  const key = keyOf("Wifi_Stats_Config", { stats_type, radio_type, survey_type });
  return {
    id: rowId("Wifi_Stats_Config", key),
    table: "Wifi_Stats_Config",
    key,
    columns: columns as Columns,
    entries: {},
    references: null,
    initial: {},
    stated: "stats",
  };
}
