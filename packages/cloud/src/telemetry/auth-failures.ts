/** Clients that fail to authenticate again and again: counted by node and client over some minutes. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { AuthFailuresReport } from "@opensync-ts/telemetry/auth-failures";
import type { Alerts } from "./alerts/alerts.ts";
import { authFailuresAre } from "./alerts/rules.ts";
import { count, emptyWindow, total, type Window } from "./alerts/window.ts";
import { storable } from "./events/event.ts";
import type { EventDraft } from "./events/location-events.ts";
import * as limits from "./limits.ts";
import type { AlertPolicy } from "./policy.ts";

interface Failing {
  readonly location: string;
  readonly node: string;
  readonly mac: Mac;
  window: Window;
  /** Of them, for a wrong passphrase: since it is watched. */
  wrongPassphrase: number;
}

/** A report with so many failures of one client is worth an event. */
const manyAtOnce = 3;

export class AuthFailures {
  readonly #alerts: Alerts;
  readonly #policy: () => AlertPolicy;
  readonly #event: (location: string, event: EventDraft & { readonly at: number }) => void;
  /** The one not heard of for the longest time first. */
  readonly #failing = new Map<string, Failing>();

  constructor(
    alerts: Alerts,
    policy: () => AlertPolicy,
    event: (location: string, event: EventDraft & { readonly at: number }) => void,
  ) {
    this.#alerts = alerts;
    this.#policy = policy;
    this.#event = event;
  }

  take(location: string, node: string, { band, bsses }: AuthFailuresReport, now: number): void {
    let room = limits.authFailuresPerReport;
    for (const { ifName, clients } of bsses) {
      for (const { mac: address, authFails, invalidPsk } of clients) {
        const mac = parseMac(address);
        if (mac === undefined || authFails === 0 || room-- <= 0) continue;
        const failing = this.#client(location, node, mac);
        failing.window = count(failing.window, now, authFails, this.#lengthMs);
        failing.wrongPassphrase += invalidPsk;
        this.#observe(failing, now);
        if (authFails < manyAtOnce) continue;
        const text = `${mac}: failed to authenticate ${authFails} times at ${node} ${band}${invalidPsk > 0 ? `, ${invalidPsk} times with a wrong passphrase` : ""}`;
        const details = { band, ifName: storable(ifName), failures: authFails, wrongPassphrase: invalidPsk };
        this.#event(location, { kind: "auth-failures", node, client: mac, at: now, text, details });
      }
    }
  }

  /** To be called now and then. */
  tick(now: number): void {
    for (const [key, failing] of this.#failing) {
      this.#observe(failing, now);
      if (total(failing.window, now, this.#lengthMs) === 0) this.#failing.delete(key);
    }
  }

  get #lengthMs(): number {
    return this.#policy().authSeconds * 1000;
  }

  #observe({ location, node, mac, window, wrongPassphrase }: Failing, now: number): void {
    const policy = this.#policy();
    const failures = total(window, now, this.#lengthMs);
    const observed = { location, kind: "auth-failures", node, subject: mac } as const;
    const why = wrongPassphrase > 0 ? ", with a wrong passphrase" : "";
    const text = () =>
      `${mac}: failed to authenticate ${failures} times within ${policy.authSeconds / 60} min at ${node}${why}`;
    this.#alerts.observe({ ...observed, observation: authFailuresAre(failures, policy), text }, now, policy);
  }

  #client(location: string, node: string, mac: Mac): Failing {
    const key = `${location} ${node} ${mac}`;
    const failing = this.#failing.get(key) ?? { location, node, mac, window: emptyWindow, wrongPassphrase: 0 };
    this.#failing.delete(key);
    this.#failing.set(key, failing);
    if (this.#failing.size > limits.watchedConditions * 4) {
      const [oldest] = this.#failing;
      if (oldest) this.#failing.delete(oldest[0]);
    }
    return failing;
  }
}
