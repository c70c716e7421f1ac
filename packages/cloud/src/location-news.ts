/** What happens at a location, as those who follow it hear of it, and in words. Pure. */

import type { RadioNews } from "./node-faults.ts";
import type { SessionEvent } from "./session-state.ts";

export type LocationEvent =
  | { readonly kind: "redirected"; readonly node: string; readonly peer: string }
  | { readonly kind: "connected"; readonly node: string; readonly peer: string }
  | { readonly kind: "disconnected"; readonly node: string; readonly reason: string }
  | { readonly kind: "stranger"; readonly peer: string; readonly reason: string }
  /** Who called has not proven to be the node. */
  | { readonly kind: "refused"; readonly node: string; readonly peer: string; readonly reason: string }
  /** What holds was too much for the node: it is not written until another version holds. */
  | { readonly kind: "quarantined"; readonly node: string; readonly reason: string }
  /** Two devices, by the addresses they call from, take turns in being the node. */
  | { readonly kind: "duplicate"; readonly node: string; readonly peers: readonly string[] }
  | ({ readonly kind: "radio"; readonly node: string } & RadioNews)
  /** Clients of this node have come or gone, or hold another key. */
  | { readonly kind: "clients"; readonly node: string }
  | ({ readonly node: string } & SessionEvent);

/** One line for people. */
export function describeEvent(event: LocationEvent): string {
  switch (event.kind) {
    case "redirected":
      return `${event.node}: redirected to the controller`;
    case "connected":
      return `${event.node}: connected to the controller`;
    case "disconnected":
      return `${event.node}: left the controller (${event.reason})`;
    case "stranger":
      return `${event.peer}: not provisioned: ${event.reason}`;
    case "refused":
      return `${event.node}: ${event.peer} was refused: ${event.reason}`;
    case "quarantined":
      return `${event.node}: quarantined: ${event.reason}`;
    case "duplicate":
      return `${event.node}: two devices take turns in being it, calling from ${event.peers.join(" and ")}; one of them has the other's identity`;
    case "radio":
      return `${event.node}: ${event.text}`;
    case "radios":
      return `${event.node}: other radios than before are not as they were told`;
    case "air":
      return `${event.node}: its radios are on the air in another way than before`;
    case "silence":
      return `${event.node}: ${event.isSilent ? "does not answer" : "is heard of again"}`;
    case "clients":
      return `${event.node}: clients have come or gone`;
    case "state":
      return `${event.node}: ${event.to}: ${event.reason}`;
    case "written":
      return `${event.node}: ${event.changes.join("; ")}`;
    case "row":
      return `${event.node}: ${event.row.id} ${event.row.status}${event.row.reason ? `: ${event.row.reason}` : ""}`;
  }
}
