/** The alerts of all locations: conditions are observed, raised and cleared by their rules; what is open is known, and told. */

import type { Random } from "@opensync-ts/base/random";
import * as limits from "../limits.ts";
import type { AlertPolicy } from "../policy.ts";
import { type AlertKind, alertKinds, ruleOf } from "./rules.ts";
import { type Condition, type Observation, step } from "./step.ts";

export interface Alert {
  readonly id: string;
  readonly location: string;
  readonly kind: AlertKind;
  readonly node: string;
  /** What of the node: a band, an interface, a client's address; empty: all of it. */
  readonly subject: string;
  /** One line for people, of when it was raised. */
  readonly text: string;
  /** ms since 1970 */
  readonly raisedAt: number;
  /** Null: it is still so. */
  readonly clearedAt: number | null;
  readonly clearedBecause: string | null;
}

export interface Observed {
  readonly location: string;
  readonly kind: AlertKind;
  readonly node: string;
  readonly subject?: string;
  readonly observation: Observation;
  /** When it began, where that was earlier. */
  readonly since?: number;
  readonly text: () => string;
}

interface Entry {
  readonly location: string;
  readonly kind: AlertKind;
  readonly node: string;
  condition: Condition;
  alert: Alert | undefined;
}

export class Alerts {
  readonly #random: Random;
  readonly #onChange: (alert: Alert) => void;
  /** By location and what it is about. */
  readonly #locations = new Map<string, Map<string, Entry>>();
  #unraised = 0;

  constructor(random: Random, onChange: (alert: Alert) => void) {
    this.#random = random;
    this.#onChange = onChange;
  }

  /** Alerts that were not raised, as their location had too many. */
  get unraised(): number {
    return this.#unraised;
  }

  open(location: string): readonly Alert[] {
    return [...(this.#locations.get(location)?.values() ?? [])].flatMap(({ alert }) => alert ?? []);
  }

  /** Alerts that were open before a restart. */
  restore(alerts: readonly Alert[], now: number): void {
    for (const alert of alerts) {
      if (!alertKinds.includes(alert.kind)) continue;
      const { location, kind, node } = alert;
      const condition: Condition = { phase: "RAISED", since: alert.raisedAt, observedAt: now };
      this.#entries(location).set(keyOf(kind, node, alert.subject), { location, kind, node, condition, alert });
    }
  }

  observe(
    { location, kind, node, subject = "", observation, since, text }: Observed,
    now: number,
    policy: AlertPolicy,
  ): void {
    const entries = this.#entries(location);
    const key = keyOf(kind, node, subject);
    const known = entries.get(key);
    if (!known && (observation !== "over" || entries.size >= limits.watchedConditions)) {
      if (entries.size === 0) this.#locations.delete(location);
      return;
    }
    const { state, change } = step(known?.condition, observation, now, ruleOf(kind, policy), since);
    if (!state) {
      entries.delete(key);
      if (entries.size === 0) this.#locations.delete(location);
      if (change === "clear" && known) this.#clear(known, now, "it is over");
      return;
    }
    const entry = known ?? { location, kind, node, condition: state, alert: undefined };
    entry.condition = state;
    if (!known) entries.set(key, entry);
    if (change !== "raise") return;
    if (this.open(location).length >= limits.openAlerts) {
      this.#unraised++;
      entries.delete(key);
      return;
    }
    const id = this.#random.uuid();
    entry.alert = {
      id,
      location,
      kind,
      node,
      subject,
      text: text(),
      raisedAt: now,
      clearedAt: null,
      clearedBecause: null,
    };
    this.#onChange(entry.alert);
  }

  /** `isServed`: whether a location still has what an alert of that kind is about. What nobody observes any more is over. */
  tick(now: number, isServed: (location: string, node: string, kind: AlertKind) => boolean): void {
    for (const [location, entries] of this.#locations) {
      for (const [key, entry] of entries) {
        const because = !isServed(location, entry.node, entry.kind)
          ? "the node is no longer of the location"
          : now - entry.condition.observedAt > limits.unobservedMs
            ? "nothing is reported of it any more"
            : null;
        if (because === null) continue;
        entries.delete(key);
        this.#clear(entry, now, because);
      }
      if (entries.size === 0) this.#locations.delete(location);
    }
  }

  #clear({ alert }: Entry, now: number, because: string): void {
    if (alert) this.#onChange({ ...alert, clearedAt: now, clearedBecause: because });
  }

  #entries(location: string): Map<string, Entry> {
    let entries = this.#locations.get(location);
    if (!entries) {
      entries = new Map();
      this.#locations.set(location, entries);
    }
    return entries;
  }
}

function keyOf(kind: AlertKind, node: string, subject: string): string {
  return `${kind} ${node} ${subject}`;
}
