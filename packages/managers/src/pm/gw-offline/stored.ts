/** The stored configuration: read with distrust, written as one change. */

import { isArray, isObject, type JsonValue, parseJson, stringifyJson } from "@opensync-ts/ovsdb/json";
import type { PersistentStore } from "@opensync-ts/target/storage";
import { flagKey, type KeySet, requiredKeys, type StoredKey, storedKeys } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import type { StoreState } from "./machine.ts";
import type { SubsetValues } from "./read-subset.ts";

export interface Stored {
  readonly values: SubsetValues;
  /** `unusable`: of something that is there a LAN cannot be restored. */
  readonly state: StoreState;
  /** What is wrong with the contents; never a piece of them, which may be a secret. */
  readonly faults: readonly string[];
}

/** Keys of older releases are a part of today's; what is not there is not restored. */
export function loadStored(store: PersistentStore, keys: KeySet): Stored {
  const values = new Map<StoredKey, JsonValue>();
  const faults: string[] = [];
  for (const key of storedKeys[keys]) {
    const text = textOf(store.get(key));
    if (text === null) continue;
    const value = parse(text);
    if (isArray(value)) values.set(key, value);
    else faults.push(`${key}: ${problemOf(text, value)}`);
  }
  const lacking = requiredKeys.filter((key) => {
    const value = values.get(key);
    return !isArray(value) || value.length === 0;
  });
  if (lacking.length === 0) return { values, state: "complete", faults };
  if (values.size + faults.length === 0) return { values, state: "none", faults };
  const missing = lacking.filter((key) => !faults.some((fault) => fault.startsWith(`${key}:`)));
  return { values, state: "unusable", faults: [...faults, ...missing.map((key) => `${key}: missing or empty`)] };
}

/** Whether the feature was on before the node booted. `fault`: why that cannot be told. */
export function loadFlag(store: PersistentStore): { readonly on: boolean; readonly fault?: string } {
  const text = textOf(store.get(flagKey));
  if (text === null) return { on: false };
  const row = parse(text);
  if (!isObject(row)) return { on: false, fault: `${flagKey}: no row of Node_Config` };
  return { on: row.value === "true" };
}

export function saveValues(store: PersistentStore, values: SubsetValues): void {
  store.write(new Map([...values].map(([key, value]) => [key, stringifyJson(value)])));
}

/** Deployed devices end a value with a NUL. */
function textOf(text: string | undefined): string | null {
  const bare = text?.replace(/\0+$/, "");
  return bare === undefined || bare === "" ? null : bare;
}

function parse(text: string): JsonValue | undefined {
  if (text.length > gwOfflineLimits.valueBytes) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function problemOf(text: string, value: JsonValue | undefined): string {
  if (text.length > gwOfflineLimits.valueBytes) return `more than ${gwOfflineLimits.valueBytes} characters`;
  return value === undefined ? `no JSON, cut off or damaged (${text.length} characters)` : "no list of rows";
}
