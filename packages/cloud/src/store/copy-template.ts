/** The files of an embedded store that begins as a copy. */

import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { keepPrivate } from "./private-files.ts";

/** Makes `directory` a copy of the template, where that is there and `directory` is not. */
export function copyTemplate(template: string | undefined, directory: string): void {
  if (template === undefined || !existsSync(template) || existsSync(directory)) return;
  const unfinished = `${directory}.new`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(template, unfinished, { recursive: true });
    keepPrivate(unfinished);
    renameSync(unfinished, directory);
  } catch {
    // The engine makes its files itself, then.
    rmSync(unfinished, { recursive: true, force: true });
  }
}
