/**
 * Radios that are not as their Config rows say. What the document states is proven row by row; this is for what else stands there, as
 * somebody has written it by hand.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import * as limits from "./limits.ts";
import { needsRadarCheck } from "./radio-bands.ts";
import { sameDatum, type TableReader } from "./rows.ts";

/** What a radio can be told of itself, beside what it carries. */
export const radioColumns = ["enabled", "channel", "ht_mode", "tx_power", "tx_chainmask"] as const;
export type RadioColumn = (typeof radioColumns)[number];
type Value = string | number | boolean;

export interface RadioDifference {
  readonly column: RadioColumn;
  readonly asked: Value;
  readonly shown: Value;
}

export interface RadioShortfall {
  readonly ifName: string;
  /** `freq_band`; null: it does not say. */
  readonly band: string | null;
  readonly differences: readonly RadioDifference[];
  /** The radio has said that it cannot. */
  readonly isImpossible: boolean;
  /** How long it may take, ms. */
  readonly deadline: number;
}

/** A shortfall as it was when it was looked at last. */
export interface RadioFault extends RadioShortfall {
  /** Since when it is seen, wall clock, ms. */
  readonly since: number;
  /** It had its time, or will never be so. */
  readonly isLate: boolean;
}

/** Whether the document states the column of the radio. */
export type IsStated = (ifName: string, column: string) => boolean;

export function radioShortfalls(rows: TableReader, isStated: IsStated = () => false): readonly RadioShortfall[] {
  const states = new Map([...rows("Wifi_Radio_State").values()].map((row) => [row.if_name, row]));
  return [...rows("Wifi_Radio_Config").values()].flatMap((config): readonly RadioShortfall[] => {
    const ifName = String(config.if_name);
    const state = states.get(config.if_name);
    if (!state) return [];
    const differences = radioColumns.flatMap((column): readonly RadioDifference[] => {
      const [asked, shown] = [config[column], state[column]];
      // What the node's schema lacks, or the radio does not report, cannot be told.
      if (!isValue(asked) || !isValue(shown) || sameDatum(asked, shown) || isStated(ifName, column)) return [];
      return excuse(column, config, state, rows) === null ? [{ column, asked, shown }] : [];
    });
    if (differences.length === 0) return [];
    const band = typeof config.freq_band === "string" ? config.freq_band : null;
    const isImpossible = differences.some(({ column, asked }) => column === "channel" && isClosed(asked, state));
    return [{ ifName, band, differences, isImpossible, deadline: deadlineOf(config) }];
  });
}

/** Why a radio need not show what this column of its Config row says; null: it has to. */
export function excuse(column: string, config: Row, state: Row, rows: TableReader): string | null {
  if (column !== "enabled" && (state.enabled === false || config.enabled === false)) return "the radio is off";
  if ((column === "channel" || column === "ht_mode") && !leads(config, rows)) return "it is where its parent is";
  if (column === "channel" && isBarred(config, state)) return "radar was heard there";
  return state[column] == null ? "the radio does not say" : null;
}

/** What tells one shortfall from another: the radio, and what it was asked for. */
function keyOf({ ifName, differences }: Pick<RadioShortfall, "ifName" | "differences">): string {
  return [ifName, ...differences.map(({ column, asked }) => `${column}=${asked}`)].join(" ");
}

/** Remembers since when radios are not as they were told, and so who had its time. */
export class RadioFaults {
  readonly #clock: Clock;
  #since = new Map<string, { readonly at: number; readonly wallTime: number }>();
  #faults: readonly RadioFault[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get faults(): readonly RadioFault[] {
    return this.#faults;
  }

  /** When the next one will have had its time, clock ms; undefined: none is waited for. */
  get nextDeadline(): number | undefined {
    const waiting = this.#faults.filter(({ isLate }) => !isLate);
    const ends = waiting.map((fault) => (this.#since.get(keyOf(fault))?.at ?? 0) + fault.deadline);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** To be called whenever the node's tables have changed, and at the next deadline. Whether anything is another now. */
  look(rows: TableReader, isStated?: IsStated): boolean {
    return this.#set(radioShortfalls(rows, isStated));
  }

  /** Nothing is looked at now. Whether anything is another now. */
  forget(): boolean {
    return this.#set([]);
  }

  #set(shortfalls: readonly RadioShortfall[]): boolean {
    // Most radios are as they were told, and this is asked of thousands.
    if (shortfalls.length === 0 && this.#faults.length === 0) return false;
    const [at, wallTime] = [this.#clock.now(), this.#clock.wallTime()];
    const since = new Map(shortfalls.map((each) => [keyOf(each), this.#since.get(keyOf(each)) ?? { at, wallTime }]));
    const before = JSON.stringify(this.#faults);
    this.#since = since;
    this.#faults = shortfalls.map((shortfall) => {
      const begun = since.get(keyOf(shortfall)) ?? { at, wallTime };
      const isLate = shortfall.isImpossible || at - begun.at >= shortfall.deadline;
      return { ...shortfall, since: begun.wallTime, isLate };
    });
    return JSON.stringify(this.#faults) !== before;
  }
}

function isValue(value: unknown): value is Value {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
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

/** It is none of the channels that the radio allows; where it does not say which those are, nobody knows. */
function isClosed(channel: Value, { allowed_channels: allowed }: Row): boolean {
  return Array.isArray(allowed) && allowed.length > 0 && !(allowed as readonly unknown[]).includes(channel);
}

function deadlineOf({ freq_band: band, channel }: Row): number {
  const mayWait = typeof band === "string" && band.startsWith("5G") && typeof channel === "number";
  return mayWait && needsRadarCheck("5G", channel) ? limits.radarProofMs : limits.proofMs;
}
