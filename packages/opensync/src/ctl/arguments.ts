/** Arguments as people write them. Each throws commander's own error, so that it is answered with the usage. */

import { InvalidArgumentError } from "commander";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `2h`, `7d`: ms. */
export function parseDuration(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (units[unit] ?? 0);
  if (ms === 0) throw new InvalidArgumentError("write it as 90s, 30m, 2h or 7d.");
  return ms;
}

/** A moment, or how long from now: as the API has moments. */
export function parseMoment(now: () => number): (text: string) => string {
  return (text) => {
    if (/^\d+[smhd]$/.test(text)) return new Date(now() + parseDuration(text)).toISOString();
    // A date alone would be midnight somewhere.
    if (/T.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
    throw new InvalidArgumentError("write it as 2026-08-01T18:00:00Z, or as 2h or 7d from now.");
  };
}

export function parseVersion(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 2_147_483_647) {
    throw new InvalidArgumentError("a whole number from 1 is needed, as 'versions' lists them.");
  }
  return number;
}

export function parseLimit(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 500) {
    throw new InvalidArgumentError("a whole number from 1 to 500 is needed.");
  }
  return number;
}

/** `name=value`. */
export function collectPair(text: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("NAME=VALUE is needed.");
  return { ...previous, [name]: value };
}
