/**
 * The database `_Server` (ovsdb-server(5)): which databases a server has, and how they fare. Clients such as `ovsdb-client wait` and
 * the C client library look here first; they may read it only.
 */

import type { Random } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import {
  boolean,
  type DatabaseDeclaration,
  database,
  enumeration,
  integer,
  optional,
  string,
  table,
  uuid,
} from "./declare.ts";
import { type DatabaseSchema, schemaFromDeclaration } from "./schema.ts";

const declaration: DatabaseDeclaration = database({
  name: "_Server",
  version: "1.2.0",
  tables: {
    Database: table({
      columns: {
        name: string(),
        model: enumeration("clustered", "relay", "standalone"),
        connected: boolean(),
        leader: boolean(),
        schema: optional(string()),
        cid: optional(uuid()),
        sid: optional(uuid()),
        index: optional(integer()),
      },
    }),
  },
});

let schema: DatabaseSchema | undefined;

export function createServerDatabase(random: Random): Database {
  // The checksum that deployed servers show of this very schema.
  schema ??= { ...schemaFromDeclaration(declaration), cksum: "3009684573 744" };
  return new Database(schema, { random });
}

/** Tells clients of a database that is served: a standalone one, which is always connected and its own leader. */
export function announceDatabase(server: Database, name: string, schemaText: string): void {
  const row = { name, model: "standalone", connected: true, leader: true, schema: schemaText };
  server.execute([{ op: "insert", table: "Database", row }]);
}

/** Tells them that the database has another schema now. The row stays the same: it is still that database. */
export function updateSchema(server: Database, name: string, schemaText: string): void {
  const where = [{ column: "name", function: "==", value: name }] as const;
  server.execute([{ op: "update", table: "Database", where, row: { schema: schemaText } }]);
}

/** Tells them that the database is served no more. */
export function withdrawDatabase(server: Database, name: string): void {
  const where = [{ column: "name", function: "==", value: name }] as const;
  server.execute([{ op: "delete", table: "Database", where }]);
}
