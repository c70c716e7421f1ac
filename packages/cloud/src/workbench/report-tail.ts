/** The last reports of a node as JSON, from when somebody begins to look. */

import type { Clock } from "@opensync-ts/base/clock";
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

  constructor(clock: Clock) {
    this.#clock = clock;
    this.id = `${clock.wallTime()}-${Math.round(clock.now())}`;
  }

  take(publication: Publication): void {
    const { kind, topic, payload } = publication;
    const whole = textOf(publication);
    const text = whole !== null && whole.length <= limits.reportText ? whole : null;
    const at = this.#clock.wallTime();
    this.#ring.add(2 * (text?.length ?? 0) + 200, (number) => ({
      ...{ number, at, kind, topic: topic.slice(0, 256), bytes: payload.length, text },
    }));
  }

  after(number: number) {
    return this.#ring.after(number);
  }
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
