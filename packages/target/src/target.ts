/** A device as the managers see it: the target layer. One implementation per kind of device (`sim`, `null`, `linux`). */

import type { RadioDriver } from "./driver.ts";
import type { Network } from "./network.ts";
import type { PersistentStorage } from "./storage.ts";
import type { Unit } from "./unit.ts";

export interface Target {
  readonly name: string;
  readonly unit: Unit;
  readonly radioDrivers: readonly RadioDriver[];
  readonly network: Network;
  readonly storage: PersistentStorage;
  /** Rows with which the database of this device starts (fixed hardware), merged over the common ones: table → rows. */
  readonly prepopulation: Prepopulation;
  /** Releases what it holds; idempotent. */
  close(): void;
}

/** Rows in RFC 7047 JSON notation by table, as in OpenSync's template files. */
export type Prepopulation = { readonly [table: string]: readonly { readonly [column: string]: unknown }[] };
