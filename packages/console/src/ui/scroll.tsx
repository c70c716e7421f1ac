import { type ReactNode, useRef } from "react";
import { useFading } from "./in-sight.ts";

/** Around what may be wider than the page: it fades where it goes on. By keyboard it scrolls only if it can be reached. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const row = useRef<HTMLElement>(null);
  useFading(row);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section ref={row} className="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
