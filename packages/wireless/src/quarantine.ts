/**
 * What drivers do not do although they are asked, learned from their reports. A difference that was asked for, has had its
 * time, and is still reported is a refusal; after a few of them it is withheld from the diff, so that confsync settles on
 * what the hardware holds. It is asked for again now and then, at longer and longer intervals, because drivers get well
 * and firmware gets better.
 *
 * Patience is counted from the asking, not from the first report: drivers that need half a minute for a change are slow, not
 * unable. It ends in a refusal only where the driver has reported since; one that says nothing is not unable but dead,
 * and stays the watchdog's business. A driver that comes round later than that is believed at once.
 *
 * | state       | the attribute of the object                                           |
 * |-------------|-----------------------------------------------------------------------|
 * | ASKED       | has been asked for; the driver has time to do it                      |
 * | REFUSED     | has been reported otherwise, and is to be asked for again             |
 * | QUARANTINED | is withheld until its back-off is over                                |
 * | DUE         | is withheld still, and asked for once at the next opportunity         |
 * | FULFILLED   | is as wanted; remembered for a while, in case it does not stay so     |
 */

import { isDeepStrictEqual } from "node:util";
import type { Difference, Differing, DiffResult } from "./diff.ts";
import { limits } from "./limits.ts";

export type QuarantineState = "ASKED" | "REFUSED" | "QUARANTINED" | "DUE" | "FULFILLED";

type QuarantineEvent = "asked" | "refused" | "given up" | "time is up" | "put off" | "as wanted";

/** An event that is not listed leaves the state as it is. */
const transitions: Readonly<Record<QuarantineState, Readonly<Partial<Record<QuarantineEvent, QuarantineState>>>>> = {
  ASKED: { refused: "REFUSED", "given up": "QUARANTINED", "as wanted": "FULFILLED" },
  REFUSED: { asked: "ASKED", "as wanted": "FULFILLED" },
  QUARANTINED: { "time is up": "DUE", "as wanted": "FULFILLED" },
  DUE: { asked: "QUARANTINED", "put off": "QUARANTINED", "as wanted": "FULFILLED" },
  FULFILLED: { asked: "ASKED", "given up": "QUARANTINED" },
};

/** All times are monotonic milliseconds. */
interface Entry {
  readonly object: string;
  readonly phy: string;
  readonly attribute: string;
  /** What is wanted; another wish is another entry. */
  readonly intent: unknown;
  /** What is down suffers nothing from being asked to come up: it is asked more often. */
  readonly revives: boolean;
  state: QuarantineState;
  /** When it was asked for, or came to be as wanted. */
  since: number;
  refusals: number;
  /** How often it did not stay as wanted. */
  relapses: number;
  /** The last back-off; 0: never quarantined. */
  backoff: number;
  /** Of a quarantine: its end. */
  until: number;
}

export interface Observation {
  readonly now: number;
  /** When the driver last reported the object. */
  reportedAt(phy: string, vif: string | null): number | null;
}

/** Names one attribute of one object. */
export interface Subject {
  readonly object: string;
  readonly attribute: string;
}

export interface Verdict {
  /** To be asked for again, whatever was asked lately. */
  readonly refused: readonly Subject[];
  /** Newly quarantined: the diff is out of date. */
  readonly quarantined: readonly Subject[];
  /** Were quarantined, and the driver reports them as wanted now. */
  readonly released: readonly (Subject & { readonly phy: string })[];
}

export class Quarantine {
  /** By object, then `keyOf`. */
  readonly #entries = new Map<string, Map<string, Entry>>();

  /** For the diff: true for what is in quarantine. */
  withholds(object: string, difference: Difference): boolean {
    const entry = this.#find(object, difference);
    return entry?.state === "QUARANTINED" || entry?.state === "DUE";
  }

  isDue(object: string, difference: Difference): boolean {
    return this.#find(object, difference)?.state === "DUE";
  }

  /** How often the driver has refused this; 0 for what it was never asked. */
  refusals(object: string, difference: Difference): number {
    return this.#find(object, difference)?.refusals ?? 0;
  }

  /** When the earliest quarantine ends; null: there is none. */
  get nextDue(): number | null {
    let next: number | null = null;
    for (const entry of this.#all()) {
      if (entry.state === "QUARANTINED" || entry.state === "DUE")
        next = Math.min(next ?? Number.POSITIVE_INFINITY, entry.until);
    }
    return next;
  }

