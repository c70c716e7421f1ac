/** Edits under way, by location: they stay while one looks at other pages, and when the cloud cannot be reached. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { useSyncExternalStore } from "react";
import { isChanged, type Work } from "./work.ts";

/** What is shown over the form. */
export type Stage =
  | { readonly kind: "editing" }
  /** `version`: the draft that is looked at before it holds. */
  | { readonly kind: "review"; readonly version: number }
  | {
      readonly kind: "applied";
      readonly version: number;
      /** What nodes were to be written. */
      readonly planned: AnswerTo<"GET /locations/:location/versions/:version/rows">["items"];
      /** `keyName`s of keys that came with it. */
      readonly keys: readonly string[];
      /** Part of the form from which it was applied: the receipt stands there. */
      readonly section: string;
    };

export interface Edit {
  readonly work: Work | undefined;
  readonly stage: Stage;
  readonly why: string;
}

/** Locations whose edits are kept; the one not touched for the longest time goes first. */
const keptEdits = 16;

const none: Edit = { work: undefined, stage: { kind: "editing" }, why: "" };

export class WorkStore {
  readonly #edits = new Map<string, Edit>();
  readonly #listeners = new Set<() => void>();
  #actor: string | undefined;

  readonly get = (location: string): Edit => this.#edits.get(location) ?? none;

  readonly change = (location: string, parts: Partial<Edit>): void => {
    const next = { ...this.get(location), ...parts };
    this.#edits.delete(location);
    this.#edits.set(location, next);
    const [oldest] = this.#edits.keys();
    if (this.#edits.size > keptEdits && oldest !== undefined) this.#edits.delete(oldest);
    for (const listener of this.#listeners) listener();
  };

  /** Something was typed that is saved nowhere. */
  get isUnsaved(): boolean {
    return [...this.#edits.values()].some(({ work }) => work !== undefined && isChanged(work));
  }

  /** What somebody has typed, passphrases among it, is not for who signs in after them. `actor`: who is signed in. */
  readonly belongTo = (actor: string): void => {
    const isOther = this.#actor !== undefined && this.#actor !== actor;
    this.#actor = actor;
    if (!isOther) return;
    this.#edits.clear();
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export const edits = new WorkStore();

export function useStored(location: string): Edit {
  return useSyncExternalStore(edits.subscribe, () => edits.get(location));
}
