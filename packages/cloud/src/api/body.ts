/** Bodies of requests as values that nothing further in need be afraid of. Pure. */

import * as limits from "./limits.ts";
import { wrongFields } from "./problems.ts";

/** Undefined: there is none. Throws a problem where it is no JSON, nested too deep, or has what cannot be stored. */
export function parseBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongFields([{ path: "body", reason: "is not JSON; send a JSON text (RFC 8259)" }]);
  }
  checkValue(value, "body");
  return value;
}

/** Of what has come as `where`. */
export function checkValue(value: unknown, where: string): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (depth > limits.bodyDepth) refuse(where, `is nested deeper than ${limits.bodyDepth} levels`);
    if (typeof value === "string") checkText(value, where);
    if (typeof value !== "object" || value === null) continue;
    const entries = Array.isArray(value) ? value : Object.entries(value).flat();
    if (!Array.isArray(value) && Object.hasOwn(value, "__proto__"))
      refuse(where, "has a member '__proto__'; leave it out");
    for (const entry of entries) open.push({ value: entry, depth: depth + 1 });
  }
}

function checkText(text: string, where: string): void {
  if (text.includes("\u0000")) refuse(where, "has a character that cannot be stored (U+0000); leave it out");
  if (!text.isWellFormed()) refuse(where, "has half a character (a lone surrogate); leave it out");
}

function refuse(where: string, reason: string): never {
  throw wrongFields([{ path: where, reason }]);
}
