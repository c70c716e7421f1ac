/** How far a row is to be scrolled. Pure. */

export interface Row {
  /** As it is now, px. */
  readonly scrolled: number;
  /** Width of what is seen of it, px. */
  readonly room: number;
  /** Of what is to be seen, from the left end of the room, px. */
  readonly begin: number;
  readonly end: number;
}

/** Ends beyond which there is more of a row. `width`: of all of it, px. */
export function moreBeyond({ scrolled, room, width }: Pick<Row, "scrolled" | "room"> & { readonly width: number }) {
  // Widths are rounded.
  const [before, behind] = [scrolled > 1, scrolled + room < width - 1];
  return before && behind ? "both" : before ? "start" : behind ? "end" : "none";
}

/** As it is where all of the thing is seen; else so that it stands in the middle. */
export function scrolledTo({ scrolled, room, begin, end }: Row): number {
  if (begin >= 0 && end <= room) return scrolled;
  return scrolled + (begin + end) / 2 - room / 2;
}
