/** Why a client is where it is, in one sentence for the people of the house. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { zoneText } from "../../ui/keys.ts";
import { bandText, mbpsText, rateText } from "../../ui/words.ts";
import type { Device } from "../clients/client-list.ts";
import { type Candidate, gainText, hasEnough, isSlower } from "./candidate-words.ts";
import { type Hold, isOnBand } from "./holds.ts";

export type Explanation = AnswerTo<"GET /locations/:location/steering/clients/:mac">;
export type HoldingPolicy = Explanation["policies"][number];

export interface WhyInput {
  /** Where it is; null: it is not connected. */
  readonly band: string | null;
  /** Where its node is not heard of: which it was on then, and when that was, ms since 1970. */
  readonly lastKnown?: { readonly node: string | null; readonly at: number } | undefined;
  /** Undefined: the cloud knows nothing of it. */
  readonly explanation: Explanation | undefined;
  /** It was held to the band until then, and is there since; nothing holds it now. */
  readonly held?: Pick<Hold, "band" | "endedAt"> | null | undefined;
  /** ms since 1970. */
  readonly now: number;
  /** A moment (ms since 1970) as it is read. */
  readonly moment: (at: number) => string;
}

export function whyThere({ band, lastKnown, explanation, held, now, moment }: WhyInput): string {
  if (band === null) return "It is not connected.";
  if (lastKnown) {
    const { node, at } = lastKnown;
    return `It was on ${spotText({ node: node ?? "its node", band })} at ${moment(at)}, when that node was heard of last; where it is now is not known.`;
  }
  const on = `It is on ${bandText(band)}`;
  if (!explanation) return `${on}. Why is not known: the cloud has not seen enough of it yet.`;
  const isHeld = explanation.policies.some(({ action }) => action.kind === "band");
  if (!held || isHeld) return `${on} ${reason(band, explanation, now, moment, false)}`;
  const why = reason(band, explanation, now, moment, true);
  return `${on}, where it was held until ${moment(held.endedAt)}, ${why.startsWith("and ") ? "" : "and stays "}${why}`;
}

/** `isLeft`: a hold has brought it there, and has ended. */
function reason(
  band: string,
  explanation: Explanation,
  now: number,
  moment: WhyInput["moment"],
  isLeft: boolean,
): string {
  const because = isLeft ? "because" : "because it chose that itself:";
  const { policies, bands, bandsComplete, closed, moving, mode, failures, notBefore, attempts } = explanation;
  const rule = policies.find(({ action }) => action.kind === "band");
  if (rule?.action.prefer !== undefined && isOnBand(rule.action.prefer, band))
    return `because ${ruleText(rule, explanation.mac, moment)}.`;
  if (bandsComplete && bands.length === 1 && bands[0] === band) return `because it only has ${bandText(band)}.`;
  if (rule?.action.prefer !== undefined && closed.includes(rule.action.prefer)) {
    return `although ${ruleText(rule, explanation.mac, moment)}: its key does not open ${bandText(rule.action.prefer)}.`;
  }
  if (rule && bandsComplete && !bands.includes(rule.action.prefer ?? "")) {
    return `although ${ruleText(rule, explanation.mac, moment)}: it does not have ${bandText(rule.action.prefer)}.`;
  }
  // It is asked, or refused elsewhere, until it goes.
  if (rule?.action.only && rule.action.prefer !== undefined) {
    return `still, and is being moved to ${bandText(rule.action.prefer)}, as ${ruleText(rule, explanation.mac, moment)}.`;
  }
  if (moving && moving.arrivedAt === null) {
    return `and has been asked at ${moment(Date.parse(moving.askedAt))} to go to ${spotText(moving.to)}.`;
  }
  const next = notBefore === null ? 0 : Date.parse(notBefore);
  const [last] = attempts;
  if (failures > 0 && next > now && last?.result === "did not go") {
    return `because it did not follow ${requestsText(failures)} to move to ${spotText(last.to)}; asked again at ${moment(next)} at the earliest.`;
  }
  if (policies.some(({ action }) => action.kind === "unsteered")) {
    return `${because} a rule says that nobody moves it.`;
  }
  if (mode === "off") return `${because} moving clients is switched off here.`;
  const present = explanation.candidates.find(({ isPresent }) => isPresent);
  const off = offAirThere(band, present?.node, explanation);
  if (off && !explanation.candidates.some(({ fit }) => fit)) {
    const why = off.why === "radar" ? "it listens for radar before it may use its channel" : "it is off";
    return `because ${bandText(off.band)} at ${off.node} is not on the air now: ${why}.`;
  }
  if (present === undefined || present.snrDb === null) {
    return "and looked at anew there: places are compared as soon as its node has reported how well it is heard.";
  }
  const better = explanation.candidates.find(({ fit }) => fit);
  if (better) return `although ${betterText(better, present)}: ${notYetText(explanation, next, now, moment)}.`;
  const other = otherBand(band, explanation);
  if (!other) return fallback(band, explanation, isLeft);
  return `because ${againstText(other, present, explanation, moment)}.`;
}

