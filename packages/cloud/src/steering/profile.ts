/**
 * A class of devices, as `profiles/*.json` has it: by what it is recognised, how nodes shall steer it by themselves
 * (columns of `Band_Steering_Clients`, by their names), and how the cloud may move it.
 */

import { UserError } from "@opensync-ts/base/errors";
import { z } from "zod";
import * as limits from "./limits.ts";

const db = (most = 100) => z.int().min(0).max(most);
const seconds = z.int().min(0).max(86_400);
const milliseconds = z.int().min(0).max(600_000);
/**
 * For `sc_kick_type` deployed nodes take these two only, and deauthenticate when they do not understand what they read: so
 * nothing else is offered.
 */
const kick = z.enum(["btm_deauth", "deauth"]);
const btmParameters = z.strictObject({
  abridged: z.boolean(),
  disassocImminent: z.boolean(),
  pref: z.boolean(),
  incNeigh: z.boolean(),
  /** Beacon intervals. */
  validInterval: z.int().min(1).max(255),
  maxRetries: z.int().min(0).max(10),
  /** Seconds. */
  retryInterval: z.int().min(1).max(60),
});

const columnsSchema = z.strictObject({
  /** dB of SNR; 0 = off. */
  hwm: db(),
  lwm: db(),
  bottom_lwm: db(),
  pref_5g: z.enum(["never", "always", "hwm", "nonDFS"]),
  pref_6g: z.enum(["never", "always"]),
  pref_5g_pre_assoc_block_timeout_msecs: milliseconds,
  pref_6g_pre_assoc_block_timeout_msecs: milliseconds,
  pre_assoc_auth_block: z.boolean(),
  reject_detection: z.enum(["probe_all", "probe_null", "probe_direct", "auth_block"]),
  max_rejects: z.int().min(0).max(1000),
  rejects_tmout_secs: seconds,
  preq_snr_thr: db(20),
  backoff_secs: seconds,
  backoff_exp_base: z.int().min(1).max(10),
  steer_during_backoff: z.boolean(),
  kick_type: kick,
  sc_kick_type: kick,
  sticky_kick_type: kick,
  kick_reason: z.int().min(0).max(65_535),
  sc_kick_reason: z.int().min(0).max(65_535),
  sticky_kick_reason: z.int().min(0).max(65_535),
  kick_debounce_period: seconds,
  sc_kick_debounce_period: seconds,
  sticky_kick_debounce_period: seconds,
  steering_kick_guard_time: seconds,
  sticky_kick_guard_time: seconds,
  steering_kick_backoff_time: seconds,
  sticky_kick_backoff_time: seconds,
  settling_backoff_time: seconds,
  /** Only while it is idle. Deployed nodes do not steer up at all where this is false, and not away where it is unset. */
  kick_upon_idle: z.boolean(),
  send_rrm_after_assoc: z.boolean(),
  send_rrm_after_xing: z.boolean(),
  rrm_better_factor: db(40),
  rrm_age_time: seconds,
  active_treshold_bps: z.int().min(0).max(1_000_000_000),
  neighbor_list_filter_by_beacon_report: z.boolean(),
  neighbor_list_filter_by_btm_status: z.boolean(),
  btm_max_neighbors: z.int().min(1).max(20),
});

/** Their names, as the table has them. */
export const profileColumns = columnsSchema.keyof().options;
export type ProfileColumns = z.output<typeof columnsSchema>;
export type BtmParameters = z.output<typeof btmParameters>;

const words = z.array(z.string().min(1).max(limits.evidenceText)).max(limits.signsPerProfile).default([]);

const signsSchema = z.strictObject({
  /** Words of a host name, lower case; `*` at the end stands for anything. */
  hostname: words,
  /** How DHCP's vendor class begins. */
  vendorClass: words,
  /** Lists of DHCP's option 55, exactly. */
  fingerprint: words,
  /** How the name of a manufacturer begins, whatever the case. */
  vendor: words,
  /** What a device of this class can do at the most, and mostly does. */
  radio: z.strictObject({
    bands: z.array(z.enum(["2.4G", "5G", "6G"])).min(1),
    generations: z.array(z.enum(["legacy", "n", "ac", "ax", "be"])).min(1),
    streams: z.int().min(1).max(8),
    maxWidth: z.literal([20, 40, 80, 160, 320]),
    btm: z.boolean(),
    rrm: z.boolean(),
    multiLink: z.boolean().default(false),
  }),
});

