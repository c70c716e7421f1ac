/** Where events stand on the time line. Pure. */

/** How far back the time line reaches, and how fine it is, ms. */
export const spanMs = 6 * 3_600_000;
export const step = 10_000;

export interface Placed<T> {
  readonly event: T;
  /** 0: at its beginning, 1: at its end. */
  readonly share: number;
}

/** Those between `from` and `to` (ms since 1970). */
export function placed<T extends { readonly at: string }>(
  events: readonly T[],
  from: number,
  to: number,
): readonly Placed<T>[] {
  return events.flatMap((event) => {
    const share = (Date.parse(event.at) - from) / (to - from);
    return share >= 0 && share <= 1 ? [{ event, share }] : [];
  });
}
