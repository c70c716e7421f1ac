/**
 * Radios that are not as their Config rows say. What the document states is proven row by row; this is for what else stands there, as
 * somebody has written it by hand.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import * as limits from "./limits.ts";
import { needsRadarCheck } from "./radio-bands.ts";
import { sameDatum, type TableReader } from "./rows.ts";

export interface RadioShortfall {
  /** `wifi0, channel 99` */
  readonly text: string;
  /** How long it may take, ms. */
  readonly deadline: number;
}

export function radioShortfalls(rows: TableReader): readonly RadioShortfall[] {
  const states = new Map([...rows("Wifi_Radio_State").values()].map((row) => [row.if_name, row]));
  return [...rows("Wifi_Radio_Config").values()].flatMap((config) => {
    const state = states.get(config.if_name);
    const lacking = state ? lackingOf(config, state, leads(config, rows)) : [];
    if (lacking.length === 0) return [];
    return [{ text: `${String(config.if_name)}, ${lacking.join(" and ")}`, deadline: deadlineOf(config) }];
  });
}

/** Remembers since when radios are so, and tells of those that had their time. */
export class LateRadios {
  readonly #clock: Clock;
  #since = new Map<string, { readonly at: number; readonly deadline: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called whenever the node's tables have changed. */
  look(rows: TableReader): void {
    const at = this.#clock.now();
    const found = radioShortfalls(rows).map(
      ({ text, deadline }) => [text, this.#since.get(text) ?? { at, deadline }] as const,
    );
    this.#since = new Map(found);
  }

  /** One line for people; null: all radios are as they were told, or may still become so. */
  get note(): string | null {
    const now = this.#clock.now();
    const late = [...this.#since].filter(([, { at, deadline }]) => now - at >= deadline).map(([text]) => text);
    if (late.length === 0) return null;
    const radios =
      late.length === 1 ? "one radio is not as it was told" : `${late.length} radios are not as they were told`;
    return `${radios}: ${late.join("; ")}`;
  }
}

function lackingOf(config: Row, state: Row, hasLead: boolean): readonly string[] {
  const differs = (column: string) => {
    const [wanted, shown] = [config[column], state[column]];
    // What the node's schema lacks, or the radio does not report, cannot be told.
    return wanted != null && shown != null && !sameDatum(wanted, shown);
  };
  if (differs("enabled")) return [config.enabled === true ? "on" : "off"];
  if (state.enabled === false) return [];
  return [
    ...(differs("channel") && hasLead && !isBarred(config, state) ? [`channel ${String(config.channel)}`] : []),
    ...(differs("ht_mode") && hasLead ? [String(config.ht_mode)] : []),
    ...(differs("tx_power") ? [`${String(config.tx_power)} dBm`] : []),
  ];
}

/** A radio with an uplink over the air is where its parent is, whatever it was told. */
function leads(config: Row, rows: TableReader): boolean {
  const vifs = rows("Wifi_VIF_Config");
  const referred = Array.isArray(config.vif_configs) ? (config.vif_configs as Uuid[]) : [];
  return !referred.some((uuid) => vifs.get(uuid)?.mode === "sta");
}

/** Radar was heard there. */
function isBarred(config: Row, { channels }: Row): boolean {
  return channels instanceof Map && /"nop_started"/.test(String(channels.get(String(config.channel)) ?? ""));
}

function deadlineOf({ freq_band: band, channel }: Row): number {
  const mayWait = typeof band === "string" && band.startsWith("5G") && typeof channel === "number";
  return mayWait && needsRadarCheck("5G", channel) ? limits.radarProofMs : limits.proofMs;
}
