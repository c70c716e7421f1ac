/** Files and directories that the engine has made so that anybody may read or write them: from here on their owner alone may. */

import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const privateDirectory = 0o700;
const privateFile = 0o600;

/** Makes `directory` where it is not there, so that nobody else gets into it while the engine fills it. */
export function makePrivate(directory: string): void {
  if (!existsSync(directory)) mkdirSync(directory, { mode: privateDirectory });
}

/** All that is in `directory`, and it itself. Only what differs is changed; links are left alone. */
export function keepPrivate(directory: string): void {
  narrow(directory, privateDirectory);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) keepPrivate(path);
    else if (entry.isFile()) narrow(path, privateFile);
  }
}

function narrow(path: string, mode: number): void {
  if ((lstatSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
}
