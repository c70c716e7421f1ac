/** The time line: how far it reaches, where events stand on it, and which comes next. Pure. */

/** How far back the time line reaches at the most, and how fine it is, ms. */
export const spanMs = 6 * 3_600_000;
export const step = 10_000;
/** What the page keys move by, ms. */
export const pageMs = 5 * 60_000;

/** What is shown where a moment of the line is chosen, ms since 1970; undefined: now, which is the end of the line. */
export function momentOf(chosen: number, from: number, now: number): number | undefined {
  return chosen >= now ? undefined : Math.max(from, chosen);
}

interface Timed {
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

/** Events so near to each other that they are one mark. */
export interface Mark<T extends Timed> {
  readonly id: string;
  /** 0: at the beginning of the line, 1: at its end. */
  readonly share: number;
  /** When the last of them was, ms since 1970. */
  readonly at: number;
  /** The newest first. */
  readonly events: readonly T[];
}

/**
 * Where the line begins, ms since 1970: as far back as something is known (`knownFrom`; null: nothing is, undefined: not asked yet), and as
 * what is shown.
 */
export function lineBegin(now: number, knownFrom: number | null | undefined, shown: number | undefined): number {
  const known = Math.min(Math.max(now - spanMs, knownFrom === null ? now : (knownFrom ?? 0)), now - step);
  return Math.floor(Math.min(known, shown ?? known) / step) * step;
}

/** What stands at the beginning of the line, and why it is shorter than it may be. `moment`: ms since 1970 as it is read. */
export function beginText(
  now: number,
  from: number,
  knownFrom: number | null | undefined,
  moment: (at: number) => string,
): string {
  if (knownFrom === null) return "nothing is known yet";
  // A moment that is shown may be older than all that is known.
  const begin = Math.max(from, knownFrom ?? from);
  const isShort = knownFrom !== undefined && knownFrom > now - spanMs + step;
  return isShort ? `${moment(begin)}: nothing is known from before` : moment(from);
}

/** Of events between `from` and `to` (ms since 1970), in order of time. Two marks are not nearer than `distance` (a share of the line). */
export function marksOf<T extends Timed>(
  events: readonly T[],
  from: number,
  to: number,
  distance: number,
): readonly Mark<T>[] {
  const marks: { id: string; first: number; at: number; events: T[] }[] = [];
  const placed = events
    .map((event) => ({ event, at: Date.parse(event.at) }))
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at);
  for (const { event, at } of placed) {
    const last = marks.at(-1);
    if (last && at - (last.first + last.at) / 2 < distance * (to - from)) {
      last.events.unshift(event);
      last.at = at;
    } else marks.push({ id: event.id, first: at, at, events: [event] });
  }
  return marks.map(({ id, first, at, events: together }) => ({
    ...{ id, at, events: together },
    share: ((first + at) / 2 - from) / (to - from),
  }));
}

/** A mark is as wide as a finger needs it, px; and marks are no nearer to each other, as a share of a line that is so wide. */
export const markPx = 24;
const nearest = 0.012;

export function distanceOn(widthPx: number): number {
  return widthPx <= 0 ? nearest : Math.min(1, Math.max(nearest, markPx / widthPx));
}

const named = 4;

/** What a mark says: its events, those that are too many counted. */
export function markText({ events }: Pick<Mark<Timed>, "events">, timeOf: (at: string) => string): string {
  const lines = events.slice(0, named).map(({ at, text }) => `${timeOf(at)}  ${text}`);
  return events.length > named ? [...lines, `and ${events.length - named} more`].join("\n") : lines.join("\n");
}

/** Times of the events before and after a time, ms since 1970; undefined: there is none. What is shown of a mark is just after its event. */
export function beside(events: readonly Timed[], at: number): { readonly before?: number; readonly after?: number } {
  let before: number | undefined;
  let after: number | undefined;
  for (const event of events) {
    const time = Date.parse(event.at);
    if (time < at && (before === undefined || time > before)) before = time;
    if (time > at && (after === undefined || time < after)) after = time;
  }
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
