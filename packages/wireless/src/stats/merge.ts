/** How samples become reports: what was added since the last sample, and what several samples add up to (`osw_tlv_merge`). */

import type { Field, Fields, Value, Values } from "./definitions.ts";
import type { Deltas } from "./sample-codec.ts";

interface Difference {
  /** To be merged into what was before: additions of counters, and values that replace. */
  readonly values: Values;
  /** What the next sample is compared with. */
  readonly last: Values;
  /** Counters that are lower than they were. They add nothing, and not before they are beyond what they were. */
  readonly fallen: readonly string[];
}

/**
 * From `last` to `sample`. Where nothing is known of before, a counter's first value counts (`zero`) or is only remembered (`two
 * samples`). A 32-bit counter that went over its end has not fallen; one that has ever been beyond 2³² does not go over.
 */
export function difference(
  fields: Fields,
  sample: Values,
  last: Values | undefined,
  first: "zero" | "two samples",
  deltas?: Deltas,
): Difference {
  const values: Record<string, Value> = {};
  const next: Record<string, Value> = { ...(last as Record<string, Value> | undefined) };
  const fallen: string[] = [];
  for (const name in fields) {
    const field = fields[name];
    const value = sample[name];
    if (value === undefined || !field || field.operation === "none") continue;
    const before = next[name];
    const delta = deltas?.[name];
    if (field.operation === "merge") {
      const inner = difference(
        field.fields,
        membersOf(value),
        before === undefined ? undefined : membersOf(before),
        first,
        delta === true ? undefined : delta,
      );
      if (Object.keys(inner.values).length > 0) values[name] = inner.values;
      next[name] = inner.last;
      for (const member of inner.fallen) fallen.push(`${name}.${member}`);
    } else if (field.operation === "overwrite") {
      values[name] = value;
      next[name] = value;
    } else if (delta === true) {
      values[name] = value;
    } else {
      const added = addition(field, value, before, first);
      if (added === "fallen") {
        fallen.push(name);
        continue;
      }
      if (added !== null) values[name] = added;
      next[name] = value;
    }
  }
  return { values, last: next, fallen };
}

/** What `total` and `added` amount to; neither is changed. */
export function merge(fields: Fields, total: Values, added: Values): Values {
  const values: Record<string, Value> = { ...(total as Record<string, Value>) };
  for (const name in added) {
    const field = fields[name];
    const value = added[name];
    if (!field || value === undefined) continue;
    const before = values[name];
    if (field.operation === "merge") values[name] = merge(field.fields, membersOf(before), membersOf(value));
    else if (field.operation === "accumulate") values[name] = numberOf(before) + numberOf(value);
    else if (field.operation === "overwrite") values[name] = value;
  }
  return values;
}

/** What `total` has more than `from`, an earlier total of the same; the opposite of `merge`. */
export function subtract(fields: Fields, total: Values, from: Values): Values {
  const values: Record<string, Value> = {};
  for (const name in total) {
    const field = fields[name];
    const value = total[name];
    if (!field || value === undefined) continue;
    if (field.operation === "merge") values[name] = subtract(field.fields, membersOf(value), membersOf(from[name]));
    else if (field.operation === "accumulate") values[name] = numberOf(value) - numberOf(from[name]);
    else values[name] = value;
  }
  return values;
}

const wordRange = 2 ** 32;
/** A counter that seems to have gone forward by more has gone back. */
const longestStep = 2 ** 31 - 1;

/** null: remembered only. */
function addition(
  { type }: Field,
  now: Value,
  before: Value | undefined,
  first: "zero" | "two samples",
): number | "fallen" | null {
  const value = numberOf(now);
  if (before === undefined) return first === "zero" ? value : null;
  const step = value - numberOf(before);
  if (step >= 0 || type === "float") return step;
  const over = step + wordRange;
  return numberOf(before) < wordRange && over <= longestStep ? over : "fallen";
}

function numberOf(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}

function membersOf(value: Value | undefined): Values {
  return typeof value === "object" && !(value instanceof Uint8Array) ? value : {};
}
