/** A file that says which process has something that only one may have. */

import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";

/** Held by this process: its own number proves nothing, a process that died may have had the same. */
const held = new Set<string>();

/** Returns what lets go of it. Throws a `UserError` where a process that runs has it. */
export function holdFile(file: string): () => void {
  const inUse = (pid: number) =>
    new UserError(`${dirname(file)}: is in use by process ${pid}; stop it, or use another directory`);
  if (held.has(file)) throw inUse(process.pid);
  const self = `${process.pid} ${startOf(process.pid) ?? ""}`.trim();
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const fd = openSync(file, "wx", 0o600);
      writeSync(fd, `${self}\n`);
      closeSync(fd);
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new UserError(`${file}: cannot be written (${messageOf(error)}); use a directory that is yours`);
      }
    }
    const holder = runningHolder(file);
    if (holder !== undefined) throw inUse(holder);
    rmSync(file, { force: true });
  }
  throw new UserError(`${file}: somebody else keeps writing it; use another directory`);
}

function runningHolder(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [pid = "", start] = text.trim().split(" ");
  const number = /^[1-9]\d*$/.test(pid) ? Number(pid) : process.pid;
  if (number === process.pid || !isRunning(number)) return undefined;
  const now = startOf(number);
  return start === undefined || now === undefined || start === now ? number : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, where the system tells: numbers are used again. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
