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
}

/** Seconds for which the node refuses the client elsewhere. Short: it is without service if its new place refuses it, too. */
export const enforceSeconds = 60;

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
      return armed(move);
    case "kick":
      return { ...armed(move), force_kick: "directed" };
  }
}

export function stepOf(move: NodeMove, row: Row | undefined): MoveStep {
  if (!row) return "arm";
  const { cs_mode: mode, cs_state: state, force_kick: kick, sc_btm_params: btm } = row;
  const isThis = mode === move.mode && btm instanceof Map && btm.get("bssid") === move.target;
  // It has been kicked: that stands until the move has ended, whatever became of it.
  if (isThis && kick === "directed") return "kick";
  if (isThis) return state === "steering" ? "kick" : "arm";
  const isClear = (mode ?? "off") === "off" && (kick ?? "none") === "none" && !leftover(state);
  return isClear ? "arm" : "clear";
}

function armed({ target, mode, band, btm }: NodeMove): Columns {
  const flag = (value: boolean) => (value ? "1" : "0");
  return {
    cs_mode: mode,
    cs_params: new Map([
      ["cs_enforce_period", String(enforceSeconds)],
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

/** `cs_state` is the node's to write; what it has left there of the last round is the cloud's to take away, or there is no next one. */
function clearedState(row: Row | undefined): Columns {
  return leftover(row?.cs_state) ? { cs_state: null } : {};
}

function leftover(state: Row[string] | undefined): boolean {
  return state === "expired" || state === "failed" || state === "none";
}
