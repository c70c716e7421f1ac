/** Values of a document in the words of its form. Pure. */

import { bandWords } from "@opensync-ts/cloud/words/band-words";
import { actionWords, scopeWords, whenWords } from "@opensync-ts/cloud/words/rule-words";
import { zoneText } from "../../ui/keys.ts";
import { momentText } from "../../ui/time.ts";
import type { Policy } from "./doc.ts";
import { isEntry, type Path } from "./lists.ts";
import { type Called, tellingOf } from "./sentences.ts";

export const modeWords = { "wpa2-wpa3": "WPA2 and WPA3", wpa3: "WPA3 only", wpa2: "WPA2 only" } as const;

/** Undefined: the form has no words of its own for it. */
export function formWords(path: Path, value: unknown, called: Called): string | undefined {
  if (path[0] === "policies" && path.length === 3 && isEntry(value)) return ruleWords(String(path[2]), value, called);
  if (path.length === 1 && isEntry(value)) {
    if (path[0] === "lan") return typeof value.address === "string" ? `the gateway is ${value.address}` : undefined;
    if (path[0] === "stats") return "set here";
  }
  switch (path.at(-1)) {
    case "zone":
      return zoneText(value === undefined ? "home" : String(value));
    case "mode":
      return Object.hasOwn(modeWords, String(value)) ? modeWords[value as keyof typeof modeWords] : undefined;
    case "bands":
      return Array.isArray(value)
        ? value.map((band) => bandWords(String(band))).join(", ") || "none"
        : "all that can be";
    case "expires":
      // Always with its day and year: it is read at any time.
      return value === undefined ? "never" : momentText(String(value), 0);
    case "label":
      return value === undefined ? "no name" : undefined;
    case "width":
      return value === undefined ? undefined : `${value} MHz`;
    case "power":
      return value === undefined ? undefined : `${value} dBm`;
    case "forwards":
    case "policies":
    case "devices":
      return value === undefined ? "nothing set" : undefined;
    default:
      return undefined;
  }
}

function ruleWords(member: string, value: unknown, called: Called): string | undefined {
  switch (member) {
    case "scope":
      return scopeWords(value as Policy["scope"], tellingOf(called));
    case "action":
      return actionWords(value as Policy["action"]);
    case "schedule":
      return whenWords(value as Policy["schedule"], tellingOf(called));
    default:
      return undefined;
  }
}
