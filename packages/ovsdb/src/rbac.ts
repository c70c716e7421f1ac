/**
 * Role-based access control (ovsdb(7), "Security"; ovsdb-server(7) §3.2 and §4.1.3): a connection whose remote names a role
 * may change only what the tables `RBAC_Role` and the table of permissions that it refers to allow. Reading is free.
 *
 * ```
 * RBAC_Role.name == role  ──permissions[table]──▶  authorization: columns (or column:key) one of which must hold the
 *                                                                 client's identity; "" stands for everybody
 *                                                  insert_delete: whether rows may come and go
 *                                                  update:        columns that may be updated and mutated
 * ```
 */

import type { Datum, Row, Uuid } from "./datum.ts";
import { atomsOf, isAtomMap } from "./datum-ops.ts";
import type { AttemptedChange, Engine } from "./engine.ts";
import { OvsdbError } from "./errors.ts";

/** What the remote of a connection says of those who come through it. */
export interface Access {
  /** Nothing may be changed. */
  readonly readOnly?: boolean | undefined;
  /** Where the schema has a table `RBAC_Role`: only what this role is permitted may be changed. */
  readonly role?: string | undefined;
}

/**
 * What `ExecuteContext.authorize` does for a client with `role`; undefined where the client may do everything. `client`: its
 * identity, proved by TLS; a client without one may change nothing. Permissions are read at each attempt.
 */
export function authorizer(
  engine: Engine,
  role: string | undefined,
  client: string | undefined,
): ((attempt: AttemptedChange) => void) | undefined {
  if (role === undefined || role === "" || !engine.schema.tables.has("RBAC_Role")) return undefined;
  return (attempt) => {
    const permissions = client === undefined ? undefined : permissionsOf(engine, role, attempt.table);
    if (permissions && allows(permissions, attempt, client as string)) return;
    throw new OvsdbError(
      "permission error",
      `RBAC rules for client "${client ?? ""}" role "${role}" prohibit ${describe(attempt)} "${attempt.table}".`,
    );
  };
}

function permissionsOf(engine: Engine, role: string, table: string): Row | undefined {
  const column = engine.schema.tables.get("RBAC_Role")?.columns.get("permissions");
  const permissionTable = column?.value?.refTable;
  if (column?.key.type !== "string" || permissionTable === undefined) return undefined;
  for (const row of engine.rows("RBAC_Role").values()) {
    if (!atomsOf(row.name ?? null).includes(role)) continue;
    const permissions = row.permissions;
    const uuid = isAtomMap(permissions) ? permissions.get(table) : undefined;
    return engine.rows(permissionTable).get(uuid as Uuid);
  }
  return undefined;
}

function allows(permissions: Row, { op, rows, columns }: AttemptedChange, client: string): boolean {
  // Counting rows by mutating nothing is no change.
  if (op === "mutate" && columns.length === 0) return true;
  if (!rows.every((row) => belongsTo(row, permissions, client))) return false;
  // What concerns no row is no change.
  if (op === "insert" || op === "delete") return rows.length === 0 || permissions.insert_delete === true;
  const changeable = atomsOf(permissions.update ?? null);
  return rows.length === 0 || columns.every((column) => changeable.includes(column));
}

function belongsTo(row: Row, permissions: Row, client: string): boolean {
  return atomsOf(permissions.authorization ?? null).some((place) => {
    if (place === "") return true;
    const [column = "", key] = String(place).split(":", 2);
    return value(row[column] ?? null, key) === client;
  });
}

function value(datum: Datum, key: string | undefined): Datum | undefined {
  if (key !== undefined) return isAtomMap(datum) ? datum.get(key) : undefined;
  const atoms = atomsOf(datum);
  return isAtomMap(datum) || atoms.length !== 1 ? undefined : atoms[0];
}

function describe({ op }: AttemptedChange): string {
  switch (op) {
    case "insert":
      return "row insertion into table";
    case "delete":
      return "row deletion from table";
    case "update":
      return "modification of table";
    case "mutate":
      return "mutate operation on table";
  }
}
