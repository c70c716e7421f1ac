/** When it is that the console shows: in the address of the page, so that all pages and a link to them agree. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export interface Shown {
  /** ISO 8601; undefined: now. */
  readonly at: string | undefined;
  /** The same in ms since 1970. */
  readonly atMs: number | undefined;
  /** Undefined: back to now. */
  show(at: number | undefined): void;
}

export function useAt(): Shown {
  const { at } = useSearch({ strict: false }) as { readonly at?: string };
  const navigate = useNavigate();
  const show = useCallback(
    (moment: number | undefined) => {
      const next = moment === undefined ? undefined : new Date(moment).toISOString();
      void navigate({
        to: ".",
        replace: true,
        search: ((now: Record<string, unknown>) => ({ ...now, at: next })) as never,
      });
    },
    [navigate],
  );
  return { at, atMs: at === undefined ? undefined : Date.parse(at), show };
}
