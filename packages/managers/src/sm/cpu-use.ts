/** How busy the processors were between two looks, and who kept them busy. */

import type { SystemReading } from "@opensync-ts/target/system";
import type { ProcessUse } from "@opensync-ts/telemetry/device";
import { processesCompared, processesTold } from "./limits.ts";

/** What must be kept of a look to compare the next one with. */
export interface CpuLook {
  readonly cpu: SystemReading["cpu"];
  /** Time used so far, by `pid started`. */
  readonly processes: ReadonlyMap<string, number>;
}

export function cpuLook({ cpu, processes = [] }: SystemReading): CpuLook {
  const compared = processes.slice(0, processesCompared);
  return { cpu, processes: new Map(compared.map((each) => [`${each.pid} ${each.started}`, each.cpuTime])) };
}

/** Whole percent, 0 to 100; `undefined` where it cannot be told: nothing to compare with, or counters that fell. */
export function cpuPercent(before: SystemReading["cpu"], now: SystemReading["cpu"]): number | undefined {
  if (!now) return undefined;
  if ("percent" in now) return percentage(now.percent, 100);
  if (!before || "percent" in before) return undefined;
  return percentage(now.busy - before.busy, now.total - before.total);
}

/** Those that used most of the processors between two looks; those that used nothing are not told. */
export function processesByCpu(before: CpuLook, now: SystemReading): readonly ProcessUse[] {
  if (!now.cpu || "percent" in now.cpu || !before.cpu || "percent" in before.cpu) return [];
  const all = now.cpu.total - before.cpu.total;
  const uses = (now.processes ?? []).slice(0, processesCompared).flatMap((each) => {
    // Who is new has used all of its time since.
    const used = each.cpuTime - (before.processes.get(`${each.pid} ${each.started}`) ?? 0);
    const use = percentage(used, all);
    return use === undefined || !(used > 0) ? [] : [{ pid: each.pid, command: each.command, used, use }];
  });
  return greatest(uses, ({ used }) => used).map(({ pid, command, use }) => ({ pid, command, use }));
}

/** Those that hold most memory, in kB; kernel threads hold none and are not told. */
export function processesByMemory({ processes = [] }: SystemReading): readonly ProcessUse[] {
  const uses = processes.slice(0, processesCompared).filter(({ memory }) => memory > 0);
  return greatest(uses, ({ memory }) => memory).map(({ pid, command, memory }) => ({ pid, command, use: memory }));
}

function greatest<T extends { readonly pid: number }>(all: readonly T[], of: (each: T) => number): readonly T[] {
  return all.toSorted((a, b) => of(b) - of(a) || a.pid - b.pid).slice(0, processesTold);
}

function percentage(part: number, whole: number): number | undefined {
  if (!Number.isFinite(part) || !Number.isFinite(whole) || whole <= 0) return undefined;
  return Math.round(Math.min(1, Math.max(0, part / whole)) * 100);
}
