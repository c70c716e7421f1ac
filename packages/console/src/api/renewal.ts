/** When an answer that is kept is asked for anew. Pure. */

/** `everyMs` undefined: when events tell of something else. */
export function renewal(everyMs: number | undefined) {
  // What is renewed in its own time may be another already when the next page shows it.
  return everyMs === undefined ? {} : ({ refetchInterval: everyMs, refetchOnMount: "always" } as const);
}
