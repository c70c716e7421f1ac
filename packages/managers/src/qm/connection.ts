/**
 * The life of QM's connection to its broker, as a table of states and events. Pure: `step` says what is to be done, and by
 * when it wants to be asked again.
 *
 *   NO_CONF     no broker is configured
 *   CONNECTING  an attempt is under way, until its deadline
 *   CONNECTED   the broker has accepted
 *   BACKOFF     waits before the next attempt
 */

import { qmLimits } from "./limits.ts";

/** Where to, and how; another one makes a new connection. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface ConnectionMachine {
  readonly state: "NO_CONF" | "CONNECTING" | "CONNECTED" | "BACKOFF";
  readonly address: BrokerAddress | null;
  /** Number of the attempt, or of the connection that came of it: events of earlier ones mean nothing. */
  readonly attempt: number;
  /** Attempts in a row without a connection that lasted. */
  readonly failures: number;
  /** Since when, and until when the state may last (`null`: for ever); ms of the clock. */
  readonly since: number;
  readonly until: number | null;
}

export type ConnectionEvent =
  | { readonly kind: "settings"; readonly address: BrokerAddress | null }
  | { readonly kind: "connected"; readonly attempt: number }
  /** The broker hung up or refused, or the attempt failed. */
  | { readonly kind: "closed"; readonly attempt: number; readonly reason: string }
  /** The broker does not take, or does not confirm, what is published. */
  | { readonly kind: "stalled"; readonly attempt: number }
  | { readonly kind: "timer" };

export type ConnectionEffect =
  | { readonly kind: "connect"; readonly attempt: number; readonly address: BrokerAddress }
  | { readonly kind: "end" };

export interface ConnectionStep {
  readonly machine: ConnectionMachine;
  /** In this order. */
  readonly effects: readonly ConnectionEffect[];
  /** Why the state changed. */
  readonly reason: string | null;
}

export interface ConnectionInputs {
  readonly now: number;
  /** In [0, 1); asked only where a pause begins. */
  readonly random: () => number;
}

export const initialConnection: ConnectionMachine = {
  state: "NO_CONF",
  address: null,
  attempt: 0,
  failures: 0,
  since: 0,
  until: null,
};

export function step(machine: ConnectionMachine, event: ConnectionEvent, inputs: ConnectionInputs): ConnectionStep {
  const unchanged: ConnectionStep = { machine, effects: [], reason: null };
  switch (event.kind) {
    case "settings":
      return sameAddress(machine.address, event.address) ? unchanged : onAddress(machine, event.address, inputs);
    case "connected": {
      if (machine.state !== "CONNECTING" || event.attempt !== machine.attempt) return unchanged;
      const next: ConnectionMachine = { ...machine, state: "CONNECTED", since: inputs.now, until: null };
      return { machine: next, effects: [], reason: "accepted" };
    }
    case "closed":
      return isOf(machine, event.attempt) ? backOff(machine, inputs, event.reason, []) : unchanged;
    case "stalled":
      return machine.state === "CONNECTED" && event.attempt === machine.attempt
        ? backOff(machine, inputs, "does not confirm what is published", [{ kind: "end" }])
        : unchanged;
    case "timer":
      if (machine.until === null || inputs.now < machine.until) return unchanged;
      if (machine.state === "BACKOFF" && machine.address)
        return attempt(machine, machine.address, inputs, "tries again");
      if (machine.state === "CONNECTING") return backOff(machine, inputs, lateReason, [{ kind: "end" }]);
      return unchanged;
  }
}

const lateReason = `no connection within ${qmLimits.connectDeadline / 1000} s`;

function onAddress(
  machine: ConnectionMachine,
  address: BrokerAddress | null,
  inputs: ConnectionInputs,
): ConnectionStep {
  const isOpen = machine.state === "CONNECTING" || machine.state === "CONNECTED";
  const effects: readonly ConnectionEffect[] = isOpen ? [{ kind: "end" }] : [];
  // Another broker is not answerable for the failures of this one.
  if (!address) {
    const next: ConnectionMachine = { ...initialConnection, attempt: machine.attempt, since: inputs.now };
    return { machine: next, effects, reason: "no broker is configured" };
  }
  const { effects: more, ...next } = attempt({ ...machine, failures: 0 }, address, inputs, "the settings changed");
  return { ...next, effects: [...effects, ...more] };
}

function attempt(
  machine: ConnectionMachine,
  address: BrokerAddress,
  { now }: ConnectionInputs,
  reason: string,
): ConnectionStep {
  const next: ConnectionMachine = {
    state: "CONNECTING",
    address,
    attempt: machine.attempt + 1,
    failures: machine.failures,
    since: now,
    until: now + qmLimits.connectDeadline,
  };
  return { machine: next, effects: [{ kind: "connect", attempt: next.attempt, address }], reason };
}

/** After a connection that lasted, the pause is the shortest one; a broker that accepts and hangs up at once is none of them. */
function backOff(
  machine: ConnectionMachine,
  { now, random }: ConnectionInputs,
  reason: string,
  effects: readonly ConnectionEffect[],
): ConnectionStep {
  const lasted = machine.state === "CONNECTED" && now - machine.since >= qmLimits.stableConnection;
  const failures = lasted ? 0 : machine.failures;
  const whole = Math.min(qmLimits.maxBackoff, qmLimits.backoff * 2 ** Math.min(failures, 30));
  const until = now + Math.round(whole / 2 + (whole / 2) * random());
  return { machine: { ...machine, state: "BACKOFF", failures: failures + 1, since: now, until }, effects, reason };
}

function isOf(machine: ConnectionMachine, attemptNumber: number): boolean {
  return (machine.state === "CONNECTING" || machine.state === "CONNECTED") && machine.attempt === attemptNumber;
}

function sameAddress(a: BrokerAddress | null, b: BrokerAddress | null): boolean {
  return a === b || (a?.host === b?.host && a?.port === b?.port && a?.tls === b?.tls);
}