const keyShut = "its key does not open the band";

/** A higher band that it could use, of the node that it is on, of which nothing is on the air. */
function offAirThere(band: string, node: string | undefined, explanation: Explanation) {
  const { on, offAir, bands, closed, allowed } = explanation;
  const there = node ?? on.find((spot) => spot.band !== null && isOnBand(spot.band, band))?.node;
  const names = (all: readonly string[], other: string) => all.some((each) => isOnBand(each, other));
  return offAir.find(
    (each) =>
      each.node === there &&
      rank(each.band) > rank(band) &&
      names(bands, each.band) &&
      !names(closed, each.band) &&
      (allowed.length === 0 || names(allowed, each.band)),
  );
}

function rank(band: string): number {
  return band === "6G" ? 2 : band.startsWith("5G") ? 1 : 0;
}

/** The best place on a higher band, or where there is none on another: of those that are no gain, why. */
function otherBand(band: string, { candidates, bands, bandsComplete }: Explanation): Candidate | undefined {
  const telling = ["no better", "would be full", "too weak", "did not work out before", "no way to the gateway"];
  const order = (why: string | null) => {
    // It says nothing of the other bands.
    if (why === keyShut) return telling.length + 1;
    const found = telling.indexOf(why ?? "");
    return found < 0 ? telling.length : found;
  };
  // What its key opens is no matter on a band that it does not have.
  const has = (name: string) => !bandsComplete || bands.some((each) => isOnBand(each, name) || isOnBand(name, each));
  const others = candidates.filter(
    (each) => !each.isPresent && rank(each.band) > rank(band) && each.why !== "cannot use the band" && has(each.band),
  );
  const rest = candidates.filter((each) => !each.isPresent && each.why === "no better");
  return others.sort((a, b) => order(a.why) - order(b.why))[0] ?? rest[0];
}

function againstText(
  other: Candidate,
  present: Candidate | undefined,
  { leastSnrDb, blocked, wantsMbps }: Explanation,
  moment: WhyInput["moment"],
): string {
  const there = `${bandText(other.band)} at ${other.node}`;
  switch (other.why) {
    case "no better": {
      const [here, would] = [present?.capacityMbps, other.capacityMbps];
      if (isSlower(other, present) && typeof here === "number" && typeof would === "number") {
        return `${there} would be slower: ${Math.round(would)} instead of ${mbpsText(here)}`;
      }
      if (wantsMbps !== null && hasEnough(present, wantsMbps)) {
        const can = typeof here === "number" ? `can have ${rateText(here)} there` : "has them there";
        const more = typeof would === "number" ? `, with ${rateText(would)},` : "";
        return `it wants some ${mbpsText(wantsMbps)} and ${can}, so that ${there}${more} would be no gain`;
      }
      const figures = gainText(other, present);
      return `${there} would not be enough of a gain to interrupt it${figures === null ? "" : `: ${figures}`}`;
    }
    case "too weak":
      return `${there} is too weak where it stands: ${Math.round(other.snrDb ?? 0)} dB, and ${Math.round(leastSnrDb)} dB are needed`;
    case "signal unknown":
      return `nobody has heard it on ${bandText(other.band)} yet, so that nothing better is known`;
    case "would be full":
      return `the air of ${there} would be full with it`;
    case keyShut:
      return `its key does not open ${bandText(other.band)}, where only the network’s first key works`;
    case "band not allowed":
      return `a rule keeps it off ${bandText(other.band)}`;
    case "did not work out before": {
      const until = blocked.find(({ to }) => to.bssid === other.bssid)?.until;
      return `moving it to ${there} did not work out before${until ? `; tried again after ${moment(Date.parse(until))}` : ""}`;
    }
    case "no way to the gateway":
      return `${other.node} has no known way to the Internet`;
    case "not claimed":
      return `${other.node} is not one of this home's nodes`;
    default:
      return "nothing better is known";
  }
}

