/**
 * How a node is asked for a move: columns of `Band_Steering_Clients`, step by step. Deployed nodes look at `force_kick` before
 * `cs_mode` when both come together, take `cs_mode` only while `cs_state` is clear, and act on a change of `force_kick` only. So: clear, arm,
 * kick; each step once the row shows the one before. Level-triggered: it looks at the row as it is, never at what was sent.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/ovsdb/datum";
import type { FrequencyBand } from "../radio-bands.ts";
import type { Columns } from "../rows.ts";
import type { BtmParameters } from "./profile.ts";

/** What one node has to do with a move. */
export interface NodeMove {
  readonly target: Mac;
  /** `home`: to an access point of the same node, on this band; `away`: to another node. */
  readonly mode: "home" | "away";
  readonly band: FrequencyBand;
  readonly btm: BtmParameters;
  /** The owner wants it there for so long: nobody is judged by it, and it lasts until it is taken back. */
  readonly hold?: Hold;
}

export interface Hold {
  /** How long from now; the node counts from when it begins. */
  readonly seconds: number;
  /** It is on another access point of the node now. */
  readonly isElsewhere: boolean;
}

/** Seconds for which the node refuses the client elsewhere. Short: it is without service if its new place refuses it, too. */
export const enforceSeconds = 60;
/** The same where the owner wants it: a node without its cloud ends it after a day. */
const longestHold = 86_400;

export type MoveStep = "clear" | "arm" | "kick";

const none = new Map<string, string>();
const resting: Columns = { cs_mode: "off", cs_params: none, force_kick: "none", sc_btm_params: none };

/** `row`: of this client, as the node has it. Undefined: it has none yet. */
export function moveColumns(move: NodeMove | null, row: Row | undefined): Columns {
  if (!move) return { ...resting, ...clearedState(row) };
  switch (stepOf(move, row)) {
    case "clear":
      return { ...resting, ...clearedState(row) };
    case "arm":
      return armed(move, row);
    case "kick":
      return { ...armed(move, row), force_kick: "directed" };
  }
}

export function stepOf(move: NodeMove, row: Row | undefined): MoveStep {
  if (!row) return "arm";
  const { cs_mode: mode, cs_state: state, force_kick: kick, sc_btm_params: btm } = row;
  const isThis = mode === move.mode && btm instanceof Map && btm.get("bssid") === move.target;
  // The node's time is over, and the owner's is not: again. What has failed is left: asking on and on would only disturb.
  if (isThis && move.hold && state === "expired") return "clear";
  // It has been kicked: that stands until the move has ended, whatever became of it.
  if (isThis && kick === "directed") return "kick";
  if (isThis) return state === "steering" && (move.hold?.isElsewhere ?? true) ? "kick" : "arm";
  const isClear = (mode ?? "off") === "off" && (kick ?? "none") === "none" && !leftover(state);
  return isClear ? "arm" : "clear";
}

function armed(move: NodeMove, row: Row | undefined): Columns {
  const { target, mode, band, btm } = move;
  const flag = (value: boolean) => (value ? "1" : "0");
  return {
    cs_mode: mode,
    cs_params: new Map([
      ["cs_enforce_period", String(periodOf(move, row))],
      ...(mode === "home" ? [["band", band] as const] : []),
    ]),
    force_kick: "none",
    sc_btm_params: new Map([
      ["bssid", target],
      ["abridged", flag(btm.abridged)],
      ["disassoc_imminent", flag(btm.disassocImminent)],
      ["pref", flag(btm.pref)],
      ["inc_neigh", flag(btm.incNeigh)],
      ["valid_interval", String(btm.validInterval)],
      ["btm_max_retries", String(btm.maxRetries)],
      ["btm_retry_interval", String(btm.retryInterval)],
    ]),
  };
}

/** One that has begun stays as it is, however little is left of it. */
function periodOf({ target, mode, hold }: NodeMove, row: Row | undefined): number {
  if (!hold) return enforceSeconds;
  const [begun, params, btm] = [row?.cs_mode, row?.cs_params, row?.sc_btm_params];
  const period = params instanceof Map ? Number(params.get("cs_enforce_period")) : Number.NaN;
  const isBegun = begun === mode && btm instanceof Map && btm.get("bssid") === target && period > 0;
  return isBegun ? period : Math.min(longestHold, Math.max(enforceSeconds, Math.ceil(hold.seconds)));
}

/** `cs_state` is the node's to write; what it has left there of the last round is the cloud's to take away, or there is no next one. */
function clearedState(row: Row | undefined): Columns {
  return leftover(row?.cs_state) ? { cs_state: null } : {};
}

function leftover(state: Row[string] | undefined): boolean {
  return state === "expired" || state === "failed" || state === "none";
}
