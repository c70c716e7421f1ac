/** The last reports of a node as JSON, from when somebody begins to look. */

import type { Clock } from "@opensync-ts/base/clock";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { Publication } from "../statistics/statistics.ts";
import * as limits from "./limits.ts";
import { Ring } from "./ring.ts";

export interface TailedReport {
  readonly number: number;
  /** When it came; wall clock, ms. */
  readonly at: number;
  readonly kind: Publication["kind"];
  readonly topic: string;
  /** As it was published. */
  readonly bytes: number;
  /** JSON; null: it is too long, or is nothing that is decoded. */
  readonly text: string | null;
}

export class ReportTail {
  /** Another one for another begin: numbers are of it. */
  readonly id: string;
  readonly #clock: Clock;
  readonly #ring = new Ring<TailedReport>(limits.reports, limits.reportTailBytes);

  #behindMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.id = `${clock.wallTime()}-${Math.round(clock.now())}`;
  }

  take(publication: Publication): void {
    const { kind, topic, payload } = publication;
    const saidAt = publication.kind === "stats" ? timeOf(publication.report) : undefined;
    if (saidAt !== undefined) this.#behindMs = this.#clock.wallTime() - saidAt;
    const whole = textOf(publication);
    const text = whole !== null && whole.length <= limits.reportText ? whole : null;
    const at = this.#clock.wallTime();
    this.#ring.add(2 * (text?.length ?? 0) + 200, (number) => ({
      ...{ number, at, kind, topic: topic.slice(0, 256), bytes: payload.length, text },
    }));
  }

  /** By how much the node's clock is behind ours, by its last statistics, ms, and their way; undefined: none have come. */
  get behindMs(): number | undefined {
    return this.#behindMs;
  }

  after(number: number) {
    return this.#ring.after(number);
  }
}

/** The latest time that it names, ms since 1970. */
function timeOf({ surveys, clients, devices, capacities, neighbors }: StatsReport): number | undefined {
  const times = [surveys, clients, devices, capacities, neighbors].flatMap((parts) =>
    parts.map(({ timestampMs }) => timestampMs).filter((time) => time > 0),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function textOf(publication: Publication): string | null {
  if ("report" in publication) return JSON.stringify(publication.report, plain);
  return publication.kind === "log" ? JSON.stringify(publication.lines) : null;
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
