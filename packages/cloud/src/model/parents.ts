/** Whom extenders hang on: a tree with the gateway at its root. */

import type { z } from "zod";

interface Node {
  readonly id: string;
  readonly role: "gateway" | "extender";
  readonly parent?: string | undefined;
}

/** That every `parent` is a node of the home, and that none is above itself. */
export function checkParents(nodes: readonly Node[], context: z.core.$RefinementCtx): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  nodes.forEach((node, index) => {
    const message = problemOf(node, byId);
    if (message) context.addIssue({ code: "custom", path: ["nodes", index, "parent"], message });
  });
}

function problemOf({ id, role, parent }: Node, byId: ReadonlyMap<string, Node>): string | undefined {
  if (parent === undefined) return undefined;
  if (role === "gateway") return "is for extenders; a gateway has none in the home; leave it out";
  if (!byId.has(parent)) return `names a node that is not in 'nodes'; known: ${[...byId.keys()].join(", ")}`;
  const chain = [id];
  for (let at: string | undefined = parent; at !== undefined; at = byId.get(at)?.parent) {
    if (at === id) return `goes round in a circle (${[...chain, id].join(" -> ")}); hang one of them elsewhere`;
    // A circle further up is another node's problem.
    if (chain.includes(at)) return undefined;
    chain.push(at);
  }
  return undefined;
}
