/**
 * Decisions with all they were made from, as plain JSON: each entry can be played again by itself, and says which one
 * came before it, so that a missing or altered one is noticed.
 */

import { createHash } from "node:crypto";
import { messageOf } from "@opensync-ts/base/errors";
import { z } from "zod";
import * as limits from "../limits.ts";
import { type Decided, type Decision, decide } from "./decide.ts";
import { type OptimiserPolicy, policySchema } from "./policy.ts";
import { type Snapshot, snapshotSchema } from "./snapshot.ts";
import { type OptimiserState, stateSchema } from "./state.ts";

export interface JournalEntry {
  /** Of the form of entries. */
  readonly version: 1;
  /** `digest` of the entry before; null for the first. */
  readonly previous: string | null;
  /** Of everything else in the entry (SHA-256, hexadecimal). */
  readonly digest: string;
  readonly at: number;
  readonly snapshotDigest: string;
  readonly snapshot: Snapshot;
  readonly policy: OptimiserPolicy;
  readonly state: OptimiserState;
  readonly decisions: readonly Decision[];
  /** Of the state that followed. */
  readonly stateDigest: string;
}

/** A decision and its entry. */
export function decideAndTell(
  snapshot: Snapshot,
  policy: OptimiserPolicy,
  state: OptimiserState,
  previous: string | null,
): Decided & { readonly entry: JournalEntry } {
  const decided = decide(snapshot, policy, state);
  const body = {
    ...({ version: 1, previous } as const),
    ...{ at: snapshot.at, snapshotDigest: digestOf(snapshot), snapshot, policy, state },
    ...{ decisions: decided.decisions, stateDigest: digestOf(decided.state) },
  };
  return { ...decided, entry: { ...body, digest: digestOf(body) } };
}

/** Whether an entry tells of more than that everybody stays where they are: only such need to be kept. */
export function isNoteworthy({ decisions }: JournalEntry): boolean {
  return decisions.some(({ kind }) => kind !== "stay");
}

export interface Replay {
  readonly played: number;
  /** Entry by entry what is not as it says; empty: all is. */
  readonly faults: readonly { readonly entry: number; readonly fault: string }[];
}

const entrySchema = z.object({
  version: z.literal(1),
  previous: z.string().nullable(),
  digest: z.string(),
  snapshotDigest: z.string(),
  snapshot: snapshotSchema,
  policy: policySchema,
  state: stateSchema,
  decisions: z.array(z.unknown()),
  stateDigest: z.string(),
});

/** Plays each entry again from its own inputs. `journal` may come from a file: it is checked, and never trusted. */
export function replay(journal: readonly unknown[]): Replay {
  const faults: { entry: number; fault: string }[] = [];
  let previous: string | null | undefined;
  const entries = journal.slice(0, limits.replayedEntries);
  for (const [index, value] of entries.entries()) {
    const fault = (text: string) => faults.push({ entry: index, fault: text });
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      fault(`not an entry of a journal: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
      previous = undefined;
      continue;
    }
    const entry = parsed.data;
    if (previous !== undefined && entry.previous !== previous)
      fault("not the one after the entry before: one is missing");
    previous = entry.digest;
    const { digest, ...body } = value as JournalEntry;
    if (digestOf(body) !== digest) fault("altered since it was written: its digest is another");
    if (digestOf(entry.snapshot) !== entry.snapshotDigest) fault("another snapshot than its digest says");
    try {
      const again = decide(entry.snapshot, entry.policy, entry.state);
      if (canonical(again.decisions) !== canonical(entry.decisions)) fault("played again, the decisions are others");
      if (digestOf(again.state) !== entry.stateDigest) fault("played again, the state that follows is another");
    } catch (error) {
      fault(`cannot be played: ${messageOf(error)}`);
    }
  }
  return { played: entries.length, faults };
}

export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

/** JSON with the members of objects in order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
