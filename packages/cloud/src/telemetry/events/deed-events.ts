/** What people do to a home, as events: who did what, so that what came of it can be told from what came by itself. Pure. */

import type { DoneDeed } from "../../store/deed.ts";
import type { EventDraft } from "./location-events.ts";

/** Changes that are told of, of one deed. */
const toldChanges = 3;

/** Null: of no interest later; the audit trail has it. */
export function deedEvent({ action, target, by, about, details }: DoneDeed): EventDraft | null {
  const words = about?.words ?? changeWords(action, target ?? "", details);
  if (words === null) return null;
  const actor = actorName(by.actor);
  return {
    kind: "deed",
    node: about?.node ?? null,
    client: about?.client ?? null,
    text: `${actor} ${words}`,
    details: { ...about?.facts, action, actor, why: by.why ?? null },
  };
}

/** `user:ana` is `ana`. */
function actorName(actor: string): string {
  return actor.replace(/^\w+:/, "");
}

function changeWords(action: string, target: string, details: readonly string[]): string | null {
  const changes = details.slice(0, toldChanges).join("; ");
  const rest = details.length - toldChanges;
  const what = changes && `: ${changes}${rest > 0 ? `; and ${rest} more` : ""}`;
  switch (action) {
    case "version.apply":
    case "version.edit":
      return `changed the home (${target})${what}`;
    case "version.revert":
      return `took the home back ${target}${what}`;
    case "node.claim":
      return `claimed ${target}`;
    case "node.release":
      return `released ${target}`;
    default:
      return null;
  }
}
