/** Nobody is kicked without somewhere better to go, and nobody twice at a time. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { Attempt } from "@opensync-ts/wireless/steering/attempt";
import type { SteeringAction } from "@opensync-ts/wireless/steering/decide";
import type { CandidateExplanation, Explanation } from "@opensync-ts/wireless/steering/explanation";
import { readFrame } from "@opensync-ts/wireless/steering/frames";
import { steeringLimits } from "@opensync-ts/wireless/steering/limits";
import type { Transition } from "@opensync-ts/wireless/steering/state";
import { explanationOf, Memory, type WatchedHome, type WatchedNode } from "./watched-home.ts";

type Kick = Extract<SteeringAction, { type: "btm" | "deauth" }>;

interface Report {
  /** Half decibels from −110 dBm. */
  readonly rcpi: number;
  readonly at: number;
}

interface InFlight {
  readonly node: WatchedNode;
  readonly policy: string;
  readonly startedAt: number;
  readonly type: Kick["type"];
  readonly at: number;
  /** By the row of that time. */
  readonly interval: number;
}

/** −82 dBm, as RCPI: weaker is no place to be sent to. */
const hardlyHeard = 56;
/** A signal that was called weak is weak until it is so much stronger. */
const hysteresis = 6;
/** The values with which the guide sends a client up or down whatever the signal. */
const forcedHwm = 100;
const forcedLwm = 1;

export class KickWatch {
  kicks = 0;
  readonly #watched: WatchedHome;
  /** By node and client, then BSSID: what the client said that it hears. */
  readonly #reports = new Memory(() => new Map<Mac, Report>());
  /** By client: the last one. */
  readonly #inFlight = new Map<Mac, InFlight>();
  readonly #leftAt = new Map<string, number>();
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor(watched: WatchedHome) {
    this.#watched = watched;
    this.#unsubscribe = [
      watched.home.world.events.on("disassociated", ({ mac, bssid }) => {
        this.#leftAt.set(`${mac} ${bssid}`, watched.home.clock.now());
      }),
      ...watched.nodes.flatMap((node) => [
        node.steering.events.on("action", ({ station, action }) => {
          if (action.type === "btm" || action.type === "deauth") this.#kicked(node, station, action);
        }),
        node.steering.events.on("decision", ({ station, decision }) => {
          for (const transition of decision.transitions)
            if (transition.to === "enforce") this.#needed(node, station, transition, decision.explanation);
        }),
        node.node.wireless.state.events.on("frameReceived", ({ vif, frame }) => this.#heard(node, vif, frame)),
      ]),
    ];
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  get #now(): number {
    return this.#watched.home.clock.now();
  }

