/**
 * Moves a client: first the access points that it is to leave refuse it, then it is asked to go (BTM), then it is
 * deauthenticated. One attempt at a time, each with an end. Pure: what is to be done comes back as actions.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Attempt, Outcome } from "./attempt.ts";
import type { Candidate } from "./candidates.ts";
import { steeringLimits } from "./limits.ts";
import { bssOf, type Link, type StationSnapshot, type SteeringInput } from "./model.ts";
import type { Enforcement } from "./policy.ts";
import type { KickSource } from "./policy-names.ts";
import type { Offer } from "./ranking.ts";
import type { BtmSettings, KickSettings } from "./settings.ts";

export type ExecutorAction =
  | {
      readonly type: "btm";
      readonly token: number;
      readonly source: KickSource;
      readonly retry: boolean;
      readonly links: readonly Link[];
      readonly candidates: readonly BtmCandidate[];
      readonly abridged: boolean;
      readonly disassocImminent: boolean;
      /** Until deauthentication, beacon intervals; 0 = not said. */
      readonly disassocTimer: number;
      readonly validInterval: number;
      /** Minutes; 0 = does not end. */
      readonly bssTermination: number;
    }
  | { readonly type: "beacon request"; readonly links: readonly Link[]; readonly channels: readonly BtmChannel[] }
  | { readonly type: "deauth"; readonly link: Link; readonly reason: number; readonly source: KickSource };

export interface BtmChannel {
  readonly opClass: number;
  readonly channel: number;
}

export interface BtmCandidate extends BtmChannel {
  readonly bssid: Mac;
  /** 255 is the best. */
  readonly preference: number;
}

export interface ExecutorQuery {
  readonly snapshot: StationSnapshot;
  readonly candidates: readonly Candidate[];
  readonly offer: Offer;
  /** What the most important policy that wants a move wants. */
  readonly wanted: Enforcement | null;
  readonly inputs: readonly SteeringInput[];
  readonly btmMaxNeighbors: number;
  /** Clients that can are asked what they hear before they leave for a weak signal. */
  readonly filterByBeaconReport: boolean;
  readonly nextToken: () => number;
  readonly now: number;
}

export interface ExecutorStep {
  readonly attempt: Attempt | null;
  readonly actions: readonly ExecutorAction[];
  readonly outcome: Outcome | null;
}

export function stepExecutor(attempt: Attempt | null, query: ExecutorQuery): ExecutorStep {
  const { wanted, now } = query;
  if (attempt === null) return wanted === null ? idle : begin(wanted, query);
  if (wanted?.policy !== attempt.policy) {
    const reason = wanted === null ? "no need any more" : `${wanted.policy} is more important`;
    return end(attempt, placeOf(attempt, query) ?? { result: "aborted", reason, to: null }, now);
  }
  const heard = query.inputs.reduce(hear, attempt);
  const place = placeOf(heard, query);
  if (place) return end(heard, place, now);
  if (now >= heard.startedAt + steeringLimits.attempt)
    return end(heard, { result: "failed", reason: "time is up", to: null }, now);
  return climb(heard, wanted, query);
}

/** When the executor wants to be looked at again. */
export function executorDue(attempt: Attempt | null): number | null {
  return attempt && Math.min(attempt.next, attempt.startedAt + steeringLimits.attempt);
}

const idle: ExecutorStep = { attempt: null, actions: [], outcome: null };

/** Nothing is begun that cannot be carried through. */
function begin(wanted: Enforcement, query: ExecutorQuery): ExecutorStep {
  const { snapshot, offer, now } = query;
  const { policy, source, kick } = wanted;
  const { ladder } = kick;
  const attempt: Attempt = {
    phase: "BLOCKING",
    ...{ policy, source, startedAt: now, next: now + steeringLimits.aclWait },
    ladder: ladder ?? { btm: false, beaconRequest: false, deauth: false },
    from: snapshot.links.map(({ bssid }) => bssid),
    ...{ requests: 0, deauths: 0, token: null, status: null, target: null, offered: [], verified: false, trail: [] },
  };
  const cannot = (reason: string) => end(attempt, { result: "no alternatives", reason, to: null }, now);
  if (ladder === null) return cannot("its kick type is none");
  if (snapshot.links.length === 0) return cannot("not connected");
  if (!isToLeave(query))
    return cannot("there is no better place for it, or a more important policy keeps it where it is");
  const target = kick.btm.target;
  const somewhere = offer.offered.some(
    ({ bss }) => target === null || !isForced(wanted.source) || bss.bssid === target,
  );
  if (!somewhere && !wanted.unconditional) {
    const why = offer.leftOut[0];
    return cannot(why ? `${why.bssid}: ${why.reason}` : "no candidate is available");
  }
  if (!canBtm(attempt, snapshot) && !ladder.deauth)
    return cannot("it does not support BTM, and its kick type allows nothing else");
  const measures = ladder.beaconRequest || (wanted.weak && query.filterByBeaconReport);
  if (!measures || !snapshot.rrm || offer.offered.length === 0) return climb(attempt, wanted, query);
  // Where it is counts, too: what it hears elsewhere is compared with that.
  const here = snapshot.links.flatMap(({ bssid }) => bssOf(snapshot, bssid) ?? []);
  const channels = channelsOf([...here, ...offer.offered.map(({ bss }) => bss)]);
  return {
    attempt: { ...attempt, phase: "MEASURING", next: now + steeringLimits.measure, trail: ["beacon request"] },
    actions: [
      { type: "beacon request", links: snapshot.links, channels: channels.slice(0, steeringLimits.beaconRequests) },
    ],
    outcome: null,
  };
}

