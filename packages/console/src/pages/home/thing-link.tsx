import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { keptSearch } from "../../ui/kept-search.ts";
import { pathOf } from "./thing-path.ts";

/** To the page of a client or node (`client MAC`, `node ID`), at the time that is shown. */
export function ThingLink({ location, id, children }: { location: string; id: string; children: ReactNode }) {
  const to = pathOf(location, id);
  return to === null ? (
    children
  ) : (
    <Link to={to as "/"} search={keptSearch as never}>
      {children}
    </Link>
  );
}
