/** Which methods a path of the API takes: who uses another one is told. Pure. */

import { allRoutes, prefix } from "./contract/contract.ts";

/** Of routes that are not in the contract. */
const plain = ["/healthz", "/metrics", `${prefix}/openapi.json`];

interface Pattern {
  readonly method: string;
  /** Undefined: any part. */
  readonly parts: readonly (string | undefined)[];
}

const patterns: readonly Pattern[] = [
  ...allRoutes.map(({ method, path }) => ({ method, parts: partsOf(prefix + path) })),
  ...plain.map((path) => ({ method: "GET", parts: partsOf(path) })),
];

/** In the order of the alphabet; empty where there is no such path. `path` is without its query. */
export function methodsOf(path: string): readonly string[] {
  const parts = path.split("/");
  const fits = (pattern: Pattern) =>
    pattern.parts.length === parts.length &&
    pattern.parts.every((part, index) => (part === undefined ? parts[index] !== "" : part === parts[index]));
  return [...new Set(patterns.filter(fits).map(({ method }) => method))].sort();
}

function partsOf(path: string): readonly (string | undefined)[] {
  return path.split("/").map((part) => (part.startsWith(":") ? undefined : part));
}
