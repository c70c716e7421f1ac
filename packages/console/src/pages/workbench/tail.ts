/** What has come of something that goes on, joined to what was there. Pure. */

export interface TailAnswer<T> {
  readonly log: string;
  readonly items: readonly T[];
  readonly lost: number;
}

export interface Tail<T> {
  readonly log: string;
  /** The oldest first. */
  readonly items: readonly T[];
  /** So many are not shown, as they were too many or too fast. */
  readonly lost: number;
}

/** As many as are kept here. */
export const keptEntries = 500;

export function joined<T extends { readonly number: number }>(
  before: Tail<T> | undefined,
  { log, items, lost }: TailAnswer<T>,
): Tail<T> {
  if (before?.log !== log) return { log, items, lost };
  if (items.length === 0) return before;
  const last = before.items.at(-1)?.number ?? 0;
  const all = [...before.items, ...items.filter(({ number }) => number > last)];
  const over = Math.max(0, all.length - keptEntries);
  return { log, items: all.slice(over), lost: before.lost + lost + over };
}

export function questionAfter(tail: Tail<{ readonly number: number }> | undefined) {
  const last = tail?.items.at(-1)?.number;
  return tail && last !== undefined ? { after: last, log: tail.log } : {};
}

/** Set out over lines, where it is JSON. */
export function prettyText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