function channelsOf(bsses: readonly BtmChannel[]): readonly BtmChannel[] {
  const channels = new Map(bsses.map(({ opClass, channel }) => [`${opClass} ${channel}`, { opClass, channel }]));
  return [...channels.values()];
}

/** A forced kick with a target is to that target; other policies only prefer theirs. */
function isForced(source: KickSource): boolean {
  return source === "speculative" || source === "directed";
}

function canBtm({ ladder }: Attempt, { btm }: StationSnapshot): boolean {
  return ladder.btm && btm;
}

function hear(attempt: Attempt, input: SteeringInput): Attempt {
  if (input.type === "frame sent" && input.token === attempt.token && !input.sent)
    return { ...attempt, trail: [...attempt.trail, "the driver did not send the BTM request"] };
  if (input.type !== "btm response" || input.token !== attempt.token || attempt.status !== null) return attempt;
  const { status, target } = input;
  const words = status === 0 ? `accepted${target ? `, to ${target}` : ""}` : `refused, status ${status}`;
  return { ...attempt, status, target, trail: [...attempt.trail, `BTM ${words}`] };
}

/** Where the client has ended up; null: that is still open. */
function placeOf(attempt: Attempt, { snapshot, candidates, now }: ExecutorQuery): Ending | null {
  const [newest] = snapshot.links;
  if (newest && !attempt.from.includes(newest.bssid)) {
    const preference = candidates.find(({ bss }) => bss.bssid === newest.bssid)?.preference;
    if (preference === "HARD_BLOCKED" || preference === "SOFT_BLOCKED")
      return { result: "failed", reason: `it went to ${newest.bssid}, where it is not wanted`, to: newest.bssid };
    return { result: "moved", reason: `it is on ${newest.vif}`, to: newest.bssid };
  }
  if (newest || attempt.phase !== "SETTLING" || now < attempt.next) return null;
  const target = attempt.target && bssOf(snapshot, attempt.target);
  const neighbours = candidates.some(({ bss, preference }) => bss.vif === null && preference === "AVAILABLE");
  if (target ? target.vif === null : neighbours)
    return { result: "left", reason: "it is on none of our access points any more", to: attempt.target };
  return { result: "failed", reason: "it has gone, and no neighbour is known where it may be", to: null };
}

function climb(attempt: Attempt, wanted: Enforcement, query: ExecutorQuery): ExecutorStep {
  const { snapshot, now } = query;
  if (snapshot.links.length === 0) {
    if (attempt.phase === "SETTLING") return { attempt, actions: [], outcome: null };
    const trail = [...attempt.trail, "disconnected"];
    return {
      attempt: { ...attempt, phase: "SETTLING", next: now + steeringLimits.settle, trail },
      actions: [],
      outcome: null,
    };
  }
  if (!isToLeave(query))
    return end(attempt, { result: "aborted", reason: "it is not to leave where it is any more", to: null }, now);
  // While it measures, what it has said so far is not all.
  if (!wanted.unconditional && attempt.phase !== "MEASURING" && !hasAlternative(query))
    return end(attempt, { result: "aborted", reason: "there is nothing left for it to go to", to: null }, now);
  switch (attempt.phase) {
    case "MEASURING":
      if (now < attempt.next) return { attempt, actions: [], outcome: null };
      if (query.offer.offered.length === 0 && !wanted.unconditional)
        return end(
          attempt,
          { result: "no alternatives", reason: "by its beacon report, nothing is better", to: null },
          now,
        );
      return climb({ ...attempt, phase: "BLOCKING", next: now + steeringLimits.aclWait }, wanted, query);
    case "BLOCKING": {
      const verified = refused(query);
      if (!verified && now < attempt.next) return { attempt, actions: [], outcome: null };
      const trail = verified ? attempt.trail : [...attempt.trail, "the driver does not refuse it; going on"];
      const ready = { ...attempt, verified, trail };
      return canBtm(attempt, snapshot) ? request(ready, wanted.kick, query) : lastRung(ready, wanted.kick, query);
    }
    case "REQUESTING": {
      const { status } = attempt;
      if (status !== null && status !== 0) return lastRung(attempt, wanted.kick, query);
      const next = status === 0 ? Math.min(attempt.next, now + steeringLimits.accepted) : attempt.next;
      if (now < next) return { attempt: { ...attempt, next }, actions: [], outcome: null };
      const more = status === null && attempt.requests <= retriesOf(wanted.kick.btm);
      return more ? request(attempt, wanted.kick, query) : lastRung(attempt, wanted.kick, query);
    }
    case "DEAUTHENTICATED":
      if (now < attempt.next) return { attempt, actions: [], outcome: null };
      return lastRung(attempt, wanted.kick, query);
    case "SETTLING":
      return attempt.ladder.deauth && attempt.deauths === 0
        ? lastRung({ ...attempt, trail: [...attempt.trail, "came back"] }, wanted.kick, query)
        : end(attempt, { result: "failed", reason: "it came back", to: null }, now);
  }
}

