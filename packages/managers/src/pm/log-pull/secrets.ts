/**
 * What in the database nobody outside shall read: passphrases, keys, passwords, tokens. In rows they are masked where they
 * stand; everywhere else (logs, dumps) by their values.
 */

import { isSecretColumn, isSecretKey, mask } from "@opensync-ts/schema/secrets";
import { pmLimits } from "../limits.ts";

/** Of rows as typed clients have them: texts, numbers, sets as arrays, maps as `Map`. */
export type PlainRow = { readonly [column: string]: unknown };

/** The row with its secrets masked, as JSON has it. What is masked is added to `found`. */
export function maskRow(row: PlainRow, found: Set<string>): { readonly [column: string]: unknown } {
  const keyed = typeof row.key === "string" && isSecretKey(row.key);
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const secret = isSecretColumn(column) || (keyed && column === "value");
      return [column, masked(value, secret, found)];
    }),
  );
}

function masked(value: unknown, secret: boolean, found: Set<string>): unknown {
  if (value instanceof Map) {
    return Object.fromEntries(
      [...value].map(([key, each]) => [String(key), masked(each, secret || isSecretKey(String(key)), found)]),
    );
  }
  if (Array.isArray(value)) return value.map((each) => masked(each, secret, found));
  if (typeof value === "bigint") return String(value);
  if (!secret || value === null || value === "") return value;
  if (typeof value === "string") found.add(value);
  return mask;
}

/** Shorter ones would mask half of any text; they stand nowhere but in their rows. */
const shortest = 4;

/** Replaces secrets in texts: as they are, and as JSON writes them. */
export function createMasker(secrets: ReadonlySet<string>): (text: string) => string {
  const written = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const worth = [...new Set(written)].filter((secret) => secret.length >= shortest);
  // The longest first: one may begin with another.
  const sorted = worth.sort((a, b) => b.length - a.length);
  if (sorted.length > pmLimits.pullSecrets) throw new RangeError(`more than ${pmLimits.pullSecrets} secrets to mask`);
  if (sorted.length === 0) return (text) => text;
  const pattern = new RegExp(sorted.map((each) => each.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g");
  return (text) => text.replaceAll(pattern, mask);
}
