/** What the controller tells of nodes, as events. What is of no interest later (single rows, writes) is none: the audit trail and the node's view have it. */

import { describeEvent, type LocationEvent } from "../../location.ts";
import type { EventKind, TelemetryEvent } from "./event.ts";

export type EventDraft = Omit<TelemetryEvent, "id" | "location" | "at"> & { readonly at?: number };

/** Null: not kept. */
export function eventOf(event: LocationEvent): EventDraft | null {
  const draft = (kind: EventKind, node: string | null, details: EventDraft["details"]): EventDraft => ({
    kind,
    node,
    client: null,
    text: describeEvent(event),
    details,
  });
  switch (event.kind) {
    case "redirected":
      return draft("node-redirected", event.node, { peer: event.peer });
    case "connected":
      return draft("node-connected", event.node, { peer: event.peer });
    case "disconnected":
      return draft("node-disconnected", event.node, { reason: event.reason });
    case "stranger":
      return draft("stranger", null, { peer: event.peer, reason: event.reason });
    case "refused":
      return draft("node-refused", event.node, { peer: event.peer, reason: event.reason });
    case "quarantined":
      return draft("node-quarantined", event.node, { reason: event.reason });
    case "duplicate":
      return draft("node-duplicate", event.node, { peers: event.peers.join(" ") });
    case "state":
      if (event.to === "SETTLED") return draft("node-settled", event.node, { reason: event.reason });
      if (event.to === "UNSETTLED") return draft("node-unsettled", event.node, { reason: event.reason });
      return null;
    default:
      return null;
  }
}
