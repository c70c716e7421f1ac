/** Where the built console is, which the cloud serves. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** In the repository its package builds it; in the published package it stands beside the sources. */
export function consoleDirectory(): string {
  const [repository = "", published = ""] = ["../../console/dist", "../console"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return existsSync(published) ? published : repository;
}
