/**
 * The log of outages behind `Uplink_Events`: pure. Only transitions are noted, and only one outage is open at a time:
 * what fails next while one is open belongs to it.
 */

import { cmLimits } from "./limits.ts";

export const outageTypes = ["LINK", "IPALL_ROUTER", "IPALL_INTERNET", "NTP"] as const;
export type OutageType = (typeof outageTypes)[number];

export interface UplinkEvent {
  /** Seconds since the Unix epoch. */
  readonly timestamp: number;
  readonly type: OutageType | "UNKNOWN";
  /** Whether this is the outage's end. */
  readonly connected: boolean;
}

export interface OutageLog {
  /** Events that there ever were. */
  readonly counter: number;
  readonly events: readonly UplinkEvent[];
  /** The outage that is open; null: none. Not by the last event: who has read events may have removed them. */
  readonly open: UplinkEvent["type"] | null;
}

/** What is known to be down (true) or up (false); left out: not known. */
export type Condition = { readonly [T in OutageType]?: boolean };

export const emptyLog: OutageLog = { counter: 0, events: [], open: null };

/** The log with what the condition adds; the same object where that is nothing. `timestamp`: seconds. */
export function noteCondition(log: OutageLog, condition: Condition, timestamp: number): OutageLog {
  const { open } = log;
  if (open !== null) {
    const over = open === "UNKNOWN" ? Object.values(condition).includes(false) : condition[open] === false;
    return over ? withEvent(log, { timestamp, type: open, connected: true }) : log;
  }
  const type = outageTypes.find((each) => condition[each] === true);
  return type ? withEvent(log, { timestamp, type, connected: false }) : log;
}

/** Without an event that somebody has removed. */
export function withoutEvent(log: OutageLog, event: UplinkEvent): OutageLog {
  const at = log.events.findIndex((each) => sameEvent(each, event));
  return at < 0 ? log : { ...log, events: log.events.toSpliced(at, 1) };
}

export function sameEvent(a: UplinkEvent, b: UplinkEvent): boolean {
  return a.timestamp === b.timestamp && a.type === b.type && a.connected === b.connected;
}

export function formatLog({ counter, events, open }: OutageLog): string {
  return JSON.stringify({ counter, events, open });
}

/** Throws an `Error` that says what is wrong with the text. */
export function parseLog(text: string): OutageLog {
  if (text.length > cmLimits.uplinkEventsBytes) throw new Error(`longer than ${cmLimits.uplinkEventsBytes} bytes`);
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null || !("events" in json) || !Array.isArray(json.events)) {
    throw new Error("must be an object with a list 'events'");
  }
  const events = json.events.filter(isEvent).slice(-cmLimits.uplinkEvents);
  const counter = "counter" in json && Number.isSafeInteger(json.counter) ? Number(json.counter) : events.length;
  const last = events.at(-1);
  // Others store no more than the events.
  const open = "open" in json ? (isType(json.open) ? json.open : null) : last?.connected === false ? last.type : null;
  return { counter, events: events.map(({ timestamp, type, connected }) => ({ timestamp, type, connected })), open };
}

/** No two events are alike: a link that flaps within a second takes the seconds after it. */
function withEvent(log: OutageLog, { timestamp, type, connected }: UplinkEvent): OutageLog {
  let event: UplinkEvent = { timestamp, type, connected };
  while (log.events.some((each) => sameEvent(each, event))) event = { ...event, timestamp: event.timestamp + 1 };
  return {
    counter: log.counter + 1,
    events: [...log.events, event].slice(-cmLimits.uplinkEvents),
    open: connected ? null : type,
  };
}

function isEvent(value: unknown): value is UplinkEvent {
  if (typeof value !== "object" || value === null) return false;
  const { timestamp, type, connected } = value as { readonly [name: string]: unknown };
  return (
    Number.isInteger(timestamp) &&
    (timestamp as number) >= 1 &&
    (timestamp as number) <= 4_294_967_295 &&
    isType(type) &&
    typeof connected === "boolean"
  );
}

function isType(value: unknown): value is UplinkEvent["type"] {
  const known: readonly unknown[] = [...outageTypes, "UNKNOWN"];
  return known.includes(value);
}
