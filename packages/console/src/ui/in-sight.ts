/** Rows of links that are wider than a phone: the chosen one is scrolled to. */

import { type RefObject, useEffect } from "react";
import { scrolledTo } from "./scrolled-to.ts";

/** `what`: another one whenever another link may be the chosen one. Only the row itself scrolls. */
export function useChosenInSight(row: RefObject<HTMLElement | null>, what: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is read from the document
  useEffect(() => {
    const element = row.current;
    const chosen = element?.querySelector<HTMLElement>("[aria-current=page]");
    if (!element || !chosen) return;
    const [outer, inner] = [element.getBoundingClientRect(), chosen.getBoundingClientRect()];
    element.scrollLeft = scrolledTo({
      scrolled: element.scrollLeft,
      room: element.clientWidth,
      begin: inner.left - outer.left,
      end: inner.right - outer.left,
    });
  }, [row, what]);
}
