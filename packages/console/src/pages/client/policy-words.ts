/** What rules hold for a client, where they come from, and how to be rid of them. Pure. */

import { bandText } from "../../ui/words.ts";
import { type HoldingPolicy, scopeText } from "./why-there.ts";

export interface RuleWords {
  readonly what: string;
  readonly where: string;
  readonly undo: string;
  /** The page can undo it itself. */
  readonly own: "freeze" | "band" | null;
}

export function ruleWords({ id, label, scope, action, stated }: HoldingPolicy, mac: string): RuleWords {
  const own = ownKind(id, mac);
  const name = label ? `“${label}”, for ` : "for ";
  return {
    what: whatText(action),
    where: own ? "asked for on this page" : `rule ${name}${scopeText(scope)} (${id}, ${stated} of the document)`,
    undo: own
      ? own === "freeze"
        ? "“Let it use the Internet again”, on this page"
        : "“Stop now”, on this page"
      : scope.kind === "device"
        ? "remove the rule from the document"
        : "change the rule, or make one for this device alone: that goes before it",
    own,
  };
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
      return `treated as ${profile ?? "another kind of device"}`;
    case "unsteered":
      return "moved by nobody";
  }
}

function ownKind(id: string, mac: string): "freeze" | "band" | null {
  const plain = mac.replaceAll(":", "");
  if (id === `freeze-${plain}`) return "freeze";
  return id === `band-${plain}` ? "band" : null;
}