const profileSchema = z.strictObject({
  description: z.string().min(1),
  /** Null: what nothing else fits. */
  signs: signsSchema.nullable(),
  columns: columnsSchema.partial(),
  /** What more holds where the home has several nodes: it takes the place of what a node alone would do. */
  severalNodes: columnsSchema.partial().default({}),
  btm: btmParameters.partial().default({}),
  optimiser: z.strictObject({
    /** `static`: once it has been found not to move. */
    move: z.enum(["always", "static", "never"]),
    /** Mbit/s that such a device wants to have at hand when it is used. */
    wants: z.number().min(0.01).max(10_000),
  }),
});

export type Profile = Omit<z.output<typeof profileSchema>, "columns" | "severalNodes" | "btm"> & {
  readonly name: string;
  readonly columns: ProfileColumns;
  /** What more holds where the home has several nodes. */
  readonly severalNodes: Readonly<Record<string, string | number | boolean>>;
  readonly btm: BtmParameters;
};
export type Signs = z.output<typeof signsSchema>;

/** What holds where a profile says nothing: the guide's defaults, all of them stated, as nodes differ in theirs. */
const guide: ProfileColumns = {
  hwm: 30,
  lwm: 10,
  bottom_lwm: 5,
  pref_5g: "hwm",
  pref_6g: "never",
  pref_5g_pre_assoc_block_timeout_msecs: 4000,
  pref_6g_pre_assoc_block_timeout_msecs: 4000,
  pre_assoc_auth_block: true,
  reject_detection: "probe_all",
  max_rejects: 0,
  rejects_tmout_secs: 0,
  preq_snr_thr: 0,
  backoff_secs: 120,
  backoff_exp_base: 3,
  steer_during_backoff: false,
  kick_type: "btm_deauth",
  sc_kick_type: "btm_deauth",
  sticky_kick_type: "btm_deauth",
  kick_reason: 1,
  sc_kick_reason: 1,
  sticky_kick_reason: 1,
  kick_debounce_period: 60,
  sc_kick_debounce_period: 60,
  sticky_kick_debounce_period: 60,
  steering_kick_guard_time: 10,
  sticky_kick_guard_time: 10,
  steering_kick_backoff_time: 1800,
  sticky_kick_backoff_time: 1800,
  settling_backoff_time: 0,
  kick_upon_idle: true,
  send_rrm_after_assoc: false,
  send_rrm_after_xing: false,
  rrm_better_factor: 3,
  rrm_age_time: 15,
  active_treshold_bps: 2000,
  neighbor_list_filter_by_beacon_report: true,
  neighbor_list_filter_by_btm_status: true,
  btm_max_neighbors: 3,
};

/** Phones and laptops want list, abridged and imminent together. */
const wholeBtm: BtmParameters = {
  abridged: true,
  disassocImminent: true,
  pref: true,
  incNeigh: true,
  validInterval: 255,
  maxRetries: 2,
  retryInterval: 3,
};

/** Throws a `UserError` with a line for each fault: which profile, where in it, what is wrong. */
export function parseProfile(value: unknown, name: string): Profile {
  const result = profileSchema.safeParse(value);
  if (result.success) {
    const { columns, severalNodes, btm, ...rest } = result.data;
    return {
      ...{ name, ...rest },
      columns: { ...guide, ...stated(columns) },
      severalNodes: stated(severalNodes),
      btm: { ...wholeBtm, ...stated(btm) },
    };
  }
  const faults = result.error.issues.slice(0, 20).map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new UserError(`profile ${name}: ${faults.join(`\nprofile ${name}: `)}`);
}

/** What is undefined has not been stated. */
function stated<T extends object>(partial: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(partial).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
