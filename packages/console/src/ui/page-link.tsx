import { Link, useParams } from "@tanstack/react-router";
import type { KeyboardEvent, MouseEvent, PointerEvent, ReactNode } from "react";
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

/** To what versions have changed. `onGo`: where the link is in something that is closed then. */
export function HistoryLink({ children, onGo }: { readonly children: ReactNode; readonly onGo?: () => void }) {
  return (
    <PageLink to="network/$section" params={{ section: "history" }} onGo={onGo}>
      {children}
    </PageLink>
  );
}

/** To where the page of a node puts a radio back that is not as it was told. */
export function RadioFaultLink({ node, ifName, children }: RadioFaultLinkProps) {
  return (
    <PageLink to="nodes/$node" params={{ node }} hash={radioFaultId(ifName)}>
      {children}
    </PageLink>
  );
}

interface RadioFaultLinkProps {
  readonly node: string;
  readonly ifName: string;
  readonly children: ReactNode;
}

/** The place on the page of its node. */
export function radioFaultId(ifName: string): string {
  return `fault-${ifName}`;
}

/** To a table of a node as it is now, of which the rows with these words are shown. */
export function TableLink({ node, table, filter, children }: TableLinkProps) {
  return (
    <PageLink to="workbench/$node" params={{ node }} search={() => ({ table, filter })}>
      {children}
    </PageLink>
  );
}

interface TableLinkProps {
  readonly node: string;
  readonly table: string;
  readonly filter: string;
  readonly children: ReactNode;
}

interface PageLinkProps {
  readonly to: string;
  readonly params: Readonly<Record<string, string>>;
  /** Left out: what of the address goes along to every page. */
  readonly search?: (search: { readonly at?: unknown }) => { readonly [name: string]: string | undefined };
  /** A place on the page. */
  readonly hash?: string;
  readonly onGo?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** In a list whose lines can be pressed, a press on the link is none on its line. */
const apart = {
  onPointerDown: (event: PointerEvent) => event.stopPropagation(),
  onMouseDown: (event: MouseEvent) => event.stopPropagation(),
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key === "Enter") event.stopPropagation();
  },
};

function PageLink({ to, params, search = keptSearch, hash, onGo, children }: PageLinkProps) {
  const { location = "" } = useParams({ strict: false });
  return (
    <Link
      to={`/l/$location${to === "" ? "" : `/${to}`}` as "/l/$location"}
      params={{ location, ...params }}
      search={search as never}
      {...(hash !== undefined && { hash })}
      {...apart}
      onClick={(event) => {
        // By Enter it is a click of no pointer, which a line would take for its own.
        event.stopPropagation();
        onGo?.();
      }}
    >
      {children}
    </Link>
  );
}
