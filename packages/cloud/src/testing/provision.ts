/** For tests: a node brought to what a home states now. */

import type { ClientFacts } from "../client-facts.ts";
import { desiredState } from "../desired.ts";
import type { HomeNode } from "../home.ts";
import { parseHome } from "../home.ts";
import { mirrored } from "../mirror.ts";
import { documentAt } from "../model/document-at.ts";
import { nodeFacts } from "../node-facts.ts";
import { plan } from "../reconcile.ts";
import type { DesiredState } from "../rows.ts";
import { homeText } from "../test-home.ts";
import type { TestNode } from "../test-node.ts";
import { describeChange, writeChanges } from "../write-changes.ts";

export interface Circumstances {
  readonly role?: HomeNode["role"];
  /** ms since the Unix epoch. */
  readonly now?: number;
  readonly elsewhere?: readonly ClientFacts[];
  readonly isUnheardElsewhere?: boolean;
}

/** `parts` replace those of a small home without networks. */
export function desiredOf(node: TestNode, parts: object, circumstances: Circumstances = {}): DesiredState {
  const { role = "gateway", now = 0, elsewhere, isUnheardElsewhere } = circumstances;
  const { home } = documentAt(parseHome(homeText({ networks: [], ...parts }), "home.json"), now);
  const self = home.nodes.find((entry) => entry.role === role) as HomeNode;
  return desiredState(home, self, nodeFacts(node.rows), { elsewhere, isUnheardElsewhere });
}

/** The changes, in words. Throws where a column is held that the mirror does not show, or where one pass is not enough. */
export async function provision(node: TestNode, parts: object, circumstances: Circumstances = {}): Promise<string[]> {
  const { rows, silent } = desiredOf(node, parts, circumstances);
  for (const { table, key, columns, entries } of rows) {
    const seen: readonly string[] = mirrored[table].columns;
    const unseen = Object.keys({ ...key, ...columns, ...entries }).filter((column) => !seen.includes(column));
    if (unseen.length > 0) throw new Error(`${table}: ${unseen.join(", ")} would drift unseen`);
  }
  const changes = plan(rows, node.rows, new Set(), silent);
  await node.client.transact((transaction) => {
    writeChanges(changes, transaction);
  });
  const again = desiredOf(node, parts, circumstances);
  const rest = plan(again.rows, node.rows, new Set(), again.silent).map(describeChange);
  if (rest.length > 0) throw new Error(`not as stated after one pass: ${rest.join("; ")}`);
  return changes.map(describeChange);
}
