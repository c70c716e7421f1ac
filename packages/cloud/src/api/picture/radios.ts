/** Radios of a node, with the airtime of their channels. Pure. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { TableReader } from "../../rows.ts";
import type { ChannelLatest } from "../../statistics/latest.ts";
import type { Picture } from "../host.ts";

type Radio = Picture["radios"][number];

/** `measured`: by band, what the node reported last of the channel in operation. */
export function radiosNow(
  node: string,
  rows: TableReader,
  measured: Iterable<readonly [string, ChannelLatest]>,
): readonly Radio[] {
  const airtime = new Map(measured);
  const radios: Radio[] = [];
  for (const { freq_band: band, channel: tuned, ht_mode, channels, enabled } of rows("Wifi_Radio_State").values()) {
    if (typeof band !== "string" || band === "" || enabled === false) continue;
    const channel = typeof tuned === "number" && tuned > 0 ? tuned : null;
    const latest = airtime.get(band);
    radios.push({
      ...{ node, band, channel, widthMhz: widthOf(ht_mode), dfs: dfsOf(channels, channel) },
      // Of the channel it was on before, it says nothing of this one.
      ...shares(latest !== undefined && (channel === null || latest.channel === channel) ? latest : undefined),
    });
  }
  return radios.sort(byBand);
}

export function radiosReported(node: string, measured: Iterable<readonly [string, ChannelLatest]>): readonly Radio[] {
  const radios = [...measured].map(([band, latest]) => ({
    ...{ node, band, channel: latest.channel, widthMhz: null, dfs: null },
    ...shares(latest),
  }));
  return radios.sort(byBand);
}

export function shares(air: Pick<ChannelLatest, "busyPercent" | "txPercent" | "selfPercent"> | undefined) {
  if (!air) return { busyPercent: null, ownPercent: null, othersPercent: null };
  const busyPercent = Math.min(100, Math.max(0, air.busyPercent));
  const ownPercent = Math.min(busyPercent, Math.max(0, air.txPercent + air.selfPercent));
  return { busyPercent, ownPercent, othersPercent: busyPercent - ownPercent };
}

/** `HT80`, `HT40+` */
function widthOf(mode: Datum | undefined): number | null {
  const width = typeof mode === "string" ? Number(/^\D*(\d+)/.exec(mode)?.[1]) : Number.NaN;
  return [20, 40, 80, 160, 320].includes(width) ? width : null;
}

const states = {
  cac_started: "checking",
  cac_completed: "clear",
  nop_started: "barred",
  nop_finished: "unchecked",
} as const;

/** Of `channels`: number → `{"state": "cac_started"}`. A radio that is on no channel yet may be listening on the one that it goes to. */
function dfsOf(channels: Datum | undefined, channel: number | null): Radio["dfs"] {
  if (!(channels instanceof Map)) return null;
  if (channel === null) return [...channels.values()].some((text) => stateOf(text) === "checking") ? "checking" : null;
  return stateOf(channels.get(String(channel)));
}

function stateOf(text: unknown): Radio["dfs"] {
  const state = /"state"\s*:\s*"(\w+)"/.exec(String(text ?? ""))?.[1];
  return states[state as keyof typeof states] ?? null;
}

function byBand(a: Radio, b: Radio): number {
  return a.band < b.band ? -1 : 1;
}
