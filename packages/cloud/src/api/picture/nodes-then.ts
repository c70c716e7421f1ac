/** What nodes were at a time in the past, by events. Pure. */

import type { EventKind, TelemetryEvent } from "../../telemetry/events/event.ts";
import type { NodeParts } from "./picture.ts";

type NodeThen = NodeParts;

/** Of which the last before a time says what a node was. */
export const tellingKinds = [
  "node-connected",
  "node-disconnected",
  "node-redirected",
  "node-refused",
  "node-settled",
  "node-unsettled",
] as const satisfies readonly EventKind[];

/** `events`: the newest first, of the location up to the time. Nodes without one are not in it: nothing is known. */
export function nodesThen(
  events: readonly Pick<TelemetryEvent, "kind" | "node" | "text" | "details">[],
  model: (node: string) => string | null,
): ReadonlyMap<string, NodeThen> {
  const found = new Map<string, NodeThen>();
  const settledOf = new Map<string, (typeof events)[number]>();
  for (const event of events) {
    const { kind, node, text, details } = event;
    if (node === null || found.has(node)) continue;
    if (kind === "node-settled" || kind === "node-unsettled") {
      if (!settledOf.has(node)) settledOf.set(node, event);
      continue;
    }
    const connection = connections[kind as keyof typeof connections];
    if (connection === undefined) continue;
    const state = settledOf.get(node);
    const reason = typeof details.reason === "string" ? details.reason : text;
    if (connection !== "connected") {
      found.set(node, { model: model(node), connection, settled: false, pending: `not connected: ${reason}` });
    } else if (state?.kind === "node-settled") {
      found.set(node, { model: model(node), connection, settled: true, pending: null });
    } else if (state) {
      const why = state.details.reason;
      found.set(node, {
        model: model(node),
        connection,
        settled: false,
        pending: typeof why === "string" ? why : "not as it should be",
      });
    } else {
      found.set(node, { model: model(node), connection, settled: null, pending: null });
    }
  }
  // One that has settled is connected, also where that is too long ago to be among the events.
  for (const [node, { kind }] of settledOf) {
    if (found.has(node)) continue;
    const settled = kind === "node-settled";
    found.set(node, {
      model: model(node),
      connection: "connected",
      settled,
      pending: settled ? null : "not as it should be",
    });
  }
  return found;
}

const connections = {
  "node-connected": "connected",
  "node-disconnected": "absent",
  "node-redirected": "redirected",
  "node-refused": "refused",
} as const;
