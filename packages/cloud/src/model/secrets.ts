/** Where secrets are in a document, or in anything made of its parts: members of these names, wherever they stand. Pure. */

import { UserError } from "@opensync-ts/base/errors";
import * as limits from "../limits.ts";

const secretMembers: ReadonlySet<string> = new Set(["psk", "password"]);

export function isSecretMember(name: PropertyKey | undefined): boolean {
  return typeof name === "string" && secretMembers.has(name);
}

/** A copy of `value` in which each secret is what `replace` makes of it; `path` leads there. Throws a `UserError` at bottomless nesting. */
export function mapSecrets(value: unknown, replace: (secret: unknown, path: string) => unknown): unknown {
  return copy(value, [], replace);
}

/** A copy without secrets: `null` in their place. */
export function withoutSecrets(value: unknown): unknown {
  return mapSecrets(value, () => null);
}

function copy(
  value: unknown,
  path: readonly PropertyKey[],
  replace: (secret: unknown, path: string) => unknown,
): unknown {
  if (path.length > limits.documentDepth) {
    throw new UserError(`nested deeper than ${limits.documentDepth} levels; nothing that is meant is`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry, index) => copy(entry, [...path, index], replace));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const at = [...path, name];
      const isSecret = isSecretMember(name) && member !== null && member !== undefined;
      return [name, isSecret ? replace(member, at.join("/")) : copy(member, at, replace)];
    }),
  );
}
