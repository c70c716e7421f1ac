/** Which questions have another answer once something has happened. Pure. */

import type { Question } from "./routes.ts";

/** Where clients are, and what their nodes do for them. */
const clients: readonly Question[] = [
  "GET /locations/:location/devices",
  "GET /locations/:location/steering/clients/:mac",
];
const nodes: readonly Question[] = [
  ...clients,
  "GET /locations",
  "GET /locations/:location",
  "GET /locations/:location/nodes",
  "GET /locations/:location/nodes/:node",
  "GET /locations/:location/picture",
  "GET /locations/:location/nodes/:node/radios",
  "GET /locations/:location/versions/:version/rows",
];
const document: readonly Question[] = [
  "GET /locations/:location/document",
  "GET /locations/:location/versions",
  "GET /locations/:location/versions/:version",
  "GET /locations/:location/diff",
  "GET /locations/:location/keys",
  "GET /locations/:location/claims",
  "GET /locations/:location/steering",
  "GET /locations/:location/audit",
  "GET /locations/:location/simulation",
];

/** `kind`: of a live event. What it says nothing about is renewed in its own time. */
const affected: Readonly<Record<string, readonly Question[]>> = {
  node: nodes,
  change: [...nodes, ...document],
  event: ["GET /locations/:location/events", "GET /locations/:location/picture", ...clients],
  alert: ["GET /alerts", "GET /locations/:location/alerts"],
  caller: ["GET /callers"],
};

export function affectedBy(kind: string): readonly Question[] {
  return affected[kind] ?? [];
}

/** Routes of which something is another now, and where: at a location, or (null) anywhere. */
export class Staleness {
  readonly #routes = new Map<string, Set<string | null>>();

  get isEmpty(): boolean {
    return this.#routes.size === 0;
  }

  /** `data`: of a live event, which says at which location it was; where it does not, it may be any. */
  add(kind: string, data: unknown): void {
    const location = locationOf(data);
    for (const route of affectedBy(kind)) {
      const at = this.#routes.get(route) ?? new Set();
      this.#routes.set(route, at.add(location));
    }
  }

  /** Whether the answer to a question, by its key, is one of them. A question that names no location is about all of them. */
  has([route, call]: readonly unknown[]): boolean {
    const at = typeof route === "string" ? this.#routes.get(route) : undefined;
    const asked = askedOf(call);
    return at !== undefined && (asked === undefined || at.has(null) || at.has(asked));
  }
}

function locationOf(data: unknown): string | null {
  const { location = null } = (typeof data === "object" && data !== null ? data : {}) as {
    readonly location?: unknown;
  };
  return typeof location === "string" ? location : null;
}

/** Whether a question is about all locations: what happens at any of very many is gathered for longer then. */
export function isOfAll([, call]: readonly unknown[]): boolean {
  return askedOf(call) === undefined;
}

function askedOf(call: unknown): string | undefined {
  return (call as { readonly params?: { readonly location?: string } } | null | undefined)?.params?.location;
}
