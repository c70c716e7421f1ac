/**
 * A database of the embedded engine with the store's tables and nothing in them, ready to be copied. Making one takes the engine seconds,
 * copying takes none; `npm ci` makes it once, in the cache beside the installed packages. Where it is not, the engine makes its files
 * itself.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { migrate, migrations } from "./migrations.ts";

/** One for each version of the engine and of the tables; undefined where the engine is not installed as packages usually are. */
export function templateDirectory(): string | undefined {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const at = entry.lastIndexOf(join("@electric-sql", "pglite"));
  if (at < 0) return undefined;
  const packages = entry.slice(0, at);
  const manifest = JSON.parse(readFileSync(join(packages, "@electric-sql", "pglite", "package.json"), "utf8"));
  const steps = Object.entries(migrations).map(([name, { up }]) => `${name} ${up}`);
  const tables = createHash("sha256").update(steps.join("\n")).digest("hex").slice(0, 12);
  return join(packages, ".cache", "opensync-ts", `store-${manifest.version}-${tables}`);
}

/** Does nothing where there is one. */
export async function makeTemplate(): Promise<void> {
  const template = templateDirectory();
  if (template === undefined || existsSync(template)) return;
  const unfinished = `${template}.${process.pid}`;
  const folder = dirname(template);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.startsWith("store-")) rmSync(join(folder, name), { recursive: true, force: true });
  }
  try {
    const database = new Kysely({ dialect: new PGliteDialect({ pglite: new PGlite(unfinished) }) });
    await migrate(database);
    await database.destroy();
    renameSync(unfinished, template);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
