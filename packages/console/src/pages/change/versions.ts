/** Versions of a document, as a page chooses among them. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { TokenRole } from "@opensync-ts/cloud/api/contract/roles";

export type VersionSummary = AnswerTo<"GET /locations/:location/versions">["items"][number];

/**
 * From which version an edit begins: the newest, or, where that was dropped, the one that holds. Null: there is none. `versions`: the
 * newest first.
 */
export function startOf(versions: readonly VersionSummary[], applied: number | null): number | null {
  const [newest] = versions;
  if (!newest) return applied;
  return newest.state === "discarded" || newest.state === "reverted" ? applied : newest.number;
}

/** Which version is shown, and edited by who may: a draft is nothing to who only looks at what the home is. */
export function shownOf(role: TokenRole, versions: readonly VersionSummary[], applied: number | null): number | null {
  return role === "viewer" ? applied : startOf(versions, applied);
}

/** The version that held at a moment (ms since 1970), as far as `versions` go back. */
export function heldAt(versions: readonly VersionSummary[], at: number): number | undefined {
  const held = versions.filter(({ appliedAt }) => appliedAt !== null && Date.parse(appliedAt) <= at);
  return held.toSorted((a, b) => Date.parse(b.appliedAt ?? "") - Date.parse(a.appliedAt ?? ""))[0]?.number;
}

/** The version that held before another one was applied: where a way back leads. */
export function heldBefore(versions: readonly VersionSummary[], number: number): number | undefined {
  const found = versions.find((version) => version.number === number);
  const at = found?.appliedAt ? Date.parse(found.appliedAt) : Number.POSITIVE_INFINITY;
  const others = versions.filter((version) => version.number < number && version.appliedAt !== null);
  return heldAt(others, at);
}

/** What has become of a draft while somebody looked at it; undefined: it is one still, as far as is known. */
export function fateOf(version: Pick<VersionSummary, "state"> | undefined): "applied" | "dropped" | undefined {
  switch (version?.state) {
    case "applied":
    case "proven":
      return "applied";
    case "discarded":
    case "reverted":
      return "dropped";
    default:
      return undefined;
  }
}

/** Nearer than that to each other, two times are one to a reader, ms. */
const soonMs = 60_000;

/** When it came to hold, and when it was made where that is another time; of a draft when it was made. */
export function datesText(
  { createdAt, appliedAt }: Pick<VersionSummary, "createdAt" | "appliedAt">,
  moment: (at: string) => string,
): string {
  if (appliedAt === null) return `made ${moment(createdAt)}`;
  const isSoon = Date.parse(appliedAt) - Date.parse(createdAt) <= soonMs;
  return isSoon ? `applied ${moment(appliedAt)}` : `made ${moment(createdAt)}, applied ${moment(appliedAt)}`;
}

/** Who, without the kind: `user:alice` is `alice`. */
export function authorName(actor: string): string {
  return actor.replace(/^(user|token):/, "");
}
