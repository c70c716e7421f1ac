/** What has become of a version on each node, in words. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

type NodeNow = AnswerTo<"GET /locations/:location/nodes">["items"][number];
type RowNow = AnswerTo<"GET /locations/:location/nodes/:node">["rows"][number];
type Planned = AnswerTo<"GET /locations/:location/versions/:version/rows">["items"][number];

export interface NodeProof {
  /** `waiting`: for the node, which is not here. */
  readonly state: "proven" | "working" | "waiting" | "failed";
  readonly words: string;
}

/** `given`: the version that nodes are being given; `wanted`: the one that was applied. */
export function nodeProof(
  { connection, settled, state, pending }: Pick<NodeNow, "connection" | "settled" | "state" | "pending">,
  given: number | null,
  wanted: number,
): NodeProof {
  if (given !== null && given > wanted) return { state: "waiting", words: `version ${given} has taken its place` };
  if (connection !== "connected") {
    const isOfNow = given === wanted && pending !== null;
    return { state: "waiting", words: `${isOfNow ? pending : "not connected"}; it is written when it comes back` };
  }
  if (given !== wanted) return { state: "working", words: "the cloud is about to begin" };
  if (settled) return { state: "proven", words: "written, and the node shows that it works" };
  if (state === "UNSETTLED" || state === "HELD") return { state: "failed", words: pending ?? "not as wanted" };
  if (state === "VERIFYING") return { state: "working", words: "written; waiting for the node to show it" };
  return { state: "working", words: "being written" };
}

export interface RowProof {
  readonly id: string;
  readonly status: RowNow["status"] | "gone";
  readonly words: string;
}

const statusWords: Readonly<Record<RowNow["status"], string>> = {
  pending: "not written yet",
  applied: "written; not shown yet",
  proven: "written and shown",
  unprovable: "written; nodes do not report this",
  unproven: "written; the node does not show it",
  contested: "somebody else keeps writing it",
  refused: "the node cannot do it",
};

/** Of the rows that a version was to write, in the order of the plan. A row that was to go is gone when it is no longer told of. */
export function rowProofs(planned: Planned | undefined, rows: readonly RowNow[]): readonly RowProof[] {
  return (planned?.rows ?? []).map(({ id, kind }) => {
    const row = rows.find((entry) => entry.id === id);
    if (!row) return { id, status: "gone", words: kind === "delete" ? "removed" : "no longer wanted" };
    return {
      id,
      status: row.status,
      words: row.reason ? `${statusWords[row.status]}: ${row.reason}` : statusWords[row.status],
    };
  });
}

/** Of a version that another one has followed: what nodes show now is of that. Undefined: it holds, or is about to. */
export function followedWords(version: number, given: number | null, wasProven: boolean): string | undefined {
  if (given === null || given <= version) return undefined;
  return `${wasProven ? "It worked on every node." : "It was not proven by every node."} Since then version ${given} holds, which was made after it.`;
}

/** Whether the version has its tick, and keeps it. `wasProven`: the cloud says that every node has shown it. */
export function hasWorked(proofs: readonly NodeProof[], wasProven: boolean): boolean {
  return wasProven && !proofs.some(({ state }) => state === "failed");
}

/** One line for all of them. `tookMs`: from when it was applied until every node had shown it; null: that is not known. */
export function proofSummary(proofs: readonly NodeProof[], wasProven: boolean, tookMs: number | null): string {
  const count = (state: NodeProof["state"]) => proofs.filter((proof) => proof.state === state).length;
  const [all, proven, failed, waiting] = [proofs.length, count("proven"), count("failed"), count("waiting")];
  if (all === 0) return "This home has no node yet; it is written once one is claimed.";
  // What nodes are about since they have shown it is something else.
  if (hasWorked(proofs, wasProven)) {
    const took = tookMs === null ? "" : `, ${secondsText(tookMs)} after it was applied`;
    return `It works: proven by ${all === 1 ? "the node" : `all ${all} nodes`}${took}.`;
  }
  if (failed > 0) return `Not on every node: ${failed} of ${all} cannot do it as wanted.`;
  // What was read of the nodes may be of the version before: that it is proven is for the cloud to say.
  if (proven === all) return "Asking the nodes …";
  if (waiting > 0 && proven + waiting === all) return `Proven by ${proven} of ${all} nodes; the others are not here.`;
  return `On its way: proven by ${proven} of ${all} nodes so far.`;
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
