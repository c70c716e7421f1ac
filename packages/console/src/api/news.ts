/** Which questions have another answer once something has happened. Pure. */

import type { Question } from "./routes.ts";

const nodes: readonly Question[] = [
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
  "GET /locations/:location/devices",
  "GET /locations/:location/keys",
  "GET /locations/:location/claims",
  "GET /locations/:location/steering",
  "GET /locations/:location/steering/clients/:mac",
  "GET /locations/:location/audit",
  "GET /locations/:location/simulation",
];

/** `kind`: of a live event. What it says nothing about is renewed in its own time. */
const affected: Readonly<Record<string, readonly Question[]>> = {
  node: nodes,
  change: [...nodes, ...document],
  event: ["GET /locations/:location/events", "GET /locations/:location/devices", "GET /locations/:location/picture"],
  alert: ["GET /alerts", "GET /locations/:location/alerts"],
  caller: ["GET /callers"],
};

export function affectedBy(kind: string): readonly Question[] {
  return affected[kind] ?? [];
}
