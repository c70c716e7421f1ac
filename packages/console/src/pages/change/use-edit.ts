/** The edit of a location's document that the page shows, on the version that is newest. */

import { createContext, useContext, useEffect, useMemo } from "react";
import { useAsk } from "../../api/ask.ts";
import { useAt } from "../../ui/use-at.ts";
import type { Doc } from "./doc.ts";
import type { Path } from "./lists.ts";
import { problemAt } from "./problems.ts";
import type { Called } from "./sentences.ts";
import { heldAt, shownOf, type VersionSummary } from "./versions.ts";
import { begun, edited, isChanged, isDroppedElsewhere, replaced, type Seen, unsaved, type Work } from "./work.ts";
import { type Edit, edits, useStored } from "./work-store.ts";

export interface Editing extends Edit {
  readonly location: string;
  /** What is shown: of now, or of the moment of the time bar. */
  readonly doc: Doc;
  /** Why nothing can be changed; undefined: it can. */
  readonly locked: string | undefined;
  readonly versions: readonly VersionSummary[];
  /** Somebody else has changed the document since this edit began. */
  readonly news: Seen | undefined;
  readonly applied: number | null;
  /** May see passphrases. */
  readonly isAdmin: boolean;
  /** Part of the form that is shown. */
  readonly section: string;
  readonly names: ReadonlyMap<string, string>;
  set(path: Path, value: unknown): void;
  replace(doc: Doc): void;
  problem(path: string, within?: boolean): string | undefined;
}

const context = createContext<Editing | undefined>(undefined);
export const EditingProvider = context.Provider;

export function useEditing(): Editing {
  const editing = useContext(context);
  if (!editing) throw new Error("no edit around this component");
  return editing;
}

/** `editing` undefined: it is being read, or `error` says why not. */
export function useEdit(
  location: string,
  section: string,
): { readonly editing: Editing | undefined; readonly error: unknown } {
  const { atMs } = useAt();
  const stored = useStored(location);
  const { work } = stored;
  const me = useAsk("GET /session", {});
  const place = useAsk("GET /locations/:location", { params: { location } });
  const list = useAsk("GET /locations/:location/versions", { params: { location }, query: { limit: 500 } });
  const devices = useAsk("GET /locations/:location/devices", { params: { location } });
  const versions = list.data?.items;
  const { head, applied = null } = place.data ?? {};
  // Read one after the other: they may be of different moments.
  const isOneMoment = versions !== undefined && head !== undefined && (versions[0]?.number ?? 0) === head;
  const role = me.data?.role;
  const from = isOneMoment && role !== undefined ? shownOf(role, versions, applied) : undefined;
  const document = useVersion(location, from ?? undefined);
  const past = atMs === undefined || !versions ? undefined : heldAt(versions, atMs);
  const held = useVersion(location, past);
  const seen = useMemo<Seen | undefined>(() => {
    if (head === undefined || from === undefined || !place.data) return undefined;
    if (from === null) return { from, head, document: emptyDocument(place.data.name) };
    return document.data && document.data.number === from
      ? { from, head, document: document.data.document }
      : undefined;
  }, [head, from, document.data, place.data]);

  useEffect(() => {
    // What is read may be older than what was saved just now.
    if (!seen || (work && seen.head < work.head)) return;
    if (work && versions && work.from !== seen.from && isDroppedElsewhere(work, versions)) {
      edits.change(location, { work: unsaved(work, seen) });
    } else if (!work || !isChanged(work)) {
      if (work?.from !== seen.from || work.head !== seen.head) {
        edits.change(location, { work: begun(seen, work) });
      }
    } else if (work.from === seen.from && work.head !== seen.head) {
      edits.change(location, { work: { ...work, head: seen.head } });
    }
  }, [location, seen, work, versions]);

  const names = useMemo(
    () => new Map((devices.data?.items ?? []).map(({ mac, name }) => [mac, name] as const)),
    [devices.data],
  );
  const error = place.error ?? list.error ?? document.error ?? held.error ?? me.error;
  const isPast = atMs !== undefined;
  // Who may change nothing may have typed something while they might.
  const now = role === "viewer" ? (seen?.document ?? work?.base) : work?.mine;
  const doc = isPast ? held.data?.document : now;
  if (!work || !versions || !doc) {
    const unknown =
      isPast && versions && past === undefined
        ? new Error("The home had not been set up yet, or how it was set up then is not known any more.")
        : null;
    return { editing: undefined, error: error ?? unknown };
  }
  const locked = isPast
    ? "This is what held then. Go back to now to change it."
    : role === "viewer"
      ? "You may look at this, not change it: that takes an operator."
      : undefined;
  const change = (next: Work) => {
    if (locked === undefined) edits.change(location, { work: next });
  };
  const editing: Editing = {
    ...stored,
    ...{ location, doc, locked, versions, applied, names, section },
    news: seen && isChanged(work) && seen.head > work.head && work.from !== seen.from ? seen : undefined,
    isAdmin: role === "admin" || role === "owner",
    set: (path, value) => change(edited(work, path, value)),
    replace: (next) => change(replaced(work, next)),
    problem: (path, within) => problemAt(work.problems, path, within),
  };
  return { editing, error };
}

/** `now` (ms since 1970): when what is told was, or is. */
export function useCalled(now: number): Called {
  const { names } = useEditing();
  return useMemo(() => ({ names, now }), [names, now]);
}

export function useVersion(location: string, version: number | undefined) {
  return useAsk(
    "GET /locations/:location/versions/:version",
    { params: { location, version: version ?? 1 } },
    { enabled: version !== undefined },
  );
}

export function emptyDocument(name: string): Doc {
  return { name, nodes: [], networks: [], radios: [], bridges: [] };
}
