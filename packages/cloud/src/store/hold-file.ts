/**
 * A file that says which process has a directory that only one may have. A holder that died is no reason to refuse: its process does not
 * run; or, where nobody can tell that from here (another container, another boot), its file is no longer touched.
 */

import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { type Clock, every } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import * as limits from "../limits.ts";
import { type Holder, holderWords, isRunning, parseHolder, thisProcess } from "./holder.ts";

/** Held by this process: that its own number is in a file proves nothing, one that died may have had the same. */
const held = new Map<string, Holder>();

/** Resolves to what lets go of it. Rejects with a `UserError` where somebody else has it. */
export async function holdFile(path: string, clock: Clock): Promise<() => void> {
  const file = resolve(path);
  const inUse = (holder: Holder) =>
    new UserError(`${dirname(file)}: is in use by ${holderWords(holder)}; stop it, or use another directory`);
  for (let attempt = 0; attempt < limits.holdAttempts; attempt++) {
    const own = held.get(file);
    if (own) throw inUse(own);
    const self = thisProcess(clock.wallTime());
    if (create(file, self)) return hold(file, self, clock);
    const found = look(file);
    if (!found) continue;
    const { holder } = found;
    const runs = holder && isRunning(holder);
    if (holder && runs) throw inUse(holder);
    // What is no text of a holder may be about to become one.
    if (runs === undefined) {
      await clock.sleep(limits.holdWatchMs);
      const later = look(file);
      if (!later) continue;
      const isAlive = later.text !== found.text || later.touchedAt !== found.touchedAt;
      if (isAlive && later.holder) throw inUse(later.holder);
      if (isAlive) continue;
    }
    removeStale(file, found.text);
  }
  throw new UserError(`${file}: somebody else keeps writing it; use another directory`);
}

function hold(file: string, self: Holder, clock: Clock): () => void {
  held.set(file, self);
  const beat = every(clock, limits.holdBeatMs, () => {
    const now = clock.wallTime() / 1000;
    try {
      utimesSync(file, now, now);
    } catch {
      // Whoever has removed it has been told by its name what it is.
    }
  });
  return () => {
    if (held.get(file) !== self) return;
    beat.cancel();
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** False where there is one. */
function create(file: string, self: Holder): boolean {
  try {
    const fd = openSync(file, "wx", 0o600);
    try {
      writeSync(fd, `${JSON.stringify(self)}\n`);
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new UserError(`${file}: cannot be written (${messageOf(error)}); use a directory that is yours`);
  }
}

interface Found {
  readonly text: string;
  readonly touchedAt: number;
  readonly holder: Holder | undefined;
}

function look(file: string): Found | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return { text, touchedAt: statSync(file).mtimeMs, holder: parseHolder(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(`${file}: cannot be read (${messageOf(error)}); use a directory that is yours`);
  }
}

/** Somebody else may have done so, and hold it already: what was moved away is looked at, and put back. */
function removeStale(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") !== text) linkSync(aside, file);
  } catch {
    // It is gone, or there is a newer one.
  } finally {
    rmSync(aside, { force: true });
  }
}
