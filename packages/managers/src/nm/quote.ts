/** Somebody's text within a line of log: escaped, and not too much of it. */

import { quotedCharacters } from "./limits.ts";

export function quote(text: string): string {
  return JSON.stringify(text.length > quotedCharacters ? `${text.slice(0, quotedCharacters)}…` : text);
}
