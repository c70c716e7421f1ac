/**
 * The wireless core as text: intended against observed, why they differ, and at the end what confsync did last. Names are
 * sorted and only that history moves with time, so that two dumps can be compared line by line. Secrets are not in it.
 */

import { formatChannel } from "@opensync-ts/target/channels";
import { plainAp } from "@opensync-ts/target/plain-ap";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import { apAttributeLabel, apAttributeNames, formatApAttribute, formatNetworks, quote } from "./ap-attributes.ts";
import { describeLimitation } from "./capability-clamp.ts";
import type { PhyConfig, VifConfig } from "./config-tree.ts";
import type { ConfsyncView, ScanCounters, WirelessState } from "./contract.ts";
import type { Differing } from "./diff.ts";
import type { ConfsyncFindings } from "./explain.ts";
import { phyAttributes } from "./phy-attributes.ts";
import type { Unreported } from "./state.ts";
import type { StatsCounters } from "./stats/contract.ts";

interface Dumped {
  readonly state: WirelessState;
  readonly confsync: ConfsyncView & { readonly history: readonly string[] };
  readonly findings: ConfsyncFindings;
  readonly unreported: readonly Unreported[];
  readonly statistics: StatsCounters;
  readonly scans: ScanCounters;
  /** The name of the driver that has the phy. */
  readonly ownerOf: (phy: string) => string | null;
}

export function dumpWireless({ state, confsync, findings, unreported, statistics, scans, ownerOf }: Dumped): string {
  const { tree, result } = findings;
  const lines = [
    `confsync: ${confsync.state} ${confsync.settled ? "settled" : "unsettled"}`,
    ...section("  unsettled:", confsync.unsettled),
    ...section(
      "  never reported:",
      unreported.map(({ object }) => object),
    ),
    ...section("  postponed:", confsync.postponed),
    ...section("  limitations:", confsync.limitations.map(describeLimitation)),
    ...section("  differences:", result.changes.flatMap(describeDifferences)),
    ...section("  quarantine:", result.withheld.flatMap(describeDifferences)),
  ];
  for (const phy of tree.values()) {
    const phyState = state.phys.get(phy.name);
    if (!phyState) continue;
    lines.push(`phy ${phy.name}: ${phyState.capabilities.band} ${phyState.mac} driver=${ownerOf(phy.name) ?? "none"}`);
    lines.push(...dumpPhy(phy, phyState).map(indent));
    for (const vif of phy.vifs.values()) {
      const vifState = state.vifs.get(vif.name);
      if (!vifState) continue;
      lines.push(`  vif ${vif.name}: ${vif.type} ${vif.mac}`);
      lines.push(...dumpVif(vif, vifState).map(indent).map(indent));
      const stations = [...(state.stations.get(vif.name)?.values() ?? [])];
      lines.push(...stations.map(dumpStation).sort().map(indent).map(indent));
    }
  }
  const { samples: _used, ...unused } = statistics;
  const { done: _done, ...undone } = scans;
  lines.push(...section("statistics not used:", counted(unused)));
  lines.push(...section("scans not done:", counted(undone)));
  lines.push(...section("history:", confsync.history));
  return lines.map((line) => `${line}\n`).join("");
}

function describeDifferences({ object, differences }: Differing): string[] {
  return differences.map(({ attribute, from, to }) => `${object}: ${attribute}: ${from} -> ${to}`);
}

function dumpPhy(wanted: PhyConfig, actual: PhyState): string[] {
  const dfs = Map.groupBy(actual.channelStates, (state) => state.dfs);
  return [
    ...Object.values(phyAttributes).map(({ label, format }) => attribute(label, format(wanted), format(actual))),
    ...[...dfs].map(([name, channels]) => `channels ${name}: ${channels.map(({ control }) => control).join(" ")}`),
  ];
}

function dumpVif(wanted: VifConfig, actual: VifState): string[] {
  const enabled = { enabled: "true", disabled: "false", unknown: "unknown", broken: "broken" }[actual.status];
  const lines = [
    attribute("enabled", String(wanted.enabled), enabled),
    attribute("tx_power_dbm", String(wanted.txPower), String(actual.txPower)),
  ];
  if (wanted.type === "ap" && actual.type === "ap") {
    for (const name of apAttributeNames) {
      const [want, is] = [formatApAttribute(name, wanted.ap), formatApAttribute(name, actual.ap)];
      // What is off, and should be, would only hide the rest.
      if (want === is && is === formatApAttribute(name, plainAp) && name !== "ssid") continue;
      lines.push(attribute(apAttributeLabel(name), want, is));
    }
  }
  if (wanted.type === "sta" && actual.type === "sta") {
    const { link, networks } = actual.sta;
    lines.push(attribute("networks", formatNetworks(wanted.networks), formatNetworks(networks)));
    lines.push(`link: ${link.status} ${quote(link.ssid)} bssid=${link.bssid ?? "none"} bridge=${quote(link.bridge)}`);
    lines.push(`link channel: ${link.channel ? formatChannel(link.channel) : "none"}`);
  }
  if (actual.type === "ap_vlan") lines.push(`stations: ${actual.stations.join(" ")}`);
  return lines;
}

function dumpStation(station: StationState): string {
  const { mac, keyId, akm, pairwise, pmf } = station;
  return `station ${mac}: key_id=${keyId ?? "none"} akm=${akm ?? "none"} pairwise=${pairwise ?? "none"} pmf=${pmf}`;
}

function attribute(name: string, wanted: string, actual: string): string {
  return wanted === actual ? `${name}: ${actual}` : `${name}: ${actual}, intended ${wanted}`;
}

/** Those that have counted anything. */
function counted(counters: { readonly [name: string]: number }): string[] {
  return Object.entries(counters).flatMap(([name, count]) => (count > 0 ? [`${name}: ${count}`] : []));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `    ${line}`)];
}

function indent(line: string): string {
  return `  ${line}`;
}
