/** For tests: small database files, on disks that are full or fail where a test asks for it. */

import { join } from "node:path";
import type { TestContext } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Database } from "./database.ts";
import { readDatabase } from "./database-reader.ts";
import type { JsonObject } from "./json.ts";
import { type LogFile, type OpenLogFile, openLogFile } from "./log-file.ts";
import { DatabaseFile, type DatabaseFileOptions } from "./storage.ts";
import { schemaJson, temporaryDirectory } from "./test-support.ts";

/** A table with a large set and map, and a column that no file has. */
export const schema = schemaJson({
  T: {
    columns: {
      name: { type: "string" },
      set: { type: { key: "integer", min: 0, max: "unlimited" } },
      map: { type: { key: "string", value: "integer", min: 0, max: "unlimited" } },
      volatile: { type: "integer", ephemeral: true },
    },
  },
});

export function options(more: Partial<DatabaseFileOptions> = {}): DatabaseFileOptions {
  return { clock: new VirtualClock(), random: new SeededRandom(1), ...more };
}

export function insert(row: JsonObject): JsonObject {
  return { op: "insert", table: "T", row };
}

/** What of a database is kept in files. */
export function contents(database: Database): unknown {
  return [...database.rows("T").values()]
    .map(({ _uuid, name, set, map }) => ({ _uuid, name, set, map }))
    .sort((a, b) => (a._uuid < b._uuid ? -1 : 1));
}

export function stored(path: string): unknown {
  return contents(readDatabase(path, new SeededRandom(2)).database);
}

export function newFile(test: TestContext): string {
  const path = join(temporaryDirectory(test), "test.db");
  DatabaseFile.create(path, schema);
  return path;
}

/** A new file, open until the test ends. */
export async function opened(test: TestContext, more: Partial<DatabaseFileOptions> = {}): Promise<DatabaseFile> {
  const file = await DatabaseFile.open(newFile(test), options(more));
  test.after(() => file.close().catch(() => {}));
  return file;
}

export function logRing(): { log: Log; lines: () => string[] } {
  const ring = new LogRing(10);
  const log = Log.create({ name: "T", sink: ring.sink, wallTime: () => 0 });
  return { log, lines: () => ring.records().map(({ severity, text }) => `${severity} ${text}`) };
}

/** A real file whose operations are counted, held up, or fail as the test says. */
export function faulty() {
  const state = {
    appends: 0,
    syncs: 0,
    failAppend: false,
    partial: 0,
    failSync: false,
    failTruncate: false,
    hold: Promise.resolve(),
  };
  const open: OpenLogFile = (path, mode) => {
    const file = openLogFile(path, mode);
    const faults: LogFile = {
      get size() {
        return file.size;
      },
      append(bytes) {
        state.appends++;
        if (!state.failAppend) return file.append(bytes);
        file.append(bytes.subarray(0, state.partial));
        throw new Error("ENOSPC: no space left on device");
      },
      overwrite: (bytes, position) => file.overwrite(bytes, position),
      async appendLater(bytes) {
        faults.append(bytes);
      },
      async sync() {
        state.syncs++;
        await state.hold;
        if (state.failSync) throw new Error("EIO: i/o error");
        return file.sync();
      },
      syncNow: () => file.syncNow(),
      truncate(length) {
        if (state.failTruncate) throw new Error("EIO: i/o error");
        file.truncate(length);
      },
      close: () => file.close(),
    };
    return faults;
  };
  return { state, open };
}
