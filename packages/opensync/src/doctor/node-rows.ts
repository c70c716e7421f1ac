/** Rows of a node, as a plain copy: of the running node, or of the database it left behind. Nothing is written. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import { nodeDirectory } from "@opensync-ts/node/directory";
import { connect } from "@opensync-ts/ovsdb/connect";
import { readDatabase } from "@opensync-ts/ovsdb/database-reader";
import { type OpenSyncTable, openSync, type Row } from "@opensync-ts/schema/opensync";
import type { NodeChoice } from "../node-files.ts";

export type Rows<T extends OpenSyncTable> = { readonly [Name in T]: readonly Row<Name>[] };

/** The directory of a node: itself, or that of a home's node. It need not exist. */
export function directoryOf(choice: NodeChoice, environment: { readonly [name: string]: string | undefined }): string {
  const directory = choice.dir ?? (environment.OPENSYNC_DIR || ".opensync");
  const isNode = ["conf.db", "certs", "run"].some((part) => existsSync(join(directory, part)));
  return isNode ? directory : join(directory, "nodes", choice.node);
}

/** `undefined` where no node runs in `directory`. Rejects with a `UserError` where one does not answer. */
export async function runningRows<T extends OpenSyncTable>(
  directory: string,
  tables: readonly T[],
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<Rows<T> | undefined> {
  const { socket } = nodeDirectory(directory);
  if (!existsSync(socket)) return undefined;
  const client = await connect(`unix:${socket}`, openSync, { clock, connectTimeoutMs: timeoutMs }).catch(
    () => undefined,
  );
  // A socket is left behind by a node that was killed.
  if (!client) return undefined;
  try {
    const request = Object.fromEntries(tables.map((table) => [table, {}])) as { readonly [Name in T]: object };
    const replica = await withDeadline(clock, client.replicate<T>(request), timeoutMs, `unix:${socket}`);
    const rows = tables.map((table) => [table, [...replica.table(table).rows.values()]]);
    return Object.fromEntries(rows) as Rows<T>;
  } catch (error) {
    throw new UserError(`${directory}: the node does not answer: ${messageOf(error)}; restart it, or give --timeout`);
  } finally {
    client.close();
  }
}

/** What the node's database file says; undefined where there is none. Throws a `UserError` for a file that cannot be read. */
export function storedRows<T extends OpenSyncTable>(
  directory: string,
  tables: readonly T[],
  random: Random,
): Rows<T> | undefined {
  const path = nodeDirectory(directory).database;
  if (!existsSync(path)) return undefined;
  const { database } = readDatabase(path, random);
  const has = new Set(database.schema.tables.keys());
  const rows = tables.map((table) => [table, has.has(table) ? [...database.rows(table).values()] : []]);
  return Object.fromEntries(rows) as Rows<T>;
}
