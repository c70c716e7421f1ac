/** Rows that are wider than a phone: the chosen link is scrolled to, and where there is more the row fades. */

import { type RefObject, useEffect } from "react";
import { moreBeyond, scrolledTo } from "./scrolled-to.ts";

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
  useFading(row);
}

/** Has it fade where it goes on. */
export function useFading(row: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = row.current;
    if (!element) return;
    const tell = () => {
      const { scrollLeft: scrolled, clientWidth: room, scrollWidth: width } = element;
      element.dataset.more = moreBeyond({ scrolled, room, width });
    };
    const observer = new ResizeObserver(tell);
    for (const each of [element, ...element.children]) observer.observe(each);
    element.addEventListener("scroll", tell, { passive: true });
    tell();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", tell);
    };
  }, [row]);
}
