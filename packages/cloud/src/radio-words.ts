/** Radios that are not as they were told, in words. Pure. */

import type { RadioDifference, RadioFault } from "./radio-shortfall.ts";

/** Who has written by hand what a radio was told, as far as is known. */
export interface Writer {
  /** `ana` */
  readonly name: string;
  /** Wall clock, ms. */
  readonly at: number;
}

type Told = Pick<RadioFault, "ifName" | "band" | "differences" | "isImpossible" | "isLate">;

/** `its 2.4 GHz radio is not as it was told: channel 99 asked for, 6 is on` */
export function faultText(fault: Told, writer: Writer | undefined): string {
  // What has only just been written may be followed, or never be.
  const state = fault.isLate ? "is not as it was told" : "has not done so far what it was told";
  return `its ${radioText(fault)} ${state}: ${differencesText(fault)}; ${writerText(writer)}`;
}

/** All of a node in one line; null: there is none. */
export function noteOf(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join("; ");
}

/** `isAsked`: what it was told is still asked of it. */
export function endText(
  fault: Told,
  isAsked: (difference: RadioDifference) => boolean,
  writer: Writer | undefined,
): string {
  const parts = fault.differences.map(
    (each) => `${askedText(each)} is ${isAsked(each) ? "there now" : "no longer asked for"}`,
  );
  const who = writer === undefined ? "" : `; ${writer.name} changed that by hand`;
  return `its ${radioText(fault)} is as it was told again: ${parts.join("; ")}${who}`;
}

/** `channel 99 asked for, 6 is on, and it may not use 99` */
export function differencesText({ differences, isImpossible }: Pick<Told, "differences" | "isImpossible">): string {
  return differences
    .map((each) => {
      const never = isImpossible && each.column === "channel" ? `, and it may not use ${String(each.asked)}` : "";
      return `${differenceText(each)}${never}`;
    })
    .join("; ");
}

function radioText({ band, ifName }: Pick<Told, "band" | "ifName">): string {
  const [, number, part] = /^(\d(?:\.\d)?)G([LU])?/.exec(band ?? "") ?? [];
  if (number === undefined) return `radio ${ifName}`;
  const half = part === undefined ? "" : part === "L" ? "lower " : "upper ";
  return `${half}${number} GHz radio`;
}

function writerText(writer: Writer | undefined): string {
  return writer ? `${writer.name} wrote that by hand` : "the home's settings do not ask for that";
}

function differenceText(difference: RadioDifference): string {
  const { column, shown } = difference;
  const asked = `${askedText(difference)} asked for`;
  switch (column) {
    case "enabled":
      return `${asked}, it is ${shown === true ? "on" : "off"}`;
    case "channel":
      return `${asked}, ${shown} is on`;
    case "ht_mode":
      return `${asked}, it is ${widthText(shown)} wide`;
    case "tx_power":
      return `${asked}, it sends with ${shown} dBm`;
    case "tx_chainmask":
      return `${asked}, it sends with ${shown}`;
  }
}

function askedText({ column, asked }: RadioDifference): string {
  switch (column) {
    case "enabled":
      return asked === true ? "on" : "off";
    case "channel":
      return `channel ${asked}`;
    case "ht_mode":
      return `a width of ${widthText(asked)}`;
    case "tx_power":
      return `${asked} dBm`;
    case "tx_chainmask":
      return `transmit chains ${asked}`;
  }
}

function widthText(mode: unknown): string {
  const width = /^HT(\d+)$/.exec(String(mode))?.[1];
  return width === undefined ? String(mode) : `${width} MHz`;
}
