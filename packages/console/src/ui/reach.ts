/** Whether anything is heard of a home and its nodes. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

export type HeardNode = Pick<
  AnswerTo<"GET /locations/:location/nodes">["items"][number],
  "id" | "connection" | "silent" | "heardAt"
>;

/** `silent`: connected, and not answering. `since`: when it was heard of last, ms since 1970; null: not since the cloud was started. */
export type Reach =
  | { readonly kind: "here" }
  | { readonly kind: "silent"; readonly since: number | null }
  | { readonly kind: "gone"; readonly since: number | null };

export function nodeReach({ connection, silent, heardAt }: Omit<HeardNode, "id">): Reach {
  const since = heardAt === null ? null : Date.parse(heardAt);
  if (connection !== "connected") return { kind: "gone", since };
  return silent ? { kind: "silent", since } : { kind: "here" };
}

/** Of a home: it is here as long as one of its nodes is. One without nodes is nowhere that could be reached. */
export function homeReach(nodes: readonly HeardNode[]): Reach {
  const all = nodes.map(nodeReach);
  if (all.length === 0 || all.some(({ kind }) => kind === "here")) return { kind: "here" };
  const heard = all.flatMap((reach) => (reach.kind === "here" || reach.since === null ? [] : [reach.since]));
  const since = heard.length === 0 ? null : Math.max(...heard);
  return { kind: all.some(({ kind }) => kind === "silent") ? "silent" : "gone", since };
}

/** For all pages of the home; null: it is reached. `moment`: a time (ms since 1970) as it is read. */
export function bannerText(reach: Reach, moment: (at: number) => string): string | null {
  switch (reach.kind) {
    case "here":
      return null;
    case "silent":
      return `The home does not answer${sinceText(reach.since, moment)}. What you see of it is of then.`;
    case "gone":
      return reach.since === null
        ? "No node of the home is connected, and none has been since the cloud was started."
        : `The home is not reachable${sinceText(reach.since, moment)}. What you see of it is of then; what you change is kept, and told to its nodes when they are back.`;
  }
}

/** What is likely, and what to do; null: it is reached. `isTakenDown`: the cloud refuses its nodes on purpose, in a simulation. */
export function adviceText({ kind }: Reach, isTakenDown: boolean): string | null {
  if (kind === "here") return null;
  return isTakenDown
    ? "The cloud was taken down on purpose, on the page Simulation: “Bring the cloud up” there undoes that. The Wi-Fi at home goes on by itself."
    : "Most likely its gateway has no power, or its cable to the Internet is out: look at both. The Wi-Fi at home goes on by itself as long as there is power.";
}

/** In the bar of all pages, in few words; null: it is reached. */
export function signText({ kind }: Reach): string | null {
  return kind === "here" ? null : kind === "silent" ? "no answer" : "not reachable";
}

function sinceText(since: number | null, moment: (at: number) => string): string {
  return since === null ? "" : ` since ${moment(since)}, when it was heard of last`;
}
