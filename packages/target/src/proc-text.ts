/**
 * The text files of Linux's `/proc` as numbers. Whatever the text: no function throws, and `undefined` is what is not
 * as `proc(5)` has it.
 */

import type { MemoryReading, ProcessReading, SystemReading } from "./system.ts";

/** `/proc/loadavg`. */
export function parseLoad(text: string): SystemReading["load"] {
  const [one, five, fifteen] = text.trim().split(/\s+/, 3).map(quantity);
  return one === undefined || five === undefined || fifteen === undefined ? undefined : { one, five, fifteen };
}

/** `/proc/uptime`, in seconds. */
export function parseUptime(text: string): number | undefined {
  return quantity(text.trim().split(/\s+/, 1)[0]);
}

/** `/proc/meminfo`, in kB. Used is what no program could have any more. */
export function parseMemory(text: string): MemoryReading | undefined {
  const fields = new Map<string, number>();
  for (const [, name = "", value] of text.matchAll(/^(\w{1,32}):[ \t]*(\d{1,20})(?: kB)?$/gm)) {
    fields.set(name, Number(value));
  }
  const total = fields.get("MemTotal");
  const free = fields.get("MemFree");
  // Kernels before 3.14 do not say what is available.
  const available = fields.get("MemAvailable") ?? sum(free, fields.get("Buffers") ?? 0, fields.get("Cached") ?? 0);
  if (total === undefined || available === undefined) return undefined;
  const swapTotal = fields.get("SwapTotal") ?? 0;
  return {
    total,
    used: Math.max(0, total - available),
    swapTotal,
    swapUsed: Math.max(0, swapTotal - (fields.get("SwapFree") ?? swapTotal)),
  };
}

/** The first line of `/proc/stat`, in ticks of all processors. */
export function parseCpu(text: string): { readonly busy: number; readonly total: number } | undefined {
  const line = /^cpu[ \t]+([\d \t]{1,400})$/m.exec(text)?.[1];
  // user nice system idle iowait irq softirq steal; what follows is part of user and nice.
  const ticks = line?.trim().split(/\s+/).slice(0, 8).map(Number);
  if (!ticks || ticks.length < 4) return undefined;
  const total = ticks.reduce((all, each) => all + each, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return Number.isFinite(total) ? { busy: total - idle, total } : undefined;
}

/**
 * `/proc/PID/stat`. The name is in parentheses and may hold anything, parentheses, spaces and line breaks included:
 * the last parenthesis ends it. `pageSize` in bytes.
 */
export function parseProcess(text: string, pageSize: number): ProcessReading | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 1 || close < open) return undefined;
  const pid = quantity(text.slice(0, open).trim());
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  // The first of them is the third of the line: the state.
  const at = (number: number) => quantity(fields[number - 3]);
  const [user, system, started, pages] = [at(14), at(15), at(22), at(24)];
  if (pid === undefined || user === undefined || system === undefined || started === undefined) return undefined;
  return {
    pid,
    command: shownCommand(text.slice(open + 1, close)),
    started,
    cpuTime: user + system,
    memory: Math.round(((pages ?? 0) * pageSize) / 1024),
  };
}

/** `/proc/sys/fs/file-nr`: allocated, of them free, at most. */
export function parseFileHandles(text: string): SystemReading["fileHandles"] {
  const [allocated, free, total] = text.trim().split(/\s+/, 3).map(quantity);
  if (allocated === undefined || free === undefined || total === undefined) return undefined;
  return { used: Math.max(0, allocated - free), total };
}

/** Bytes of a page of memory, from `/proc/self/auxv`; 4096, the usual, where it does not say. */
export function pageSizeOf(auxv: Uint8Array, wordBytes: 4 | 8): number {
  const pageSizeKey = 6;
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  // Every Linux that Node.js runs on is little endian but s390x; there the usual size is right.
  const word = (at: number) => (wordBytes === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
  for (let at = 0; at + 2 * wordBytes <= auxv.byteLength; at += 2 * wordBytes) {
    if (word(at) !== pageSizeKey) continue;
    const size = word(at + wordBytes);
    if (size >= 1024 && size <= 1024 * 1024 && Number.isInteger(Math.log2(size))) return size;
  }
  return 4096;
}

/** The kernel keeps 15 bytes of a name, of kernel threads up to 63. */
function shownCommand(name: string): string {
  return name
    .replaceAll(/\p{Cc}/gu, "?")
    .slice(0, 63)
    .toWellFormed();
}

/** A number that is not negative, written in digits. */
function quantity(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function sum(...parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : all + part), 0);
}
