/**
 * An empty database of the embedded engine, ready to be copied. Making one takes the engine seconds, copying takes none; `npm ci` makes
 * it once, in the cache beside the installed packages. Where it is not, the engine makes its files itself.
 */

import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** One for each version of the engine; undefined where the engine is not installed as packages usually are. */
function templateDirectory(): string | undefined {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const at = entry.lastIndexOf(join("@electric-sql", "pglite"));
  if (at < 0) return undefined;
  const packages = entry.slice(0, at);
  const manifest = JSON.parse(readFileSync(join(packages, "@electric-sql", "pglite", "package.json"), "utf8"));
  return join(packages, ".cache", "opensync-ts", `store-${manifest.version}`);
}

/** Does nothing where there is one. */
export async function makeTemplate(): Promise<void> {
  const template = templateDirectory();
  if (template === undefined || existsSync(template)) return;
  const unfinished = `${template}.${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  try {
    const engine = new PGlite(unfinished);
    await engine.waitReady;
    await engine.close();
    renameSync(unfinished, template);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Makes `directory` a copy of the template, where that is there and `directory` is not. */
export function copyTemplate(directory: string): void {
  if (existsSync(directory)) return;
  const unfinished = `${directory}.new`;
  try {
    const template = templateDirectory();
    if (template === undefined || !existsSync(template)) return;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(template, unfinished, { recursive: true });
    renameSync(unfinished, directory);
  } catch {
    // The engine makes its files itself, then.
    rmSync(unfinished, { recursive: true, force: true });
  }
}
