/** What happens to clients between two reports (`BSReport`): for each client and access point, events and counts. */

import type { Mac } from "@opensync-ts/base/units";
import type { SteeredBand } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { steeringGlueLimits } from "./limits.ts";

type Untimed<E> = E extends unknown ? Omit<E, "offsetMs"> : never;

/** Without its time. */
export type EventKind = Untimed<SteeringEvent>;

export type Counts = Omit<SteeredBand, "band" | "ifName" | "events" | "connected">;

export interface Record {
  readonly client: Mac;
  readonly vif: string;
  mldMac: Mac | null;
  connected: boolean;
  readonly counts: { -readonly [Name in keyof Counts]: number };
  /** With the monotonic time of each. */
  readonly events: { readonly at: number; readonly event: EventKind }[];
  /** A CONNECT whose signal is not known yet. */
  unheard: number | null;
}

export class EventLog {
  readonly #records = new Map<string, Record>();
  #lost = 0;

  /** Events of clients for which there was no room. */
  get lost(): number {
    return this.#lost;
  }

  add(client: Mac, vif: string, at: number, event: EventKind): void {
    const record = this.of(client, vif);
    if (!record) return;
    const { events } = record;
    const room = steeringGlueLimits.eventsPerClient - 1;
    if (event.type === "CONNECT") record.unheard = events.length < room ? events.length : null;
    if (events.length < room) events.push({ at, event });
    else if (events.length === room) events.push({ at, event: { type: "OVERRUN" } });
  }

  /** undefined: there are too many. */
  of(client: Mac, vif: string): Record | undefined {
    const key = `${client} ${vif}`;
    const known = this.#records.get(key);
    if (known) return known;
    if (this.#records.size >= steeringGlueLimits.records) {
      this.#lost++;
      return undefined;
    }
    const record: Record = {
      ...{ client, vif, mldMac: null, connected: false, events: [], unheard: null },
      counts: {
        rejects: 0,
        connects: 0,
        disconnects: 0,
        activityChanges: 0,
        steeringSuccesses: 0,
        steeringFailures: 0,
        steeringKicks: 0,
        stickyKicks: 0,
        broadcastProbes: 0,
      },
    };
    this.#records.set(key, record);
    return record;
  }

  /** The first signal after a CONNECT. */
  heard(client: Mac, vif: string, snrDb: number): void {
    const record = this.#records.get(`${client} ${vif}`);
    if (!record || record.unheard === null) return;
    const entry = record.events[record.unheard];
    if (entry) record.events[record.unheard] = { at: entry.at, event: { type: "CONNECT", snrDb } };
    record.unheard = null;
  }

  /** All there is; it begins anew. */
  take(): readonly Record[] {
    const records = [...this.#records.values()];
    this.#records.clear();
    return records;
  }
}
