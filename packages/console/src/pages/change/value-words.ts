/** Values of a document in the words of its form. Pure. */

import { zoneText } from "../../ui/keys.ts";
import { momentText } from "../../ui/time.ts";
import type { Path } from "./lists.ts";
import { bandWords } from "./sentences.ts";

export const modeWords = { "wpa2-wpa3": "WPA2 and WPA3", wpa3: "WPA3 only", wpa2: "WPA2 only" } as const;

/** Undefined: the form has no words of its own for it. */
export function formWords(path: Path, value: unknown): string | undefined {
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
    case "forwards":
    case "policies":
    case "devices":
      return value === undefined ? "not stated" : undefined;
    default:
      return undefined;
  }
}