  #broken(node: WatchedNode, station: Mac, words: string): void {
    this.#watched.broken(`${node.node.id} ${station}: ${words}`);
  }

  #kicked(node: WatchedNode, station: Mac, action: Kick): void {
    this.kicks++;
    const explanation = explanationOf(node, station);
    const attempt = explanation?.attempt ?? null;
    if (explanation === null || attempt === null) {
      this.#broken(node, station, `${action.type} without an attempt`);
      return;
    }
    const links = action.type === "btm" ? action.links : [action.link];
    for (const { bssid } of links)
      if (!explanation.links.some((link) => link.bssid === bssid))
        this.#broken(node, station, `${action.type} on ${bssid}, where it is not`);
    this.#alone(node, station, attempt, explanation);
    const interval = this.#intervalOf(station, attempt);
    this.#inFlight.set(station, { node, type: action.type, at: this.#now, interval, ...identity(attempt) });
    if (attempt.policy !== "snr_xing_bottom_lwm") this.#hasBetter(node, station, action, attempt, explanation);
  }

  /** A BTM request is in flight until it is answered, its time is up, the client has gone, or its attempt is over; so is a deauthentication. */
  #alone(node: WatchedNode, station: Mac, attempt: Attempt, { attempts }: Explanation): void {
    const last = this.#inFlight.get(station);
    if (!last) return;
    const says = (words: string) =>
      this.#broken(
        node,
        station,
        `${attempt.policy} kicks ${words} (${last.policy} ${last.type} ${this.#now - last.at} ms ago)`,
      );
    if (last.node !== node) {
      if (this.#isUnderWay(last, station)) says(`while ${last.node.node.id} does`);
      return;
    }
    if (last.policy !== attempt.policy || last.startedAt !== attempt.startedAt) {
      const ended = attempts.some(({ policy, startedAt }) => policy === last.policy && startedAt === last.startedAt);
      if (!ended) says("while another attempt is under way");
      return;
    }
    const answered = attempt.status !== null && attempt.status !== 0;
    // The row may have changed since: either interval will do.
    const interval = Math.min(last.interval, this.#intervalOf(station, attempt));
    // Who said yes has its own time to go.
    const asked = attempt.status === 0 ? Math.min(interval, steeringLimits.accepted) : interval;
    const time = last.type === "btm" ? asked : steeringLimits.settle;
    const gone = attempt.trail.includes("came back");
    if (!gone && !(last.type === "btm" && answered) && this.#now < last.at + time) says("again too early");
  }

  /** On another node, as far as that could know. */
  #isUnderWay(last: InFlight, station: Mac): boolean {
    const there = explanationOf(last.node, station);
    const attempt = there?.attempt ?? null;
    if (!there || attempt?.startedAt !== last.startedAt || there.links.length === 0) return false;
    const left = Math.max(...there.links.map(({ bssid }) => this.#leftAt.get(`${station} ${bssid}`) ?? 0));
    const isThere = there.links.some(({ bssid }) =>
      this.#watched.home.world.stations(bssid).some(({ client }) => client.device.mac === station),
    );
    // A node is told late of a client that has gone, and not at all by a driver that loses reports: what it asks then reaches nobody.
    return isThere || this.#now > Math.max(left, last.node.excusedUntil()) + steeringLimits.associationWait;
  }

  #intervalOf(station: Mac, attempt: Attempt): number {
    const { retryInterval } = this.#kickOf(station, attempt).btm;
    return Math.min(Math.max(retryInterval, steeringLimits.shortestRetry), steeringLimits.longestRetry);
  }

  #kickOf(station: Mac, { policy, source }: Attempt) {
    const { steering, sticky, client } = this.#watched.settingsOf(station);
    if (source === "steering") return steering;
    if (source === "sticky") return sticky;
    return policy === "defer_vif_down_deny" ? { ...client, btm: { ...client.btm, retryInterval: 3_000 } } : client;
  }

  #hasBetter(node: WatchedNode, station: Mac, action: Kick, attempt: Attempt, explanation: Explanation): void {
    const isLinked = (bssid: Mac) => explanation.links.some((link) => link.bssid === bssid);
    const allowed = explanation.candidates.filter(
      ({ bssid, preference, vif }) =>
        preference === "AVAILABLE" && !isLinked(bssid) && (vif === null || !explanation.blocked.includes(vif)),
    );
    const better = allowed.filter((candidate) => this.#isBetter(node, station, candidate, attempt, explanation));
    const where = `${attempt.policy}: ${action.type} from ${explanation.links.map(({ vif }) => vif).join(" ")}`;
    if (better.length === 0) this.#broken(node, station, `${where} with nothing better that is allowed`);
    if (action.type !== "btm") return;
    for (const { bssid } of action.candidates)
      if (!better.some((one) => one.bssid === bssid))
        this.#broken(node, station, `${where} offers ${bssid}, which is no better`);
  }

  /** By the rule of the policy that kicks; nothing of the engine's own judgement but what it may know. */
  #isBetter(
    node: WatchedNode,
    station: Mac,
    { bssid, vif, band }: CandidateExplanation,
    { policy }: Attempt,
    { links, candidates }: Explanation,
  ): boolean {
    const settings = this.#watched.settingsOf(station);
    const { world } = this.#watched.home;
    const usable = world.client(station)?.device.bands.some((one) => one === band) === true;
    switch (policy) {
      case "hwm_2g":
        return usable && vif !== null && band !== "2.4G";
      case "defer_vif_down_deny":
        return vif !== null;
      case "snr_xing_lwm": {
        if (settings.lwm === forcedLwm) return band === "2.4G";
        const here = links[0];
        const reports = this.#reports.of(node.node.id, station);
        const fresh = (of: Mac) => {
          const report = reports.get(of);
          return report && settings.filterByBeaconReport && this.#now - report.at <= settings.reportAge
            ? report.rcpi
            : null;
        };
        const own = here ? fresh(here.bssid) : null;
        const there = fresh(bssid);
        if (there !== null && there < hardlyHeard) return false;
        if (own !== null) return there !== null && there >= own + 2 * settings.betterBy;
        if (vif === null) return true;
        // Not measured: of the access points of this node, those on lower bands reach further.
        const order = ["2.4G", "5G", "6G"];
        const bandsHere = candidates
          .filter((one) => links.some((link) => link.bssid === one.bssid))
          .map((one) => one.band);
        return bandsHere.every((each) => order.indexOf(band) < order.indexOf(each));
      }
      default:
        return true;
    }
  }

  /** Why a policy began. */
  #needed(node: WatchedNode, station: Mac, { policy, at }: Transition, { links, candidates }: Explanation): void {
    if (at !== this.#now) return;
    const { hwm, lwm, bottomLwm } = this.#watched.settingsOf(station);
    const on24 = links.filter(({ bssid }) => candidates.some((one) => one.bssid === bssid && one.band === "2.4G"));
    const signals = links.map(({ snr }) => snr);
    const says = (words: string) =>
      this.#broken(node, station, `${policy} begins ${words}, SNR ${signals.join(" ")} dB`);
    if (links.length === 0) says("without a link");
    const below = (threshold: number) => signals.every((snr) => snr !== null && snr < threshold);
    if (policy === "hwm_2g") {
      if (on24.length < links.length) says("off another band than 2.4 GHz");
      if (hwm === null || (hwm < forcedHwm && !signals.every((snr) => snr !== null && snr > hwm)))
        says(`with hwm ${hwm}`);
    } else if (policy === "snr_xing_lwm") {
      const forced = lwm === forcedLwm;
      if (forced && on24.length > 0) says("on 2.4 GHz already");
      if (lwm === null || (!forced && !below(lwm + hysteresis + 1))) says(`with lwm ${lwm}`);
    } else if (policy === "snr_xing_bottom_lwm") {
      if (on24.length < links.length) says("off another band than 2.4 GHz");
      // At the mark itself a signal is what it was before.
      if (bottomLwm === null || !below(bottomLwm + 1)) says(`with bottom_lwm ${bottomLwm}`);
      if (this.#watched.home.world.client(station)?.device.transition) says("although it speaks 802.11v");
    }
  }

  #heard(node: WatchedNode, vif: string, frame: Uint8Array): void {
    const read = readFrame(frame);
    if (read === null || typeof read === "string" || read.heard.type !== "beacon reports") return;
    const { state } = node.node.wireless;
    if (state.vifs.get(vif)?.mac !== read.bssid || !state.stations.get(vif)?.has(read.station)) return;
    const reports = this.#reports.of(node.node.id, read.station);
    for (const { bssid, rcpi } of read.heard.reports) reports.set(bssid, { rcpi, at: this.#now });
  }
}

function identity({ policy, startedAt }: Attempt): { readonly policy: string; readonly startedAt: number } {
  return { policy, startedAt };
}
