/** What rules hold for a client, where they come from, and how to be rid of them. Pure. */

import { aKind } from "@opensync-ts/cloud/words/kind-words";
import { bandText } from "../../ui/words.ts";
import { type HoldingPolicy, scopeText } from "./why-there.ts";

export interface RuleWords {
  readonly what: string;
  readonly where: string;
  readonly undo: string;
  /** The page can undo it itself. */
  readonly own: "freeze" | "band" | null;
}

export function ruleWords({ id, label, scope, action }: HoldingPolicy, mac: string): RuleWords {
  const own = ownKind(id, mac);
  const name = label ? `(“${label}”), for ` : "for ";
  return {
    what: whatText(action),
    where: own ? "asked for on this page" : `a rule of the home ${name}${scopeText(scope)}`,
    undo: own
      ? own === "freeze"
        ? "“Let it use the Internet again”, on this page"
        : "“Stop now”, on this page"
      : scope.kind === "device"
        ? "remove the rule under Network, Rules"
        : "change the rule under Network, Rules, or make one there for this device alone: that goes before it",
    own,
  };
}

/** What the home says of a client without a rule. */
export interface Given {
  readonly shared: boolean;
  readonly nickname: string | null;
}

/** In the order of the page; empty: nothing. */
export function givenWords({ shared, nickname }: Given): readonly Pick<RuleWords, "what" | "where" | "undo">[] {
  const where = "asked for on this page";
  return [
    ...(shared ? [{ what: "guests may use it", where, undo: "“Guests may use it”, on this page" }] : []),
    ...(nickname === null
      ? []
      : [{ what: `called “${nickname}”`, where, undo: "“Rename” on this page, with no name" }]),
  ];
}

/** As what it is moved: `profile`, by the document or by what it seems to be (`kind`, null: nothing is known of it). */
export function kindWords(profile: string, kind: string | null): string {
  const seems = kind === null || kind === "unknown" ? "what it is cannot be told" : `it seems to be ${aKind(kind)}`;
  if (profile !== kind) return `It is treated as ${aKind(profile)}, as the home says; ${seems}.`;
  if (profile === "unknown")
    return "What kind of device it is cannot be told yet: by itself the cloud moves it only once it is known to stay where it is; a band asked for on this page, or a rule, holds in any case.";
  return `It is treated as ${aKind(profile)}, as that is what it seems to be.`;
}

function whatText({ kind, prefer, only, profile }: HoldingPolicy["action"]): string {
  switch (kind) {
    case "freeze":
      return "no Internet";
    case "internet-only":
      return "Internet only, nothing in the home";
    case "band":
      return only ? `${bandText(prefer)} only` : `rather ${bandText(prefer)}`;
    case "profile":
      return `treated as ${profile === undefined ? "another kind of device" : aKind(profile)}`;
    case "unsteered":
      return "stays wherever it connects: nobody moves it";
  }
}

function ownKind(id: string, mac: string): "freeze" | "band" | null {
  const plain = mac.replaceAll(":", "");
  if (id === `freeze-${plain}`) return "freeze";
  return id === `band-${plain}` ? "band" : null;
}
