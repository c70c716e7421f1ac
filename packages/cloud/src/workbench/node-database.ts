/** A node's database, asked over the session's connection: its schema and its rows. Bounded in time, rows and questions at once. */

import { createHash } from "node:crypto";
import { messageOf } from "@opensync-ts/base/errors";
import { ConnectionError } from "@opensync-ts/ovsdb/client";
import type { Datum, Uuid } from "@opensync-ts/ovsdb/datum";
import { datumFromJson } from "@opensync-ts/ovsdb/datum-json";
import { OvsdbError } from "@opensync-ts/ovsdb/errors";
import { isArray, isObject, type JsonObject, type JsonValue, stringifyJson } from "@opensync-ts/ovsdb/json";
import { comparePeerSchema, type PeerSchema } from "@opensync-ts/ovsdb/peer-schema";
import { JsonRpcError } from "@opensync-ts/ovsdb/pending-requests";
import { runtimeSchema } from "@opensync-ts/ovsdb/remote-client";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema-json";
import type { DatabaseSchema, TableSchema } from "@opensync-ts/ovsdb/schema-types";
import { openSync } from "@opensync-ts/schema/opensync";
import type { NodeWire } from "../node-wire.ts";
import * as limits from "./limits.ts";
import { WorkbenchRefusal } from "./refusal.ts";

export interface NodeSchema {
  readonly schema: DatabaseSchema;
  /** What it lacks of ours. */
  readonly lacks: PeerSchema;
}

export interface NodeRow {
  readonly uuid: Uuid;
  readonly cells: ReadonlyMap<string, Datum>;
}

export interface NodeRows {
  readonly rows: readonly NodeRow[];
  /** Another one where a row is another. */
  readonly revision: string;
}

export class NodeDatabase {
  /** Shared by all nodes of one firmware; the ones met last are last. */
  readonly #known = new Map<string, NodeSchema>();
  readonly #ofNode = new WeakMap<NodeWire, Promise<NodeSchema>>();
  #questions = 0;

  /** Asked of each connection once. Rejects, as all here, with a `WorkbenchRefusal`. */
  schema(wire: NodeWire): Promise<NodeSchema> {
    let schema = this.#ofNode.get(wire);
    if (!schema) {
      schema = this.#readSchema(wire);
      this.#ofNode.set(wire, schema);
      schema.catch(() => this.#ofNode.delete(wire));
    }
    return schema;
  }

  async table(wire: NodeWire, name: string): Promise<TableSchema> {
    const table = (await this.schema(wire)).schema.tables.get(name);
    if (!table) throw new WorkbenchRefusal("absent", `the node's schema has no table of this name`);
    return table;
  }

  /** All rows, in order of their identity. */
  async rows(wire: NodeWire, table: TableSchema): Promise<NodeRows> {
    const op = { op: "select", table: table.name, where: [] };
    const count = rowsOf(await this.#transact(wire, [{ ...op, columns: ["_uuid"] }])).length;
    if (count > limits.rows) {
      throw new WorkbenchRefusal(
        "too-large",
        `the table has ${count} rows; more than ${limits.rows} are not read here: ask the node itself`,
      );
    }
    const found = rowsOf(await this.#transact(wire, [{ ...op, columns: ["_uuid", ...table.columns.keys()] }]));
    const rows = understood(() => found.map((row) => rowFrom(table, row)));
    rows.sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
    const revision = digest(stringifyJson([...found].map((row) => stringifyJson(row)).sort()));
    return { rows, revision };
  }

  /** Undefined: there is no such row. */
  async row(wire: NodeWire, table: TableSchema, uuid: string): Promise<NodeRow | undefined> {
    const where = [["_uuid", "==", ["uuid", uuid]]];
    const columns = ["_uuid", ...table.columns.keys()];
    const [row] = rowsOf(await this.#transact(wire, [{ op: "select", table: table.name, where, columns }]));
    return row && understood(() => rowFrom(table, row));
  }

  /** Results, or what refuses the whole: the node's word for it. */
  async write(
    wire: NodeWire,
    operations: readonly JsonObject[],
  ): Promise<{ readonly count: number } | { readonly error: string; readonly details: string }> {
    const results = await this.#transact(wire, operations);
    for (const result of results) {
      if (isObject(result) && typeof result.error === "string") {
        return { error: result.error, details: typeof result.details === "string" ? result.details : "" };
      }
    }
    const counts = results.map((result) => (isObject(result) && typeof result.count === "number" ? result.count : 0));
    return { count: Math.max(0, ...counts) };
  }

  async #readSchema(wire: NodeWire): Promise<NodeSchema> {
    const json = await this.#ask(wire, "get_schema", [openSync.name]);
    const content = digest(stringifyJson(json));
    const known = this.#known.get(content);
    const schema = known ?? understood(() => ({ schema: schemaFromJson(json), lacks: lackedBy(json) }));
    this.#known.delete(content);
    this.#known.set(content, schema);
    const [oldest] = this.#known.keys();
    if (this.#known.size > limits.schemas && oldest !== undefined) this.#known.delete(oldest);
    return schema;
  }

  async #transact(wire: NodeWire, operations: readonly JsonObject[]): Promise<readonly JsonValue[]> {
    const results = await this.#ask(wire, "transact", [openSync.name, ...operations]);
    if (!isArray(results)) throw nonsense("it is no array of results");
    return results;
  }

  async #ask(wire: NodeWire, method: string, params: readonly JsonValue[]): Promise<JsonValue> {
    if (this.#questions >= limits.questions) {
      throw new WorkbenchRefusal("busy", `${limits.questions} questions to nodes wait for answers; try again`);
    }
    this.#questions++;
    try {
      return await wire.request(method, params, { timeoutMs: limits.answerMs });
    } catch (error) {
      if (error instanceof JsonRpcError) throw nonsense(`it refuses '${method}'`);
      if (!(error instanceof ConnectionError)) throw error;
      throw new WorkbenchRefusal("unreachable", `the node does not answer: ${messageOf(error)}`);
    } finally {
      this.#questions--;
    }
  }
}

function lackedBy(json: JsonValue): PeerSchema {
  return comparePeerSchema(runtimeSchema(openSync), json);
}

function rowsOf(results: readonly JsonValue[]): readonly JsonObject[] {
  const [result] = results;
  if (!isObject(result) || !isArray(result.rows)) throw nonsense("it has no rows");
  return result.rows.filter(isObject);
}

function rowFrom(table: TableSchema, row: JsonObject): NodeRow {
  const identity = isArray(row._uuid) ? row._uuid[1] : undefined;
  if (typeof identity !== "string") throw nonsense("a row has no identity");
  const cells = new Map<string, Datum>();
  for (const column of table.columns.values()) {
    const json = row[column.name];
    if (json !== undefined) cells.set(column.name, datumFromJson(column, json));
  }
  return { uuid: identity as Uuid, cells };
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof OvsdbError) throw nonsense(error.error);
    throw error;
  }
}

function nonsense(what: string): WorkbenchRefusal {
  return new WorkbenchRefusal("unreachable", `the node's answer is not understood: ${what}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
