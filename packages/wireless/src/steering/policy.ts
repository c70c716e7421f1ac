/** What policies share: what they see of a station, and what they may say. */

import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/target/radio";
import type { Outcome } from "./attempt.ts";
import type { CandidateList } from "./candidates.ts";
import type { StationSnapshot, SteeringInput } from "./model.ts";
import type { Move } from "./moves.ts";
import type { KickSource, PolicyName } from "./policy-names.ts";
import type { ClientSettings, KickSettings } from "./settings.ts";

/** A policy wants the client moved, and this is how. */
export interface Enforcement {
  readonly policy: PolicyName;
  readonly source: KickSource;
  readonly kick: KickSettings;
  /** Moved even where there is nothing else for it. */
  readonly unconditional: boolean;
  /** It leaves because its signal is weak. */
  readonly weak: boolean;
  /** The only band that it is sent to; null: any. */
  readonly band: Band | null;
  /** It waits rather than go back where it came from lately. */
  readonly holdsReturns: boolean;
}

/** Worth telling the cloud. */
export type Note =
  | { readonly type: "backoff"; readonly vif: string; readonly enabled: boolean; readonly period: number }
  | { readonly type: "attempt"; readonly vif: string };

export type PolicyEvent = SteeringInput | { readonly type: "attempt ended"; readonly outcome: Outcome };

export interface PolicyContext {
  readonly snapshot: StationSnapshot;
  readonly settings: ClientSettings;
  /** Monotonic ms. */
  readonly now: number;
  /** When the client was last moved, or tried to; null: never. */
  readonly lastKickAt: number | null;
  readonly moves: readonly Move[];
  note(note: Note): void;
  transition(policy: PolicyName, from: string, to: string, reason: string): void;
}

/** One state machine. All functions are pure but for what they tell the context and write on the list. */
export interface Policy<State> {
  readonly start: State;
  on(state: State, event: PolicyEvent, context: PolicyContext): State;
  /** Looks at the snapshot and the time. */
  tick(state: State, context: PolicyContext): State;
  /** When it wants to be looked at again, monotonic ms. */
  due(state: State): number | null;
}

/** The links' BSSIDs, each hard-blocked. */
export function blockLinks(list: CandidateList, bssids: readonly Mac[], policy: PolicyName, reason: string): void {
  for (const bssid of bssids) list.set(bssid, "HARD_BLOCKED", policy, reason);
}

export function linkedBssids(snapshot: StationSnapshot): readonly Mac[] {
  return snapshot.links.map(({ bssid }) => bssid);
}

/** One of ours and of the group. */
export function isLocal(snapshot: StationSnapshot, bss: { readonly bssid: Mac; readonly vif: string | null }): boolean {
  return bss.vif !== null && snapshot.members.includes(bss.bssid);
}

export function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
