/** How things of the store look in answers. */

import type { NodeView } from "../../location.ts";
import { withoutSecrets } from "../../model/secrets.ts";
import type { ShownDocument } from "../../model/shown-document.ts";
import type { RadioFaultView } from "../../node-faults.ts";
import type { StoredLocation } from "../../store/locations.ts";
import type { StoredNode } from "../../store/nodes.ts";
import type { Version, VersionSummary } from "../../store/read-versions.ts";
import type { ApiHost } from "../host.ts";

/** A page that is full may have a next one, which begins after its last entry. */
export function pageOf<T, V>(
  found: readonly T[],
  limit: number,
  view: (entry: T) => V,
  cursor: (entry: T) => string | number,
): { items: V[]; next: string | null } {
  const last = found.at(-1);
  return { items: found.map(view), next: last !== undefined && found.length >= limit ? String(cursor(last)) : null };
}

/** All there are. */
export function wholeOf<V>(items: V[]): { items: V[]; next: null } {
  return { items, next: null };
}

export function faultView({ since, writer, undo, ...fault }: RadioFaultView) {
  const at = (time: number) => new Date(time).toISOString();
  return {
    ...{ ...fault, since: at(since), undo: undo && { ...undo, set: { ...undo.set }, guard: { ...undo.guard } } },
    writer: writer && { name: writer.name, at: at(writer.at) },
  };
}

export function locationView(
  location: StoredLocation,
  { locations, simulation }: Pick<ApiHost, "locations" | "simulation">,
) {
  const { createdAt, ...rest } = location;
  const served = locations.get(location.id);
  const nodes = served?.nodes ?? [];
  const live = served && {
    ...{ settled: served.settled, note: noteText(nodes) },
    version: served.version,
    nodes: nodes.length,
    connected: nodes.filter(({ connection }) => connection === "connected").length,
  };
  const simulated = simulation?.(location.id) !== undefined;
  return { ...rest, createdAt: createdAt.toISOString(), live: live ?? null, simulated };
}

function noteText(nodes: readonly Pick<NodeView, "id" | "note">[]): string | null {
  const notes = nodes.flatMap(({ id, note }) => (note === null ? [] : [`${id}: ${note}`]));
  const [first] = notes;
  if (first === undefined) return null;
  return notes.length === 1 ? first : `${first}; and ${notes.length - 1} more of its nodes`;
}

export function summaryView({ createdAt, appliedAt, provenAt, ...summary }: VersionSummary) {
  return {
    ...summary,
    createdAt: createdAt.toISOString(),
    appliedAt: appliedAt?.toISOString() ?? null,
    provenAt: provenAt?.toISOString() ?? null,
  };
}

export function versionView({ document, ...summary }: Version, secrets: boolean) {
  const shown: ShownDocument = secrets ? document : (withoutSecrets(document) as ShownDocument);
  return { ...summaryView(summary), document: shown };
}

export function nodeView({ serialNumber, packId, model, location, claimedAt, claimedBy }: StoredNode) {
  return { serialNumber, packId, model, location, claimedAt: claimedAt?.toISOString() ?? null, claimedBy };
}
