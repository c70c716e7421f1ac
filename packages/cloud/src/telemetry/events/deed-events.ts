/** What people do to a home, as events: who did what, so that what came of it can be told from what came by itself. Pure. */

import { actorName, type DoneDeed } from "../../store/deed.ts";
import type { EventDraft } from "./location-events.ts";

/** Changes that are kept with one deed: the history of versions has them all, in better words. */
const keptChanges = 3;

/** Null: of no interest later; the audit trail has it. */
export function deedEvent({ action, target, by, about, details }: DoneDeed): EventDraft | null {
  const words = about?.words ?? changeWords(action, target ?? "");
  if (words === null) return null;
  const actor = actorName(by.actor);
  return {
    kind: "deed",
    node: about?.node ?? null,
    client: about?.client ?? null,
    text: `${actor} ${words}`,
    details: { ...about?.facts, ...changesOf(details), action, actor, why: by.why ?? null },
  };
}

/** For programs: they name the document's parts. */
function changesOf(details: readonly string[]): EventDraft["details"] {
  if (details.length === 0) return {};
  const rest = details.length - keptChanges;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  return { changes: [...details.slice(0, keptChanges), ...more].join("; ") };
}

function changeWords(action: string, target: string): string | null {
  switch (action) {
    case "version.apply":
    case "version.edit":
      return `changed the home (${target})`;
    case "version.revert":
      return `took the home back ${target}`;
    case "node.claim":
      return `claimed ${target}`;
    case "node.release":
      return `released ${target}`;
    default:
      return null;
  }
}
