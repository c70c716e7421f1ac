/**
 * Low water marks: a client whose signal has become weak leaves (`lwm`), and a client without 802.11v whose signal on
 * 2.4 GHz is hopeless is thrown out, wherever it may go (`bottom_lwm`).
 */

import type { Db } from "@opensync-ts/base/units";
import { type CandidateList, isOpen } from "../candidates.ts";
import { closedGate } from "../kick-gate.ts";
import { endKick, idleKick, type KickState, tickKick } from "../kick-machine.ts";
import { steeringLimits } from "../limits.ts";
import { linkedOnlyTo, type StationSnapshot } from "../model.ts";
import { blockLinks, earliest, isLocal, type Policy, type PolicyContext } from "../policy.ts";
import type { KickSettings } from "../settings.ts";
import { whyDisarmed } from "./filters.ts";

/** dB above `lwm` that a signal must have had once, to be called weak below it. */
const hysteresis = 6;
/** The guide's test value: to 2.4 GHz, whatever the signal. */
const forcedLwm = 1;

export type SnrLevel = "NONE" | "ABOVE" | "BELOW";

export interface XingState {
  readonly level: SnrLevel;
  /** Of which links: another association begins anew. */
  readonly links: string;
  /** Until then a weak signal may be that of somebody who is coming nearer; monotonic ms, null: it is over. */
  readonly settles: number | null;
  readonly kick: KickState;
}

type Mode = "lwm" | "bottom_lwm";

/**
 * Of all links together: each with a known signal is below `below`, above `above`, or where it was. `null`: they disagree.
 * From `NONE`, `BELOW` is entered only where `direct`.
 */
export function nextLevel(
  level: SnrLevel,
  signals: readonly (Db | null)[],
  thresholds: { readonly below: Db; readonly above: Db; readonly direct: boolean },
): SnrLevel {
  if (signals.length === 0) return "NONE";
  const known = signals.filter((snr) => snr !== null);
  const levels = new Set<SnrLevel>(
    known.map((snr) => (snr < thresholds.below ? "BELOW" : snr > thresholds.above ? "ABOVE" : level)),
  );
  const [agreed] = levels;
  if (levels.size !== 1 || agreed === undefined) return level;
  return agreed === "BELOW" && level === "NONE" && !thresholds.direct ? "NONE" : agreed;
}

export function snrXing(mode: Mode): Policy<XingState> {
  const policy = `snr_xing_${mode}` as const;
  return {
    start: { level: "NONE", links: "", settles: null, kick: idleKick },
    on(state, event, context) {
      if (event.type !== "attempt ended") return state;
      const ceiling = context.settings.sticky.backoffCeiling;
      return { ...state, kick: endKick(state.kick, event.outcome, { policy, ceiling }, context) };
    },
    tick(state, context) {
      const { snapshot, settings } = context;
      const threshold = thresholdOf(mode, settings);
      const signals = snapshot.links.map(({ snr }) => snr);
      const links = snapshot.links.map(({ bssid, connectedAt }) => `${bssid} ${connectedAt}`).join();
      const settles = settlingEnd(snapshot, context.now);
      const before = links === state.links ? state.level : "NONE";
      const level =
        threshold === null
          ? "NONE"
          : nextLevel(before, signals, {
              below: threshold,
              above: mode === "lwm" ? threshold + hysteresis : threshold,
              direct: mode === "bottom_lwm" || settles === null,
            });
      if (level !== state.level) context.transition(policy, state.level, level, `SNR ${signals.join(" ")} dB`);
      // It may have come back with several links meanwhile.
      const enforcing = state.kick.phase === "enforce" && threshold !== null && !snapshot.mlo;
      const need = enforcing ? "under way" : needOf(mode, level, context);
      const gate = closedGate(bottomKick(mode, settings.sticky), context);
      const { steerDuringBackoff: duringBackoff } = settings;
      return { level, links, settles, kick: tickKick(state.kick, { policy, need, gate, duringBackoff }, context) };
    },
    due: ({ kick, settles }) => earliest(kick.until, settles),
  };
}

function settlingEnd({ links }: StationSnapshot, now: number): number | null {
  const end = Math.max(0, ...links.map(({ connectedAt }) => connectedAt + steeringLimits.weakFromStart));
  return end > now ? end : null;
}

/** Those who do not speak 802.11v cannot be asked. */
export function bottomKick(mode: Mode, sticky: KickSettings): KickSettings {
  if (mode === "lwm" || sticky.ladder === null) return sticky;
  return { ...sticky, ladder: { btm: false, beaconRequest: false, deauth: true } };
}

export function editSnrXing(mode: Mode, list: CandidateList, { kick }: XingState, context: PolicyContext): void {
  if (kick.phase !== "enforce") return;
  const { settings } = context;
  const policy = `snr_xing_${mode}` as const;
  const leaving = new Set(kick.from);
  if (!kick.from.every((bssid) => ["NONE", "HARD_BLOCKED"].includes(list.get(bssid)?.preference ?? ""))) return;
  const forced = mode === "lwm" && isForcedLwm(settings.lwm);
  const isTarget = ({ band, bssid }: { band: string; bssid: (typeof kick.from)[number] }) =>
    !leaving.has(bssid) && (!forced || band === "2.4G");
  if (mode === "lwm" && !list.all.some((candidate) => isOpen(candidate) && isTarget(candidate.bss))) return;
  blockLinks(list, kick.from, policy, "its signal there is weak");
  for (const { bss } of list.all) {
    if (isTarget(bss)) list.set(bss.bssid, "AVAILABLE", policy, "may be better");
    else list.set(bss.bssid, "HARD_BLOCKED", policy, "not of 2.4 GHz");
  }
}

function thresholdOf(mode: Mode, { lwm, bottomLwm }: PolicyContext["settings"]): Db | null {
  return mode === "lwm" ? lwm : bottomLwm;
}

export function isForcedLwm(lwm: Db | null): boolean {
  return lwm === forcedLwm;
}

function needOf(mode: Mode, level: SnrLevel, context: PolicyContext): string | null {
  const { snapshot, settings } = context;
  const { lwm, bottomLwm } = settings;
  if (snapshot.mlo || whyDisarmed(snapshot) !== null) return null;
  const known = snapshot.links.every(({ snr }) => snr !== null);
  if (mode === "bottom_lwm") {
    if (level !== "BELOW" || !known || bottomLwm === null || snapshot.btm) return null;
    if (!linkedOnlyTo(snapshot, (bss) => isLocal(snapshot, bss) && bss.band === "2.4G")) return null;
    return `SNR ${signalText(snapshot)} is below ${bottomLwm} dB, and it does not support BTM`;
  }
  if (lwm === null || !linkedOnlyTo(snapshot, (bss) => isLocal(snapshot, bss))) return null;
  if (isForcedLwm(lwm))
    return linkedOnlyTo(snapshot, ({ band }) => band !== "2.4G") ? "lwm 1 sends it to 2.4 GHz" : null;
  // What was weak when it was last heard may not be so any more.
  return level === "BELOW" && known ? `SNR ${signalText(snapshot)} is below ${lwm} dB` : null;
}

function signalText({ links }: StationSnapshot): string {
  return links.map(({ snr }) => (snr === null ? "unknown" : `${snr} dB`)).join(" ");
}