/** Nobody is moved off what the policy does not block, or must not. */
function isToLeave({ candidates, snapshot }: ExecutorQuery): boolean {
  return snapshot.links.every(({ bssid }) =>
    candidates.some(({ bss, preference }) => bss.bssid === bssid && preference === "HARD_BLOCKED"),
  );
}

/**
 * There is something that would be offered; also where the client has refused that: a ladder that ends with deauthentication takes no
 * for an answer once.
 */
function hasAlternative({ offer }: ExecutorQuery): boolean {
  return offer.offered.length > 0 || offer.leftOut.some(({ refused }) => refused);
}

/** Every access point that is to refuse the client does. */
function refused({ candidates, snapshot }: ExecutorQuery): boolean {
  if (snapshot.mlo || snapshot.groupMlo) return true;
  return candidates.every(
    ({ bss, preference }) => preference !== "HARD_BLOCKED" || bss.vif === null || snapshot.refusedBy.includes(bss.vif),
  );
}

function request(attempt: Attempt, kick: KickSettings, query: ExecutorQuery): ExecutorStep {
  const { snapshot, offer, now, nextToken, btmMaxNeighbors } = query;
  const { btm } = kick;
  const most = Math.min(btmMaxNeighbors, steeringLimits.btmNeighbors);
  const list = preferred(offer, btm, attempt.source).slice(0, btm.pref ? most : 0);
  const token = nextToken();
  const requests = attempt.requests + 1;
  const interval = Math.min(steeringLimits.longestRetry, Math.max(steeringLimits.shortestRetry, btm.retryInterval));
  const untilDeauth = Math.max(0, retriesOf(btm) + 1 - requests) * interval + interval;
  const leaving = snapshot.links.some(({ bssid }) => bssOf(snapshot, bssid)?.leaving);
  const disassocImminent = leaving || (btm.disassocImminent ?? attempt.ladder.deauth);
  const offered = list.map(({ bss }) => bss.bssid);
  const trail = [...attempt.trail, `BTM request ${requests} with ${offered.join(" ") || "no candidates"}`];
  return {
    attempt: { ...attempt, phase: "REQUESTING", requests, token, offered, next: now + interval, trail },
    actions: [
      {
        type: "btm",
        ...{ token, source: attempt.source, retry: requests > 1, links: snapshot.links, disassocImminent },
        candidates: list.map(({ bss: { bssid, opClass, channel } }, index) => ({
          ...{ bssid, opClass, channel },
          preference: 255 - index,
        })),
        abridged: btm.abridged,
        disassocTimer: disassocImminent && attempt.ladder.deauth ? Math.ceil(untilDeauth / 102.4) : 0,
        validInterval: btm.validInterval,
        bssTermination: btm.bssTermination,
      },
    ],
    outcome: null,
  };
}

function retriesOf({ maxRetries }: BtmSettings): number {
  return Math.min(maxRetries, steeringLimits.retries);
}

/** The target first; a forced kick has no other. */
function preferred({ offered }: Offer, btm: BtmSettings, source: KickSource): readonly Candidate[] {
  const { target, includeNeighbors } = btm;
  const first = offered.filter(({ bss }) => bss.bssid === target);
  const rest = offered.filter(({ bss }) => bss.bssid !== target && (includeNeighbors || bss.vif !== null));
  return isForced(source) && first.length > 0 ? first : [...first, ...rest];
}

function lastRung(attempt: Attempt, kick: KickSettings, query: ExecutorQuery): ExecutorStep {
  const { snapshot, now } = query;
  const { ladder, status, deauths } = attempt;
  const [link] = snapshot.links;
  if (!ladder.deauth || !link || deauths >= steeringLimits.deauths) {
    const why =
      deauths > 0
        ? "it stayed although it was deauthenticated"
        : status === null
          ? "it did not answer"
          : status === 0
            ? "it accepted and stayed"
            : `it refused with status ${status}`;
    return end(attempt, { result: "failed", reason: why, to: null }, now);
  }
  const trail = [...attempt.trail, `deauthenticated on ${link.vif}`];
  const next = now + steeringLimits.settle;
  return {
    attempt: { ...attempt, phase: "DEAUTHENTICATED", deauths: deauths + 1, next, trail },
    actions: [{ type: "deauth", link, reason: kick.reason, source: attempt.source }],
    outcome: null,
  };
}

type Ending = Pick<Outcome, "result" | "reason" | "to">;

function end(attempt: Attempt, ending: Ending, now: number): ExecutorStep {
  const { policy, source, startedAt, from, requests, deauths, status, trail } = attempt;
  return {
    attempt: null,
    actions: [],
    outcome: { policy, source, startedAt, endedAt: now, from, requests, deauths, status, trail, ...ending },
  };
}
