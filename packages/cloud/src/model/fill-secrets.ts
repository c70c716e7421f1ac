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

/** Lists whose entries people call something else now and then, and have secrets. */
const renamed: ReadonlySet<PropertyKey | undefined> = new Set(["networks", "wan"]);

function fill(value: unknown, from: unknown, path: readonly PropertyKey[], missing: string[]): unknown {
  if (Array.isArray(value)) {
    const list = listAt(path);
    const known: readonly unknown[] = Array.isArray(from) ? from : [];
    const find = (all: readonly unknown[], entry: unknown) =>
      all.find((other) => isEntry(other) && isEntry(entry) && list?.identity(other) === list?.identity(entry));
    return value.map((entry, index) => {
      // One that stands where another stood that is gone is that one under another name.
      const before = renamed.has(path.at(-1)) && !find(value, known[index]) ? known[index] : undefined;
      const same = list ? (find(known, entry) ?? before) : known[index];
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
