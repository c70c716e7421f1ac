/** The database of a node, as a boot or a restart of the process finds it. */

import { renameSync, rmSync, statSync } from "node:fs";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { prepopulate } from "@opensync-ts/managers/dm/prepopulation";
import type { Engine } from "@opensync-ts/ovsdb/engine";
import type { JsonObject } from "@opensync-ts/ovsdb/json";
import { DamagedRecordError, readLog } from "@opensync-ts/ovsdb/record";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { schemaToJson } from "@opensync-ts/ovsdb/schema-json";
import { DatabaseFile } from "@opensync-ts/ovsdb/storage";
import { openSync } from "@opensync-ts/schema/opensync";
import type { Prepopulation } from "@opensync-ts/target/target";

export interface NodeDatabaseOptions {
  readonly path: string;
  /** Go on with the file as it was; where there is none, this is a boot all the same. */
  readonly resume: boolean;
  /** The rows of a boot. */
  readonly rows: readonly Prepopulation[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface NodeDatabase {
  readonly file: DatabaseFile;
  /** The database starts anew, as it does when a device boots. */
  readonly booted: boolean;
}

/** What other databases of Open vSwitch lack. */
const identityTable = "AWLAN_Node";

/** The same for all nodes of a process. */
const schema = schemaFromDeclaration(openSync);

/**
 * Rejects with a `UserError` that says what is wrong with the file and what to do. A boot replaces the database of the boot before;
 * what is not a node's database is never removed.
 */
export async function openNodeDatabase(options: NodeDatabaseOptions): Promise<NodeDatabase> {
  const { path, resume, rows, clock, random, log } = options;
  const open = () => DatabaseFile.open(path, { clock, random, log, schema });
  const found = inspect(path);
  if (resume && found.kind !== "nothing") {
    if (found.kind === "unreadable") throw new UserError(`${found.reason}; ${bootInstead}`);
    const file = await resumed(path, open);
    if (isPopulated(file.database)) return { file, booted: false };
    // The process was killed in the middle of its boot.
    await file.close();
  }
  if (found.kind === "unreadable") putAside(path, found.reason, log);
  return { file: await booted(path, open, rows), booted: true };
}

/** Seconds since the Unix epoch; undefined before CM has written it. */
export function bootTimeOf(engine: Engine): number | undefined {
  const [row] = engine.rows(identityTable).values();
  return typeof row?.boot_time === "number" ? row.boot_time : undefined;
}

const bootInstead = "or start without --resume, which boots with a new one";

type Found =
  /** No file, or one without a whole record: a boot that was cut short. */
  | { readonly kind: "nothing" }
  /** A node's database, as far as its beginning tells. */
  | { readonly kind: "database" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What stands at `path`. Throws a `UserError` for what belongs to somebody else: moving that is up to a person. */
function inspect(path: string): Found {
  const stat = guarded(() => statSync(path, { throwIfNoEntry: false }), `${path}: cannot be looked at`);
  if (!stat) return { kind: "nothing" };
  if (!stat.isFile()) throw new UserError(`${path}: is not a file; move it away, or give another directory`);
  try {
    const json = guarded(() => firstRecord(path), `${path}: cannot be read`);
    if (!json) return { kind: "nothing" };
    const { name, tables } = json;
    const isNodes = name === schema.name && typeof tables === "object" && tables !== null && identityTable in tables;
    if (isNodes) return { kind: "database" };
    const problem = `is the database '${String(name)}' of something else, not a node's`;
    throw new UserError(`${path}: ${problem}; move it away, or give another directory`);
  } catch (error) {
    if (error instanceof DamagedRecordError) return { kind: "unreadable", reason: error.message };
    throw error;
  }
}

/** The schema; undefined where the file has no whole record. */
function firstRecord(path: string): JsonObject | undefined {
  const log = readLog(path);
  const first = log.next();
  log.return(undefined);
  return first.done ? undefined : first.value.json;
}

async function resumed(path: string, open: () => Promise<DatabaseFile>): Promise<DatabaseFile> {
  try {
    return await open();
  } catch (error) {
    const what = error instanceof UserError ? error.message : `${path}: cannot be opened: ${messageOf(error)}`;
    throw new UserError(`${what}; ${bootInstead}`, { cause: error });
  }
}

/** Keeps the last file that could not be read, for a person to look at. */
function putAside(path: string, reason: string, log: Log): void {
  const aside = `${path}.damaged`;
  guarded(() => renameSync(path, aside), `${path}: cannot be moved`);
  log.error(`${reason}; it is kept as ${aside}`);
}

/** A new database with the rows of a boot. */
async function booted(
  path: string,
  open: () => Promise<DatabaseFile>,
  rows: readonly Prepopulation[],
): Promise<DatabaseFile> {
  const problem = `${path}: cannot be created`;
  guarded(() => {
    // A temporary file of a compaction that was cut short goes as well.
    for (const file of [path, `${path}.tmp`]) rmSync(file, { force: true });
    DatabaseFile.create(path, schemaToJson(schema));
  }, problem);
  const file = await open().catch((error) => {
    throw actionable(error, problem);
  });
  try {
    prepopulate(file.database, rows);
  } catch (error) {
    await file.close();
    throw actionable(error, problem);
  }
  return file;
}

function guarded<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (error) {
    throw actionable(error, problem);
  }
}

/** A file system's error as one that a person can act on. */
function actionable(error: unknown, problem: string): UserError {
  if (error instanceof UserError) return error;
  const advice = "make room or grant access, or give another directory";
  return new UserError(`${problem}: ${messageOf(error)}; ${advice}`, { cause: error });
}

function isPopulated(engine: Engine): boolean {
  return [...engine.schema.tables.keys()].some((table) => engine.rows(table).size > 0);
}