function betterText(better: Candidate, present: Candidate | undefined): string {
  const figures =
    better.scoreMbps !== null && present?.scoreMbps != null
      ? ` (${Math.round(better.scoreMbps)} instead of ${mbpsText(present.scoreMbps)})`
      : "";
  return `${bandText(better.band)} at ${better.node} would be better${figures}`;
}

function notYetText({ mode, decision }: Explanation, next: number, now: number, moment: WhyInput["moment"]): string {
  if (mode === "recommend") return "the cloud only recommends here, and moves nobody";
  if (decision.kind === "move") return "it is asked to go there next";
  if (decision.why === "resting after the last move" && next > now) return `it is left alone until ${moment(next)}`;
  return stayText(decision.why);
}

function fallback(band: string, { bands, bandsComplete, decision, candidates }: Explanation, isLeft: boolean): string {
  const lacks = candidates.filter((each) => !each.isPresent && each.why === "cannot use the band");
  if (bands.includes(band as (typeof bands)[number]) && lacks.some((each) => each.band !== band)) {
    return bandsComplete
      ? "because that is the best band it has."
      : "because that is the best band it has been seen to use.";
  }
  return `because ${isLeft ? "" : "it chose that itself, and "}${stayText(decision.why)}.`;
}

/** Whether it is to be elsewhere any moment now: what it says of itself is soon another. */
export function isBeingMoved(
  device: Pick<Device, "band" | "now"> | undefined,
  explanation: Explanation | undefined,
): boolean {
  if (!device?.now || device.now.lastKnownAt !== null) return false;
  const { band, now } = device;
  // It does not go where its key opens nothing.
  const isShut = band !== null && explanation?.closed.includes(band.prefer);
  return (
    (band?.only === true && !isOnBand(band.prefer, now.band) && !isShut) || explanation?.moving?.arrivedAt === null
  );
}

/** What holds it, as the rest of a sentence. */
export function stayText(why: string | null): string {
  const known: Readonly<Record<string, string>> = {
    "switched off": "moving clients is switched off here",
    "its class is not moved": "devices of its kind are not moved",
    "it walks": "it is carried around, and finds its way itself",
    "not known whether it walks": "it is not known yet whether it is carried around",
    "it is nowhere": "it is not seen at present",
    "its node is not claimed": "its node is not one of this home's",
    "the last report is too old": "nothing recent is known of it",
    "its signal is not known": "it is not known how well it is heard",
    "being moved": "it is being moved",
    "it has just come": "it has just come, and is left alone for some minutes",
    "resting after the last move": "it is left alone for a while after the last move",
    "it is in use": "it is in use, and is not interrupted",
    "it is in use, and cannot be asked but thrown out only": "it is in use, and could only be thrown out, not asked",
    "not known whether it is in use": "it is not known yet whether it is in use",
    "it has what it wants": "it has all that it wants",
    "no better place": "there is no better place for it",
    "others come first": "other clients come first",
  };
  return known[why ?? ""] ?? why ?? "nothing better is known";
}

/** `you asked for it until 18:30`. */
function ruleText({ id, scope, action, until, label }: HoldingPolicy, mac: string, moment: WhyInput["moment"]): string {
  const end = until === null ? "" : ` until ${moment(Date.parse(until))}`;
  if (id === `band-${mac.replaceAll(":", "")}`) return `you asked for ${bandText(action.prefer)}${end}`;
  return `${ruleName({ label, scope })} asks for ${bandText(action.prefer)}${end}`;
}

export function ruleName({ label, scope }: Pick<HoldingPolicy, "label" | "scope">): string {
  return label ? `the rule “${label}”` : `a rule for ${scopeText(scope)}`;
}

export function scopeText({ kind, name }: HoldingPolicy["scope"]): string {
  switch (kind) {
    case "everybody":
      return "everybody";
    case "network":
      return `everybody in the network ${name}`;
    case "zone":
      return `everybody whose key opens “${zoneText(name)}”`;
    case "device":
      return "this device";
  }
}

export function spotText({ node, band }: { readonly node: string | null; readonly band: string | null }): string {
  return node === null ? "an access point that is gone" : `${bandText(band)} at ${node}`;
}

function requestsText(count: number): string {
  const words = ["", "one request", "two requests", "three requests", "four requests"];
  return words[count] ?? `${count} requests`;
}
