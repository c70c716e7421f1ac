/**
 * What statistics consist of (`osw_stats_defs`): for each kind its id, its fields, and how two samples of a field become one. A
 * new kind or field is one entry here; codec, bus and the types of subscribers follow from it. Names are those of OpenSync.
 */

import type { Mac } from "@opensync-ts/base/units";

/**
 * `operation` says what becomes of a sample: `accumulate` adds up what was added since the last one, `merge` goes member by member.
 * `string` is text without its NUL, `bytes` is opaque (`UNSPEC`).
 */
export type Field =
  | { readonly id: number; readonly type: "u32" | "float"; readonly operation: "none" | "overwrite" | "accumulate" }
  | { readonly id: number; readonly type: "string" | "hwaddr" | "bytes"; readonly operation: "none" | "overwrite" }
  | { readonly id: number; readonly type: "nested"; readonly operation: "none" | "merge"; readonly fields: Fields };

export type Fields = { readonly [name: string]: Field };

export interface StatsDefinition {
  readonly id: number;
  readonly fields: Fields;
  /** Fields that say what a sample is about; a sample without them is dropped. */
  readonly key: readonly string[];
  /** Whether a counter's first sample counts from zero, or only as what the second is compared with. */
  readonly first: "zero" | "two samples";
  /** Counters that only ever grow: when one has fallen, all counters of the sample have begun anew. */
  readonly steady: readonly string[];
}

/** A sample, or what has come of several, by names of fields; the driver says as much as it knows. */
export type Values<F extends Fields = Fields> = { readonly [Name in keyof F]?: ValueOf<F[Name]> };

export type Value = number | string | Uint8Array | Values;

type ValueOf<F extends Field> = F extends { readonly fields: infer Inner extends Fields }
  ? Values<Inner>
  : F extends { readonly type: "u32" | "float" }
    ? number
    : F extends { readonly type: "hwaddr" }
      ? Mac
      : F extends { readonly type: "string" }
        ? string
        : F extends { readonly type: "bytes" }
          ? Uint8Array
          : Value;

const timeOnChannel = (operation: "accumulate" | "overwrite") =>
  ({
    tx: { id: 0, type: "u32", operation },
    rx: { id: 1, type: "u32", operation },
    rx_inbss: { id: 2, type: "u32", operation },
    busy: { id: 3, type: "u32", operation },
  }) as const;

/** `PHY` (0) and `VIF` (1) have ids in OpenSync and no definition; that of `PHY` is ours. */
export const statsDefinitions = {
  /** A radio. */
  PHY: {
    id: 0,
    key: ["phy_name"],
    first: "zero",
    steady: [],
    fields: {
      phy_name: { id: 0, type: "string", operation: "overwrite" },
      temperature_celsius: { id: 1, type: "float", operation: "overwrite" },
    },
  },
  /** A link to a station; `tx` is towards it. Rates in Mbit/s. */
  STA: {
    id: 2,
    key: ["phy_name", "vif_name", "mac_address"],
    first: "zero",
    steady: ["tx_bytes", "tx_frames", "rx_bytes", "rx_frames"],
    fields: {
      phy_name: { id: 0, type: "string", operation: "overwrite" },
      vif_name: { id: 1, type: "string", operation: "overwrite" },
      mac_address: { id: 2, type: "hwaddr", operation: "overwrite" },
      snr_db: { id: 3, type: "u32", operation: "overwrite" },
      tx_bytes: { id: 4, type: "u32", operation: "accumulate" },
      tx_frames: { id: 5, type: "u32", operation: "accumulate" },
      tx_retries: { id: 6, type: "u32", operation: "accumulate" },
      tx_errors: { id: 7, type: "u32", operation: "accumulate" },
      tx_rate_mbps: { id: 8, type: "u32", operation: "overwrite" },
      rx_bytes: { id: 9, type: "u32", operation: "accumulate" },
      rx_frames: { id: 10, type: "u32", operation: "accumulate" },
      rx_retries: { id: 11, type: "u32", operation: "accumulate" },
      rx_errors: { id: 12, type: "u32", operation: "accumulate" },
      rx_rate_mbps: { id: 13, type: "u32", operation: "overwrite" },
      vif_address: { id: 14, type: "hwaddr", operation: "overwrite" },
    },
  },
  /** Time on a channel, in ms, and the shares of it. */
  CHAN: {
    id: 3,
    key: ["phy_name", "freq_mhz"],
    first: "two samples",
    steady: ["active_msec"],
    fields: {
      phy_name: { id: 0, type: "string", operation: "overwrite" },
      freq_mhz: { id: 1, type: "u32", operation: "overwrite" },
      active_msec: { id: 2, type: "u32", operation: "accumulate" },
      cnt_msec: { id: 3, type: "nested", operation: "merge", fields: timeOnChannel("accumulate") },
      cnt_percent: { id: 4, type: "nested", operation: "merge", fields: timeOnChannel("overwrite") },
      noise_floor_dbm: { id: 5, type: "float", operation: "overwrite" },
    },
  },
  /** A BSS that was heard, in a scan or besides. `width_mhz` 8080 is 80+80. */
  BSS_SCAN: {
    id: 4,
    key: ["phy_name", "mac_address"],
    first: "zero",
    steady: [],
    fields: {
      phy_name: { id: 0, type: "string", operation: "overwrite" },
      mac_address: { id: 1, type: "hwaddr", operation: "overwrite" },
      freq_mhz: { id: 2, type: "u32", operation: "overwrite" },
      ssid: { id: 3, type: "bytes", operation: "overwrite" },
      width_mhz: { id: 4, type: "u32", operation: "overwrite" },
      ies: { id: 5, type: "bytes", operation: "overwrite" },
      snr_db: { id: 6, type: "u32", operation: "overwrite" },
      center_freq0_mhz: { id: 7, type: "u32", operation: "overwrite" },
      center_freq1_mhz: { id: 8, type: "u32", operation: "overwrite" },
    },
  },
} as const satisfies Record<string, StatsDefinition>;

export type StatsName = keyof typeof statsDefinitions;

export type StatsValues<Name extends StatsName> = Values<(typeof statsDefinitions)[Name]["fields"]>;

export const statsNames = Object.keys(statsDefinitions) as readonly StatsName[];

/** As subscribers to any kind see it. */
export function definitionOf(stats: StatsName): StatsDefinition {
  return statsDefinitions[stats];
}
