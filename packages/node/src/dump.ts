/** A node as text: one section per manager, in order of name, how full the database is, and how often persistent storage was written. */

import { messageOf } from "@opensync-ts/base/errors";
import type { RunningDm } from "@opensync-ts/managers/dm/dm";
import type { Engine } from "@opensync-ts/ovsdb/engine";
import type { PersistentStorage } from "@opensync-ts/target/storage";

export interface DumpOptions {
  readonly id: string;
  readonly profile: string;
  readonly target: string;
  readonly engine: Engine;
  readonly storage: PersistentStorage;
  readonly dm: RunningDm;
}

export function dumpNode({ id, profile, target, engine, storage, dm }: DumpOptions): string {
  const sections = [section("dm", dm.dump())];
  for (const { service } of [...dm.services()].sort((a, b) => (a.service < b.service ? -1 : 1))) {
    const manager = dm.running(service);
    if (!manager) continue;
    sections.push(section(service, dumpOf(manager)));
  }
  sections.push(section("database", rowCounts(engine)));
  sections.push(section("storage", stores(storage)));
  return [`node ${id}, profile ${profile}, target ${target}`, ...sections].join("\n\n").concat("\n");
}

/** A manager that cannot even say how it is must not keep the others from it. */
function dumpOf(manager: { dump(): string }): string {
  try {
    return manager.dump();
  } catch (error) {
    return `no dump: ${messageOf(error)}`;
  }
}

function rowCounts(engine: Engine): string {
  const counts = [...engine.schema.tables.keys()].map((table) => [table, engine.rows(table).size] as const);
  return counts
    .filter(([, rows]) => rows > 0)
    .map(([table, rows]) => `${table}: ${rows}`)
    .sort()
    .join("\n");
}

/** One line per store. The values themselves are nobody's business. */
function stores(storage: PersistentStorage): string {
  try {
    return storage
      .stores()
      .map(({ name, preserve, keys, bytes, writes, bytesWritten }) => {
        const size = `${count(keys, "key")} in ${count(bytes, "byte")}`;
        return `${name}${preserve ? " (preserved)" : ""}: ${size}, ${count(writes, "write")}, ${count(bytesWritten, "byte")}`;
      })
      .join("\n");
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function section(title: string, text: string): string {
  return `== ${title}\n${text}`;
}
