/**
 * Two lists by client that are to be one: the rows of a table, and what the device holds. Either side may change; the other follows.
 * What both had agreed on tells which of two that differ has changed; where both have, the rows win. Pure.
 */

import type { Mac } from "@opensync-ts/base/units";

export interface Merge<Value> {
  /** What to tell each side; null: no more. */
  readonly toDevice: ReadonlyMap<Mac, Value | null>;
  readonly toRows: ReadonlyMap<Mac, Value | null>;
}

export function mergeClients<Value>(
  rows: ReadonlyMap<Mac, Value>,
  device: ReadonlyMap<Mac, Value>,
  agreed: ReadonlyMap<Mac, Value>,
  isSame: (a: Value, b: Value) => boolean,
): Merge<Value> {
  const equal = (a: Value | undefined, b: Value | undefined) =>
    a === undefined || b === undefined ? a === b : isSame(a, b);
  const toDevice = new Map<Mac, Value | null>();
  const toRows = new Map<Mac, Value | null>();
  for (const mac of [...new Set([...rows.keys(), ...device.keys()])].sort()) {
    const [row, held, before] = [rows.get(mac), device.get(mac), agreed.get(mac)];
    if (equal(row, held)) continue;
    if (equal(row, before)) toRows.set(mac, held ?? null);
    else toDevice.set(mac, row ?? null);
  }
  return { toDevice, toRows };
}
