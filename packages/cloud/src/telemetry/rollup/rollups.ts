/**
 * What is kept of measurements, for each step of time: which things are told apart, and what is known of each. A row can be merged with
 * another one of the same thing, so rows of a longer step are made of those of a shorter one, and a row may be written in parts.
 */

/** How two values become one. `last`: that of the row whose `last_ms` is greater. */
export type Merge = "sum" | "min" | "max" | "last" | "last text";

export interface Rollup {
  readonly table: RollupTableName;
  /** What tells things of one location apart. */
  readonly keys: Readonly<Record<string, "text" | "integer">>;
  /** All may be unknown but sums. */
  readonly measures: Readonly<Record<string, Merge>>;
}

export type RollupTableName = "rollup_clients" | "rollup_radios" | "rollup_channels" | "rollup_nodes";

const air = {
  /** How long was listened, ms, and how much of that the channel was busy, and with what. */
  listen_ms: "sum",
  busy_ms: "sum",
  tx_ms: "sum",
  rx_ms: "sum",
  /** Percent, of a sample. */
  busy_max: "max",
  /** dBm */
  noise_sum: "sum",
  noise_count: "sum",
  last_ms: "max",
} as const;

export const rollups = {
  /** A client (of several links: each) on a radio of a node. rx is from the client. */
  clients: {
    table: "rollup_clients",
    keys: { mac: "text", node_id: "text", band: "text" },
    measures: {
      reports: "sum",
      connected_ms: "sum",
      connects: "sum",
      disconnects: "sum",
      rx_bytes: "sum",
      tx_bytes: "sum",
      rx_frames: "sum",
      tx_frames: "sum",
      rx_retries: "sum",
      tx_retries: "sum",
      rx_errors: "sum",
      tx_errors: "sum",
      /** Reports whose bytes are more than the link can have carried: they are not in the sums. */
      doubtful: "sum",
      snr_min: "min",
      snr_max: "max",
      snr_sum: "sum",
      snr_count: "sum",
      /** Rates of the link, Mbit/s. */
      rx_link_sum: "sum",
      rx_link_count: "sum",
      tx_link_sum: "sum",
      tx_link_count: "sum",
      /** What went over it, Mbit/s, in one report. */
      rx_mbps_max: "max",
      tx_mbps_max: "max",
      ssid: "last text",
      last_ms: "max",
    },
  },
  /** The operating channel of a radio. */
  radios: {
    table: "rollup_radios",
    keys: { node_id: "text", band: "text" },
    measures: {
      ...air,
      self_ms: "sum",
      clients_sum: "sum",
      clients_count: "sum",
      clients_max: "max",
      channel: "last",
    },
  },
  /** Another channel, as a radio of a node heard it. */
  channels: {
    table: "rollup_channels",
    keys: { node_id: "text", band: "text", channel: "integer" },
    measures: air,
  },
  nodes: {
    table: "rollup_nodes",
    keys: { node_id: "text" },
    measures: {
      reports: "sum",
      load_sum: "sum",
      load_count: "sum",
      load_max: "max",
      cpu_sum: "sum",
      cpu_count: "sum",
      cpu_max: "max",
      /** kB */
      memory_used_sum: "sum",
      memory_count: "sum",
      memory_total: "last",
      /** The hottest radio of a report. */
      celsius_sum: "sum",
      celsius_count: "sum",
      celsius_max: "max",
      uptime_s: "last",
      reboots: "sum",
      last_ms: "max",
    },
  },
} as const satisfies Readonly<Record<string, Rollup>>;

export type RollupName = keyof typeof rollups;
type Keys<N extends RollupName> = {
  readonly [K in keyof (typeof rollups)[N]["keys"]]: (typeof rollups)[N]["keys"][K] extends "text" ? string : number;
};
type Measures<N extends RollupName> = {
  readonly [M in keyof (typeof rollups)[N]["measures"]]: (typeof rollups)[N]["measures"][M] extends "sum"
    ? number
    : (typeof rollups)[N]["measures"][M] extends "last text"
      ? string | null
      : number | null;
};

/** A row of the store. `step` in s, `at` (its beginning) in ms since 1970. */
export type RollupRow<N extends RollupName> = {
  readonly location_id: string;
  readonly step: number;
  readonly at: number;
} & Keys<N> &
  Measures<N>;

/** What one report adds to one row of a minute; what it does not know it leaves out. */
export type Contribution = {
  readonly [N in RollupName]: {
    readonly rollup: N;
    /** Any time of the minute. */
    readonly at: number;
    readonly keys: Keys<N>;
    readonly measures: Partial<Measures<N>>;
  };
}[RollupName];

/** Steps in s; each is made of the one before. */
export const steps = [60, 900, 3_600, 86_400] as const;
export type Step = (typeof steps)[number];

export function startOf(at: number, step: number): number {
  return at - (at % (step * 1000));
}
