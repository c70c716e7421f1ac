/**
 * What kind of device a client is. Each sign counts for or against each class; what is left for "unknown" is what the
 * best class does not earn. Pure: the same evidence gives the same class.
 */

import type { Evidence, RadioEvidence } from "./evidence.ts";
import { generations } from "./generations.ts";
import type { Profile, Signs } from "./profile.ts";
import type { Profiles } from "./profiles.ts";
import { isRandomMac } from "./vendors.ts";

export interface Reason {
  /** What was looked at: `hostname`, `vendor`, `bands` … */
  readonly sign: string;
  readonly value: string;
  /** How much it speaks for the class (or, below 0, against it). */
  readonly weight: number;
}

export interface Classification {
  /** A class of the profiles; `unknown` where none is likely enough. */
  readonly class: string;
  /** 0 to 1: how likely the class is among all, given the signs. */
  readonly confidence: number;
  /** What speaks for and against it, the weightiest first. For `unknown`: of the class that came closest. */
  readonly reasons: readonly Reason[];
  /** The likeliest after it. */
  readonly next: { readonly class: string; readonly confidence: number } | null;
}

/** Natural logarithms of how much more often a sign is seen with its class than without. */
const weights = {
  hostname: 4,
  vendorClass: 2.5,
  fingerprint: 2,
  vendor: 1.5,
  fits: 0.4,
  lacks: -0.8,
  /** It can do what no device of the class can. */
  impossible: -8,
} as const;
/** What a class must earn to be as likely as none of them. */
const unknownScore = 2.5;
const leastConfidence = 0.5;

export function classify(evidence: Evidence, profiles: Profiles): Classification {
  const scored = [...profiles.values()]
    .flatMap((profile) => (profile.signs ? [scoreOf(evidence, profile, profile.signs)] : []))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score), Math.exp(unknownScore));
  const likely = scored.map(({ name, score, reasons }) => ({
    class: name,
    confidence: Math.exp(score) / total,
    reasons,
  }));
  const [first, second] = likely;
  const random: readonly Reason[] = isRandomMac(evidence.mac)
    ? [{ sign: "address", value: "random: it says nothing of the maker", weight: 0 }]
    : [];
  if (!first || first.confidence < leastConfidence) {
    const confidence = Math.exp(unknownScore) / total;
    const reasons = [...(first?.reasons ?? []), ...random];
    return { class: "unknown", confidence, reasons, next: first ? shown(first) : null };
  }
  return {
    class: first.class,
    confidence: first.confidence,
    reasons: [...first.reasons, ...random],
    next: second ? shown(second) : null,
  };
}

/** One line for people. */
export function classificationText({ class: name, confidence, reasons }: Classification): string {
  const why = reasons.map(({ sign, value, weight }) => `${weight < 0 ? "against it: " : ""}${sign} ${value}`);
  return `${name} (${Math.round(confidence * 100)} %): ${why.join("; ") || "nothing is known of it"}`;
}

function shown({ class: name, confidence }: { readonly class: string; readonly confidence: number }) {
  return { class: name, confidence };
}

function scoreOf(evidence: Evidence, { name }: Profile, signs: Signs) {
  const reasons = [...textReasons(evidence, signs), ...radioReasons(evidence.radio, signs.radio)];
  reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { name, reasons, score: reasons.reduce((sum, { weight }) => sum + weight, 0) };
}

function textReasons({ hostname, vendorClass, fingerprint, vendor }: Evidence, signs: Signs): Reason[] {
  const reasons: Reason[] = [];
  const add = (sign: keyof typeof weights, value: string | undefined, matches: boolean) => {
    if (value !== undefined && matches) reasons.push({ sign, value, weight: weights[sign] });
  };
  const host = hostname?.toLowerCase() ?? "";
  add("hostname", hostname, hostname !== undefined && signs.hostname.some((pattern) => matchesName(host, pattern)));
  add(
    "vendorClass",
    vendorClass,
    signs.vendorClass.some((start) => startsAlike(vendorClass, start)),
  );
  add("fingerprint", fingerprint, fingerprint !== undefined && signs.fingerprint.includes(fingerprint));
  add(
    "vendor",
    vendor,
    signs.vendor.some((start) => startsAlike(vendor, start)),
  );
  return reasons;
}

/** The whole name, or, by a pattern with a star, how it or a word of it begins or ends. */
function matchesName(host: string, pattern: string): boolean {
  if (pattern.endsWith("*")) {
    const start = pattern.slice(0, -1);
    return host.startsWith(start) || host.includes(`-${start}`);
  }
  if (pattern.startsWith("*")) return host.endsWith(pattern.slice(1));
  return host === pattern;
}

/** `android-dhcp-1` is not how `android-dhcp-13` begins: a number ends where its digits end. */
function startsAlike(text: string | undefined, start: string): boolean {
  if (!text?.toLowerCase().startsWith(start.toLowerCase())) return false;
  return !(/\d$/.test(start) && /^\d/.test(text.slice(start.length)));
}

function radioReasons(radio: RadioEvidence, can: Signs["radio"]): Reason[] {
  const reasons: Reason[] = [];
  const add = (sign: string, value: string, weight: number) => reasons.push({ sign, value, weight });
  const { bands, bandsComplete, generation, streams, maxWidth, btm, rrm, multiLink } = radio;
  if (bands && bands.length > 0) {
    const text = bands.join("/");
    if (bands.some((band) => !can.bands.includes(band))) add("bands", text, weights.impossible);
    else if (bandsComplete) add("bands", text, bands.length === can.bands.length ? weights.fits : weights.lacks);
  }
  if (generation) {
    const newest = Math.max(...can.generations.map((each) => generations.indexOf(each)));
    if (generations.indexOf(generation) > newest) add("generation", generation, weights.impossible);
    else add("generation", generation, can.generations.includes(generation) ? weights.fits : weights.lacks * 2);
  }
  if (streams !== undefined) {
    if (streams > can.streams) add("streams", String(streams), weights.lacks * 2);
    else add("streams", String(streams), streams === can.streams ? weights.fits : weights.lacks);
  }
  if (maxWidth !== undefined) {
    if (maxWidth > can.maxWidth) add("width", `${maxWidth} MHz`, weights.lacks * 2);
    else if (maxWidth === can.maxWidth) add("width", `${maxWidth} MHz`, weights.fits);
  }
  if (btm !== undefined) add("802.11v", btm ? "yes" : "no", btm === can.btm ? weights.fits : weights.lacks);
  if (rrm !== undefined) add("802.11k", rrm ? "yes" : "no", rrm === can.rrm ? weights.fits : weights.lacks);
  if (multiLink) add("multi-link", "yes", can.multiLink ? weights.fits * 3 : weights.impossible / 2);
  return reasons;
}
