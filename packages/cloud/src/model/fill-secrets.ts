/** A document that was exported without its secrets gets them back from one that has them. Pure. */

import { type Entry, isEntry, listAt } from "./lists.ts";
import { isSecretMember } from "./secrets.ts";

export interface Filled {
  readonly document: unknown;
  /** Where secrets are still missing: `networks[0].security.keys[0].psk`. */
  readonly missing: readonly string[];
}

/** `from`: undefined where there is none. */
export function fillSecrets(document: unknown, from: unknown): Filled {
  const missing: string[] = [];
  return { document: fill(document, from, [], missing), missing };
}

function fill(value: unknown, from: unknown, path: readonly PropertyKey[], missing: string[]): unknown {
  if (Array.isArray(value)) {
    const list = listAt(path);
    const known: readonly unknown[] = Array.isArray(from) ? from : [];
    return value.map((entry, index) => {
      const same = list
        ? known.find((other) => isEntry(other) && isEntry(entry) && list.identity(other) === list.identity(entry))
        : known[index];
      return fill(entry, same, [...path, index], missing);
    });
  }
  if (!isEntry(value)) return value;
  const source: Entry = isEntry(from) ? from : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const at = [...path, name];
      if (!isSecretMember(name) || member !== null) return [name, fill(member, source[name], at, missing)];
      if (typeof source[name] === "string") return [name, source[name]];
      missing.push(
        at
          .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
          .join("")
          .slice(1),
      );
      return [name, null];
    }),
  );
}