  /** When the next patience ends; null: none does. */
  nextRefusal(now: number): number | null {
    let next: number | null = null;
    for (const { state, since } of this.#all()) {
      const end = since + limits.quarantinePatience;
      if (state === "ASKED" && end > now) next = Math.min(next ?? Number.POSITIVE_INFINITY, end);
    }
    return next;
  }

  /** Phys whose driver has refused something and is being asked again. */
  get refusing(): ReadonlySet<string> {
    const phys = new Set<string>();
    for (const { phy, state, refusals } of this.#all()) {
      if (refusals > 0 && (state === "ASKED" || state === "REFUSED")) phys.add(phy);
    }
    return phys;
  }

  /** Judges what still differs. */
  examine(found: DiffResult, observation: Observation): Verdict {
    const verdict: MutableVerdict = { refused: [], quarantined: [], released: [] };
    const held = heldIn(found);
    const delayed = byObject([found.postponed.filter(({ hold }) => hold === "in part")]);
    const differing = byObject([found.changes, found.withheld, found.unverified]);
    for (const [object, entries] of this.#entries) {
      for (const [key, entry] of entries) {
        const patient = held.get(object);
        // Neither as wanted nor refused: what holds it back is not the driver's fault.
        if (patient !== undefined) {
          if (patient && entry.state === "ASKED") entry.since = observation.now;
          continue;
        }
        if (delayed.get(object)?.has(key)) continue;
        const now = differing.get(object)?.get(key);
        if (now && !isDeepStrictEqual(intentOf(now.difference), entry.intent)) entries.delete(key);
        else if (now) this.#judge(entry, now.vif, observation, verdict);
        else if (!this.#fulfil(entry, observation.now, verdict.released)) entries.delete(key);
      }
      if (entries.size === 0) this.#entries.delete(object);
    }
    for (const { phy } of verdict.released) this.#hasten(phy, observation.now);
    // Nothing can be asked for here but another report.
    for (const unverified of found.unverified) this.#note(unverified, observation.now);
    return verdict;
  }

  /** These are being asked for. */
  asked(changes: readonly Differing[], now: number): void {
    for (const change of changes) this.#note(change, now);
  }

  /**
   * What could not be asked for though its time is up, or was not even looked at because of a CAC, has another try soon, not
   * at once: whoever waits for `nextDue` would go round in circles.
   */
  putOff(now: number): void {
    for (const entry of this.#all()) {
      const due = entry.state === "DUE" || (entry.state === "QUARANTINED" && entry.until <= now);
      if (due) entry.until = now + limits.confsyncRetry;
      move(entry, "put off");
    }
  }

  /** A vif has gone or come anew. */
  forget(object: string): void {
    this.#entries.delete(object);
  }

  /** A phy has gone or come anew, and its vifs with it. */
  forgetPhy(phy: string): void {
    for (const [object, entries] of this.#entries) {
      for (const entry of entries.values()) if (entry.phy === phy) this.#entries.delete(object);
    }
  }

  /** A driver that does one thing again may do the others, too. */
  #hasten(phy: string, now: number): void {
    for (const entry of this.#all()) if (entry.phy === phy && entry.state === "QUARANTINED") entry.until = now;
  }

  /** It differs. */
  #judge(entry: Entry, vif: string | null, { now, reportedAt }: Observation, verdict: MutableVerdict): void {
    const { object, attribute } = entry;
    if (entry.state === "QUARANTINED" && now >= entry.until) move(entry, "time is up");
    if (entry.state === "FULFILLED" && entry.relapses >= limits.quarantineRelapses) {
      giveUp(entry, now);
      verdict.quarantined.push({ object, attribute });
    }
    const patient = now - entry.since < limits.quarantinePatience;
    if (entry.state !== "ASKED" || patient || (reportedAt(entry.phy, vif) ?? 0) <= entry.since) return;
    entry.refusals++;
    if (entry.refusals < limits.quarantineRefusals) {
      move(entry, "refused");
      verdict.refused.push({ object, attribute });
    } else {
      giveUp(entry, now);
      verdict.quarantined.push({ object, attribute });
    }
  }

