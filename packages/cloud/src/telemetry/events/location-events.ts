/** What the controller tells of nodes, as events. What is of no interest later (single rows, writes) is none: the audit trail and the node's view have it. */

import { describeEvent, type LocationEvent } from "../../location-news.ts";
import { endingWords } from "./ending-words.ts";
import type { EventKind, TelemetryEvent } from "./event.ts";

export type EventDraft = Omit<TelemetryEvent, "id" | "location" | "at"> & { readonly at?: number };

/** Null: not kept. */
export function eventOf(event: LocationEvent): EventDraft | null {
  const draft = (
    kind: EventKind,
    node: string | null,
    details: EventDraft["details"],
    text = describeEvent(event),
  ): EventDraft => ({ kind, node, client: null, text, details });
  switch (event.kind) {
    case "redirected":
      return draft(
        ...(["node-redirected", event.node, { peer: event.peer }] as const),
        `${event.node}: the redirector sent it to its cloud`,
      );
    case "connected":
      return draft("node-connected", event.node, { peer: event.peer }, `${event.node}: connected to the cloud`);
    case "disconnected":
      return endedDraft(event);
    case "stranger":
      return draft("stranger", null, { peer: event.peer, reason: event.reason });
    case "refused":
      return draft("node-refused", event.node, { peer: event.peer, reason: event.reason });
    case "quarantined":
      return draft("node-quarantined", event.node, { reason: event.reason });
    case "duplicate":
      return draft("node-duplicate", event.node, { peers: event.peers.join(" ") });
    case "radio": {
      const { ifName, band, text: note, writer, isOver } = event;
      return draft(isOver ? "radio-agrees" : "radio-differs", event.node, { ifName, band, note, writer });
    }
    case "state":
      return stateDraft(event);
    default:
      return null;
  }
}

/** For people; `raw` is what was said of the connection. */
function endedDraft({ node, reason: raw }: Extract<LocationEvent, { kind: "disconnected" }>): EventDraft {
  const reason = endingWords(raw) ?? raw;
  return {
    kind: "node-disconnected",
    node,
    client: null,
    text: `${node}: left the cloud: ${reason}`,
    details: { reason, raw },
  };
}

/** For people: they need not know the names of states. */
function stateDraft({ node, to, reason }: Extract<LocationEvent, { kind: "state" }>): EventDraft | null {
  const common = { node, client: null, details: { reason } };
  if (to === "SETTLED") return { ...common, kind: "node-settled", text: `${node}: works as it should` };
  if (to === "UNSETTLED")
    return { ...common, kind: "node-unsettled", text: `${node}: is not as it should be: ${reason}` };
  return null;
}
