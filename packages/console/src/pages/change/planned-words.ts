/** What applying a version means for each node, for the people of the house. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

export type Planned = AnswerTo<"GET /locations/:location/versions/:version/rows">["items"];

export interface PlannedWords {
  readonly tone: "plain" | "warn";
  readonly text: string;
}

/** Nodes for which nothing changes are left out. */
export function plannedWords(items: Planned): readonly PlannedWords[] {
  const told = items.filter(({ rows }) => rows !== null && rows.length > 0).map(({ node }) => node);
  const words: PlannedWords[] = [];
  if (told.length > 0)
    words.push({
      tone: "plain",
      text: `As soon as you apply it, ${listed(told)} ${told.length === 1 ? "is" : "are"} set up so.`,
    });
  for (const { node, rows, reason, refused } of items) {
    if (rows === null) words.push({ tone: "warn", text: `${node}: ${reason}.` });
    for (const refusal of refused)
      words.push({ tone: "warn", text: `${node} cannot do all of it: ${refusal.reason}.` });
  }
  if (words.length === 0) words.push({ tone: "plain", text: "No node has to do anything for it." });
  return words;
}

/** `one, two and three` */
export function listed(names: readonly string[]): string {
  const [last, ...others] = names.toReversed();
  return others.length === 0 ? (last ?? "") : `${others.toReversed().join(", ")} and ${last}`;
}
