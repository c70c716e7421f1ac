import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { searchOf, type View, viewFrom } from "./view.ts";

/** The view that is in the address. A part and a table are steps that the browser's back button takes back; a filter is none. */
export function useView(): { readonly view: View; change(next: View, isStep?: boolean): void } {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const change = useCallback(
    (next: View, isStep = true) => {
      void navigate({
        to: ".",
        replace: !isStep,
        resetScroll: false,
        search: ((now: Record<string, unknown>) => ({ ...now, ...searchOf(next) })) as never,
      });
    },
    [navigate],
  );
  return { view: viewFrom(search), change };
}
