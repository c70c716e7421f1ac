/** The database of a node, as a boot or a restart of the process finds it. */

import { existsSync, rmSync } from "node:fs";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { prepopulate } from "@opensync-ts/managers/dm/prepopulation";
import type { Engine } from "@opensync-ts/ovsdb/engine";
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

/** The same for all nodes of a process. */
const schema = schemaFromDeclaration(openSync);

/** Rejects with a `UserError` that says what is wrong with the file and what to do. */
export async function openNodeDatabase(options: NodeDatabaseOptions): Promise<NodeDatabase> {
  const { path, resume, rows, clock, random, log } = options;
  const open = () => DatabaseFile.open(path, { clock, random, log, schema });
  if (resume && existsSync(path)) {
    const file = await resumed(open);
    // A process that was killed in the middle of its boot left the file without rows.
    if (isPopulated(file.database)) return { file, booted: false };
    await file.close();
  }
  createEmpty(path);
  const file = await open();
  try {
    prepopulate(file.database, rows);
    file.flush();
  } catch (error) {
    await file.close();
    throw error;
  }
  return { file, booted: true };
}

/** Seconds since the Unix epoch; undefined before CM has written it. */
export function bootTimeOf(engine: Engine): number | undefined {
  const [row] = engine.rows("AWLAN_Node").values();
  return typeof row?.boot_time === "number" ? row.boot_time : undefined;
}

async function resumed(open: () => Promise<DatabaseFile>): Promise<DatabaseFile> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}; or start without --resume, which boots with a new one`, { cause: error });
  }
}

function createEmpty(path: string): void {
  // A temporary file of a compaction that was cut short goes as well.
  for (const file of [path, `${path}.tmp`]) rmSync(file, { force: true });
  DatabaseFile.create(path, schemaToJson(schema));
}

function isPopulated(engine: Engine): boolean {
  return engine.rows("AWLAN_Node").size > 0;
}
