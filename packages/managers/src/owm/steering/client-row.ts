/**
 * A row of `Band_Steering_Clients` as settings. Integer columns that are mandatory read as 0 where an insert left them out;
 * docs/steering.md says for each column what 0 and "unset" mean.
 */

import { parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import {
  btmDeauth,
  type ClientSettings,
  defaultSettings,
  type KickSettings,
  type Ladder,
  type SteeringBand,
} from "@opensync-ts/wireless/steering/settings";
import type { SteeredClientSettings } from "@opensync-ts/wireless/steering/steering";
import type { Problem } from "../problems.ts";
import { btmSettings, ParamReader, type Tell } from "./btm-params.ts";
import { steeringGlueLimits } from "./limits.ts";

export type ClientRow = Row<"Band_Steering_Clients">;

export interface ReadClient {
  /** null: the row has no effect. */
  readonly settings: SteeredClientSettings | null;
  /** Bits per second. */
  readonly activityBps: number;
  readonly problems: readonly Problem[];
}

export function readClient(row: ClientRow): ReadClient {
  const problems: Problem[] = [];
  const tell: Tell = (column, value, reason) =>
    problems.push({ table: "Band_Steering_Clients", row: row.mac, column, value, reason });
  const activityBps = row.active_treshold_bps ?? steeringGlueLimits.activityBps;
  const mac = parseMac(row.mac);
  if (!mac) {
    tell("mac", row.mac, "not a MAC address (aa:bb:cc:dd:ee:ff); the row has no effect");
    return { settings: null, activityBps, problems };
  }
  const defaults = defaultSettings(mac);
  const settings: SteeredClientSettings = {
    ...defaults,
    ...thresholds(row, tell),
    ...preAssociation(row, defaults, tell),
    backoff: time("backoff_secs", row.backoff_secs, tell) || defaults.backoff,
    backoffBase: row.backoff_exp_base ?? defaults.backoffBase,
    steerDuringBackoff: row.steer_during_backoff ?? false,
    kickUponIdle: row.kick_upon_idle ?? false,
    steering: steeringKick(row, defaults.steering, tell),
    sticky: stickyKick(row, defaults.sticky, tell),
    client: clientKick(row, defaults.client, tell),
    forceKick: forceKickOf(row, tell),
    clientSteering: clientSteeringOf(row, defaults, tell),
    filterByBeaconReport: row.neighbor_list_filter_by_beacon_report ?? defaults.filterByBeaconReport,
    filterByBtmStatus: row.neighbor_list_filter_by_btm_status ?? defaults.filterByBtmStatus,
    betterBy: snr("rrm_better_factor", row.rrm_better_factor, tell) ?? defaults.betterBy,
    reportAge: time("rrm_age_time", row.rrm_age_time ?? 0, tell) || defaults.reportAge,
    btmMaxNeighbors: row.btm_max_neighbors || defaults.btmMaxNeighbors,
    beaconRequests: row.send_rrm_after_assoc ?? false,
    ended: row.cs_state === "none" || row.cs_state === "expired" || row.cs_state === "failed",
  };
  return { settings, activityBps, problems };
}

/** An `hwm` below `lwm` would send a client up and down for ever: it counts as high as that. */
function thresholds(row: ClientRow, tell: Tell): Pick<ClientSettings, "hwm" | "lwm" | "bottomLwm"> {
  const hwm = snr("hwm", row.hwm, tell);
  const lwm = snr("lwm", row.lwm, tell);
  const bottomLwm = snr("bottom_lwm", row.bottom_lwm, tell);
  if (hwm === null || lwm === null || hwm >= lwm) return { hwm, lwm, bottomLwm };
  tell("hwm", `${hwm}`, `below lwm (${lwm}), between them a client would go up and down; hwm counts as ${lwm}`);
  return { hwm: lwm, lwm, bottomLwm };
}

function preAssociation(
  row: ClientRow,
  defaults: ClientSettings,
  tell: Tell,
): Pick<
  ClientSettings,
  | "pref5g"
  | "pref6g"
  | "authBlock"
  | "rejectDetection"
  | "maxRejects"
  | "rejectsTimeout"
  | "blockTimeout"
  | "blockTimeout6g"
  | "probeSnr"
> {
  const maxRejects = whole("max_rejects", row.max_rejects, tell);
  const blockTimeout = row.pref_5g_pre_assoc_block_timeout_msecs;
  const detection = row.reject_detection;
  return {
    pref5g: row.pref_5g ?? "never",
    pref6g: row.pref_6g ?? "never",
    authBlock: row.pre_assoc_auth_block ?? true,
    rejectDetection:
      detection === "auth_block" || detection === "auth"
        ? "auth"
        : detection === "probe_null" || detection === "probe_direct"
          ? detection
          : "probe_all",
    maxRejects,
    rejectsTimeout: time("rejects_tmout_secs", row.rejects_tmout_secs, tell),
    // A row that counts and names no time has none; one that says neither has the guide's.
    blockTimeout: blockTimeout > 0 || maxRejects > 0 ? blockTimeout : defaults.blockTimeout,
    blockTimeout6g: row.pref_6g_pre_assoc_block_timeout_msecs || defaults.blockTimeout6g,
    probeSnr: row.preq_snr_thr ?? 0,
  };
}

function steeringKick(row: ClientRow, defaults: KickSettings, tell: Tell): KickSettings {
  return {
    ladder: ladder("kick_type", row.kick_type, tell),
    reason: reason("kick_reason", row.kick_reason, tell) ?? defaults.reason,
    debounce: time("kick_debounce_period", row.kick_debounce_period, tell) || defaults.debounce,
    guard: optionalTime("steering_kick_guard_time", row.steering_kick_guard_time, tell) ?? defaults.guard,
    backoffCeiling:
      optionalTime("steering_kick_backoff_time", row.steering_kick_backoff_time, tell) ?? defaults.backoffCeiling,
    btm: btmSettings("steering_btm_params", row.steering_btm_params, defaults.btm, tell),
  };
}

function stickyKick(row: ClientRow, defaults: KickSettings, tell: Tell): KickSettings {
  return {
    ladder: ladder("sticky_kick_type", row.sticky_kick_type, tell),
    reason: reason("sticky_kick_reason", row.sticky_kick_reason, tell) ?? defaults.reason,
    debounce: time("sticky_kick_debounce_period", row.sticky_kick_debounce_period, tell) || defaults.debounce,
    guard: optionalTime("sticky_kick_guard_time", row.sticky_kick_guard_time, tell) ?? defaults.guard,
    backoffCeiling:
      optionalTime("sticky_kick_backoff_time", row.sticky_kick_backoff_time, tell) ?? defaults.backoffCeiling,
    btm: btmSettings("sticky_btm_params", row.sticky_btm_params, defaults.btm, tell),
  };
}

function clientKick(row: ClientRow, defaults: KickSettings, tell: Tell): KickSettings {
  return {
    ...defaults,
    ladder: ladder("sc_kick_type", row.sc_kick_type, tell),
    reason: reason("sc_kick_reason", row.sc_kick_reason, tell) ?? defaults.reason,
    debounce: time("sc_kick_debounce_period", row.sc_kick_debounce_period, tell),
    btm: btmSettings("sc_btm_params", row.sc_btm_params, defaults.btm, tell),
  };
}

/** Disassociation is carried out as deauthentication: drivers have no other. */
function ladder(column: string, type: ClientRow["sc_kick_type"] | "", tell: Tell): Ladder | null {
  const none = { btm: false, beaconRequest: false, deauth: false };
  switch (type) {
    case null:
    case "":
    case "btm_deauth":
    case "btm_disassoc":
      return btmDeauth;
    case "none":
      return null;
    case "deauth":
    case "disassoc":
      return { ...none, deauth: true };
    case "bss_tm_req":
      return { ...none, btm: true };
    case "rrm_deauth":
    case "rrm_disassoc":
      return { ...none, beaconRequest: true, deauth: true };
    case "rrm_br_req":
      tell(column, type, "a beacon request moves nobody; counts as none");
      return null;
  }
}

function forceKickOf({ force_kick }: ClientRow, tell: Tell): ClientSettings["forceKick"] {
  if (force_kick !== "ghost_device") return force_kick ?? "none";
  tell("force_kick", force_kick, "not supported; counts as none");
  return "none";
}

const bands: readonly SteeringBand[] = ["2.4G", "5G", "5GL", "5GU", "6G"];

function clientSteeringOf(row: ClientRow, defaults: ClientSettings, tell: Tell): ClientSettings["clientSteering"] {
  const read = new ParamReader("cs_params", row.cs_params, tell);
  const name = read.text("band");
  const band = bands.find((each) => each === name) ?? null;
  if (name !== null && name !== "" && band === null)
    read.wrong("band", `not one of ${bands.join(", ")}; any band will do`);
  const period = read.number("cs_enforce_period", 0, steeringGlueLimits.longestSeconds);
  read.tellUnknown();
  return {
    mode: row.cs_mode ?? "off",
    band,
    period: period === null ? defaults.clientSteering.period : period * 1_000,
    round: 0,
  };
}

/** null for 0 and unset: none. */
function snr(column: string, value: number | null, tell: Tell): number | null {
  if (value === null || value === 0) return null;
  if (value > 0 && value <= steeringGlueLimits.highestSnr) return value;
  tell(column, `${value}`, `not within 1 to ${steeringGlueLimits.highestSnr} dB; counts as not set`);
  return null;
}

function whole(column: string, value: number, tell: Tell): number {
  if (value >= 0) return value;
  tell(column, `${value}`, "negative; counts as 0");
  return 0;
}

/** Seconds to ms. */
function time(column: string, value: number, tell: Tell): number {
  const { longestSeconds } = steeringGlueLimits;
  if (value >= 0 && value <= longestSeconds) return value * 1_000;
  const meant = value < 0 ? 0 : longestSeconds;
  tell(column, `${value}`, `not within 0 to ${longestSeconds} s; counts as ${meant}`);
  return meant * 1_000;
}

function optionalTime(column: string, value: number | null, tell: Tell): number | null {
  return value === null ? null : time(column, value, tell);
}

function reason(column: string, value: number, tell: Tell): number | null {
  if (value === 0) return null;
  if (value > 0 && value <= 65_535) return value;
  tell(column, `${value}`, "not a reason code (1 to 65535); counts as 1");
  return null;
}
