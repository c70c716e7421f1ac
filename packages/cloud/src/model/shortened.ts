import * as limits from "../limits.ts";

/** No longer than a person takes in at a glance. */
export function shortened(text: string): string {
  return text.length > limits.shownValueLength ? `${text.slice(0, limits.shownValueLength - 1)}…` : text;
}
