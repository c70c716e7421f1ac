/** Which process has something that only one may have: what it says of itself. */

import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

const shape = z.object({
  pid: z.int().positive(),
  host: z.string().min(1).max(256),
  /** Wall clock, ISO. */
  since: z.string().max(40),
  /** When the process started, as its system counts; left out where that does not tell. */
  start: z.string().max(32).optional(),
  /** Within which numbers of processes mean the same: the boot of a machine, and the container. */
  space: z.string().max(256),
});

export type Holder = z.infer<typeof shape>;

/** `wallTime`: ms since 1970. */
export function thisProcess(wallTime: number): Holder {
  const start = startOf(process.pid);
  return {
    ...{ pid: process.pid, host: hostname(), since: new Date(wallTime).toISOString(), space: ownSpace() },
    ...(start !== undefined && { start }),
  };
}

/** Undefined: it is no such text, or not whole yet. */
export function parseHolder(text: string): Holder | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** `process 4711 on host lab, since 2026-08-01T18:00:00Z` */
export function holderWords({ pid, host, since }: Holder): string {
  return `process ${pid} on host ${host}, since ${since.replace(/\.\d+Z$/, "Z")}`;
}

/** Undefined: from here nobody can tell. */
export function isRunning({ pid, start, space }: Holder): boolean | undefined {
  if (space !== ownSpace()) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = startOf(pid);
  return start === undefined || now === undefined || start === now;
}

function ownSpace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** Numbers of processes are used again; when one started is not. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
