import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { keptSearch } from "./kept-search.ts";

/** To another page of the same location, at the same time. */
export function ClientLink({ mac, children }: { readonly mac: string; readonly children: ReactNode }) {
  return (
    <PageLink to="clients/$mac" params={{ mac }}>
      {children}
    </PageLink>
  );
}

export function NodeLink({ node, children }: { readonly node: string; readonly children: ReactNode }) {
  return (
    <PageLink to="nodes/$node" params={{ node }}>
      {children}
    </PageLink>
  );
}

export function HomeLink({ children }: { readonly children: ReactNode }) {
  return (
    <PageLink to="" params={{}}>
      {children}
    </PageLink>
  );
}

interface PageLinkProps {
  readonly to: string;
  readonly params: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

function PageLink({ to, params, children }: PageLinkProps) {
  const { location = "" } = useParams({ strict: false });
  return (
    <Link
      to={`/l/$location${to === "" ? "" : `/${to}`}` as "/l/$location"}
      params={{ location, ...params }}
      search={keptSearch as never}
    >
      {children}
    </Link>
  );
}
