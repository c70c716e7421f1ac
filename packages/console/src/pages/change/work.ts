/** An edit under way: from which version it began, and what has been made of it. Pure; kept by `work-store.ts`. */

import { changedSecret, differences } from "./differences.ts";
import type { Doc } from "./doc.ts";
import { typedSecrets, withoutSecrets, withSecretsOf } from "./edits.ts";
import { type Path, pathFrom, pathText, same, withValue } from "./lists.ts";
import { type Choice, type Conflict, merge, withChangedSecrets } from "./merge.ts";
import { type Problem, withoutProblemsAt } from "./problems.ts";
import type { Called } from "./sentences.ts";
import type { VersionSummary } from "./versions.ts";

export interface Work {
  /** The version that the edit began from, whose secrets it keeps; null: there is none. */
  readonly from: number | null;
  /** The newest version that was seen. */
  readonly head: number;
  readonly base: Doc;
  readonly mine: Doc;
  readonly problems: readonly Problem[];
  /** Passphrases that were typed here, by `keyName`. */
  readonly typed: ReadonlyMap<string, string>;
  /** Those of them that a version which was applied here has. */
  readonly held?: ReadonlySet<string>;
  /** The draft that it is saved as, for as long as nobody drops it here. */
  readonly draft?: { readonly number: number; readonly document: Doc } | undefined;
}

export interface Seen {
  readonly from: number | null;
  readonly head: number;
  readonly document: Doc;
}

export function begun({ from, head, document }: Seen, known: Partial<Pick<Work, "typed" | "held">> = {}): Work {
  const { typed = new Map(), held = new Set() } = known;
  return { from, head, base: document, mine: document, problems: [], typed, held };
}

export function isChanged({ base, mine }: Work): boolean {
  return !same(base, mine);
}

export function edited(work: Work, path: Path, value: unknown): Work {
  return {
    ...work,
    mine: withValue(work.mine, path, value),
    problems: withoutProblemsAt(work.problems, pathText(path)),
  };
}

/** What stands where in a document may be another now, so that what was said of places is void. */
export function replaced(work: Work, mine: Doc): Work {
  return { ...work, mine, problems: [] };
}

/** The cloud has taken it as version `number`. */
export function saved(work: Work, sent: Doc, number: number): Work {
  const base = withoutSecrets(sent);
  const sentSecrets = typedSecrets(sent);
  const typed = new Map([...work.typed, ...sentSecrets]);
  const still = new Set([...(work.held ?? [])].filter((name) => !sentSecrets.has(name)));
  // What was typed while it was on its way is still to be saved.
  const mine = same(work.mine, sent) ? base : work.mine;
  const draft = { number, document: sent };
  return { from: number, head: number, base, mine, problems: [], typed, held: still, draft };
}

/** Whether the draft that this is saved as was dropped by somebody else: what was typed is not to go with it. */
export function isDroppedElsewhere(
  { draft }: Work,
  versions: readonly Pick<VersionSummary, "number" | "state">[],
): boolean {
  return versions.some(({ number, state }) => number === draft?.number && state === "discarded");
}

/** What was typed is not saved any more. */
export function unsaved(work: Work, seen: Seen): Work {
  const { draft, mine } = work;
  return { ...begun(seen, work), mine: draft ? withSecretsOf(mine, draft.document) : mine };
}

/** What was saved has been applied. */
export function held(work: Work): Work {
  return { ...work, held: new Set(work.typed.keys()) };
}

/** Whether a passphrase opens nothing yet: it was typed here, and no version that was applied has it. */
export function isPending(work: Work | undefined, name: string, unsaved: string | null): boolean {
  return unsaved !== null || (work?.typed.has(name) === true && work.held?.has(name) !== true);
}

export interface Merging {
  readonly work: Work;
  readonly conflicts: readonly Conflict[];
}

/**
 * The same edit on another version. `changed`: paths of what has changed since the one it began from, as the cloud tells them
 * (`GET diff`), for of secrets only that says so.
 */
export function rebased(
  work: Work,
  seen: Seen,
  changed: readonly string[],
  choices: Readonly<Record<string, Choice>> = {},
): Merging {
  const theirs = withChangedSecrets(seen.document, changed.map(pathFrom));
  const { document, conflicts } = merge(work.base, work.mine, theirs, choices);
  const { from, head } = seen;
  return { work: { ...work, from, head, base: seen.document, mine: document, problems: [] }, conflicts };
}

/** What of mine is left, in words. */
export function changesOf({ base, mine }: Work, called?: Called) {
  return differences(base, mine, called);
}

/** A value of a conflict, for people. */
export function valueWords(value: unknown): string {
  if (value === undefined) return "not there";
  if (value === changedSecret) return "another passphrase (not shown)";
  if (value === null) return "as it was";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (name, member) =>
    (name === "psk" || name === "password") && member !== null ? "(not shown)" : member,
  );
}
