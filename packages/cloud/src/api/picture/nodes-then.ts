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
  "radio-differs",
  "radio-agrees",
] as const satisfies readonly EventKind[];

/** `events`: the newest first, of the location up to the time. Nodes without one are not in it: nothing is known. */
export function nodesThen(
  events: readonly Pick<TelemetryEvent, "kind" | "node" | "text" | "details">[],
  model: (node: string) => string | null,
): ReadonlyMap<string, NodeThen> {
  const found = new Map<string, NodeThen>();
  const settledOf = new Map<string, (typeof events)[number]>();
  const notes = notesOf(events);
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
  return new Map([...found].map(([node, then]) => [node, { ...then, note: notes.get(node) ?? null }]));
}

/** When those went that were not connected then, ms since 1970: what is told of their clients is as old. `events`: as for `nodesThen`. */
export function leftThen(
  events: readonly Pick<TelemetryEvent, "kind" | "node" | "at">[],
  nodes: ReadonlyMap<string, Pick<NodeThen, "connection">>,
): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const { kind, node, at } of events) {
    if (kind !== "node-disconnected" || node === null || left.has(node)) continue;
    const connection = nodes.get(node)?.connection ?? null;
    if (connection !== null && connection !== "connected") left.set(node, at);
  }
  return left;
}

/** What was not as it was told then, by node: of each radio the last that was told. */
function notesOf(events: readonly Pick<TelemetryEvent, "kind" | "node" | "details">[]): ReadonlyMap<string, string> {
  const told = new Set<string>();
  const notes = new Map<string, string[]>();
  for (const { kind, node, details } of events) {
    if (node === null || (kind !== "radio-differs" && kind !== "radio-agrees")) continue;
    const radio = `${node} ${String(details.ifName)}`;
    if (told.has(radio)) continue;
    told.add(radio);
    if (kind === "radio-differs") notes.set(node, [...(notes.get(node) ?? []), String(details.note)]);
  }
  return new Map([...notes].map(([node, texts]) => [node, texts.join("; ")]));
}

const connections = {
  "node-connected": "connected",
  "node-disconnected": "absent",
  "node-redirected": "redirected",
  "node-refused": "refused",
} as const;
