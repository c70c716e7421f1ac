/** How a location is, in one line. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

type Location = AnswerTo<"GET /locations">["items"][number];

export function stateText(live: Pick<NonNullable<Location["live"]>, "settled" | "note"> | null): string {
  if (live === null) return "nothing applied yet";
  if (!live.settled) return live.note === null ? "not yet as it should be" : `not yet as it should be; ${live.note}`;
  return live.note ?? "works as it should";
}