  /** It does not differ. False when it can be forgotten. */
  #fulfil(entry: Entry, now: number, released: MutableVerdict["released"]): boolean {
    if (entry.state === "FULFILLED") return now - entry.since < limits.quarantineMemory;
    if (entry.state === "QUARANTINED" || entry.state === "DUE") released.push(entry);
    move(entry, "as wanted");
    entry.since = now;
    // Who was in quarantine once has one more try, not all of them.
    entry.refusals = entry.backoff > 0 ? limits.quarantineRefusals - 1 : 0;
    return true;
  }

  #note({ object, phy, differences }: Differing, now: number): void {
    let entries = this.#entries.get(object);
    if (!entries) {
      entries = new Map();
      this.#entries.set(object, entries);
    }
    for (const difference of differences) {
      const key = keyOf(difference);
      const entry = entries.get(key);
      if (!entry || !isDeepStrictEqual(entry.intent, intentOf(difference))) {
        const made = newEntry(object, phy, difference, now);
        // Who refused another step to the same end has one try for this one.
        if ([...entries.values()].some((other) => isStepOf(other, made))) made.refusals = limits.quarantineRefusals - 1;
        entries.set(key, made);
        continue;
      }
      const { state } = entry;
      move(entry, "asked");
      if (state === "FULFILLED" && !(difference.attribute === "operation" && entry.revives)) entry.relapses++;
      if (state === "DUE") retreat(entry, now);
      // Asked for along with something else, its patience runs on.
      if (state !== "ASKED") entry.since = now;
    }
  }

  #find(object: string, difference: Difference): Entry | null {
    const entry = this.#entries.get(object)?.get(keyOf(difference));
    return entry && isDeepStrictEqual(entry.intent, intentOf(difference)) ? entry : null;
  }

  *#all(): Generator<Entry> {
    for (const entries of this.#entries.values()) yield* entries.values();
  }
}

type MutableVerdict = { -readonly [Key in keyof Verdict]: Verdict[Key][number][] };

function move(entry: Entry, event: QuarantineEvent): void {
  entry.state = transitions[entry.state][event] ?? entry.state;
}

function giveUp(entry: Entry, now: number): void {
  move(entry, "given up");
  retreat(entry, now);
}

function retreat(entry: Entry, now: number): void {
  const longest = entry.revives ? limits.quarantineLongestDown : limits.quarantineLongest;
  entry.backoff = Math.min(entry.backoff === 0 ? limits.quarantineFirst : entry.backoff * 2, longest);
  entry.until = now + entry.backoff;
}

function newEntry(object: string, phy: string, difference: Difference, now: number): Entry {
  const { attribute, wanted } = difference;
  const revives = attribute === "status" || (attribute === "enabled" && wanted === true) || wanted === "connect";
  return {
    object,
    phy,
    attribute,
    intent: intentOf(difference),
    revives,
    state: "ASKED",
    since: now,
    refusals: 0,
    relapses: 0,
    backoff: 0,
    until: 0,
  };
}

function isStepOf(other: Entry, entry: Entry): boolean {
  return other.backoff > 0 && other.attribute === entry.attribute && isDeepStrictEqual(other.intent, entry.intent);
}

function intentOf({ intent, wanted }: Difference): unknown {
  return intent ?? wanted;
}

/** Each step to one end is refused, or not, by itself. */
function keyOf({ attribute, intent, wanted }: Difference): string {
  return intent === undefined ? attribute : `${attribute} ${String(wanted)}`;
}

/** Objects that were not looked at; true where that may last, and patience begins anew afterwards. */
function heldIn({ comingUp, postponed }: DiffResult): ReadonlyMap<string, boolean> {
  const held = new Map<string, boolean>();
  for (const { object, hold } of [...comingUp, ...postponed]) {
    if (hold !== "in part") held.set(object, hold === "for long");
  }
  return held;
}

interface Found {
  readonly vif: string | null;
  readonly difference: Difference;
}

function byObject(lists: readonly (readonly Differing[])[]): ReadonlyMap<string, ReadonlyMap<string, Found>> {
  const found = new Map<string, Map<string, Found>>();
  for (const { object, vif, differences } of lists.flat()) {
    const attributes = found.get(object) ?? new Map<string, Found>();
    found.set(object, attributes);
    for (const difference of differences) attributes.set(keyOf(difference), { vif, difference });
  }
  return found;
}
