/**
 * What a replica watches, and what it has heard so far. It outlives the connections that feed it: a new one goes on where
 * the last one ended (`monitor_cond_since`), or gives the whole contents, of which only the differences are told.
 */

import { zeroUuid } from "./atom.ts";
import type { TableRequest } from "./client.ts";
import type { Atom, Row, Uuid } from "./datum.ts";
import type { DatabaseDeclaration, TableName } from "./declare.ts";
import { OvsdbError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { PeerSchema } from "./peer-schema.ts";
import { ReplicaStore } from "./replica.ts";
import type { DatabaseSchema } from "./schema.ts";
import { differencesFromJson, updatesFromJson, type WatchedTables } from "./table-updates.ts";
import { AskedTables, type TableRequests } from "./watched-tables.ts";

/** What a feed shows to a connection, whatever its types. */
export type AnyFeed = Pick<
  ReplicaFeed<DatabaseDeclaration, string>,
  "asked" | "lastTransaction" | "requests" | "readsDifferences" | "replace" | "update"
>;

export class ReplicaFeed<D extends DatabaseDeclaration, T extends TableName<D>> {
  readonly replica: ReplicaStore<D, T>;
  readonly asked: AskedTables;
  #watched: WatchedTables = new Map();
  #lastTransaction: Uuid = zeroUuid;
  readonly #maxBytes: number;
  /** What the copy takes, about. */
  #bytes = 0;

  /**
   * `maxBytes`: what the copy may take, about; updates beyond it are refused. Throws a `RangeError` for a table or column that the schema
   * does not have.
   */
  constructor(
    schema: DatabaseSchema,
    tables: { readonly [Name in T]: TableRequest },
    cancel: () => void,
    maxBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#maxBytes = maxBytes;
    this.asked = AskedTables.of(schema, tables as TableRequests);
    this.replica = new ReplicaStore<D, T>(Object.keys(tables), cancel);
  }

  /** The last transaction that was heard of; all zeros when the next connection has to tell everything. */
  get lastTransaction(): Uuid {
    return this.#lastTransaction;
  }

  /** The `<monitor-requests>` for a peer, without what its schema lacks. */
  requests(peer: PeerSchema): JsonObject {
    const watched = this.asked.on(peer);
    // What is new to us was not followed: it has to be told from the beginning.
    if (watched !== this.#watched && columnsKey(watched) !== columnsKey(this.#watched))
      this.#lastTransaction = zeroUuid;
    this.#watched = watched;
    this.replica.setPeer(peer);
    return Object.fromEntries([...watched].map(([table, { names }]) => [table, { columns: [...names] }]));
  }

  /** Whether differences between values (`update2`) can be read from this peer. */
  readsDifferences(peer: PeerSchema): boolean {
    return !this.asked.tables.some(({ table, columns }) =>
      columns.some(({ name }) => peer.reshaped.get(table.name)?.has(name)),
    );
  }

  /** Takes in the whole contents that a monitor begins with. Throws an `OvsdbError` for what is no `<table-updates>`. */
  replace(contents: JsonValue | undefined, transaction: JsonValue | undefined): void {
    this.#apply(transaction, () => differencesFromJson(this.#watched, contents, (table) => this.replica.rowsOf(table)));
  }

  /** Takes in an update. Throws an `OvsdbError` for what is none. */
  update(form: 1 | 2, updates: JsonValue | undefined, transaction: JsonValue | undefined): void {
    this.#apply(transaction, () =>
      updatesFromJson(this.#watched, form, updates, (table) => this.replica.rowsOf(table)),
    );
  }

  #apply(transaction: JsonValue | undefined, read: () => Parameters<ReplicaStore<D, T>["apply"]>[0]): void {
    // Until all is well: what follows an update that could not be read cannot be built upon it.
    this.#lastTransaction = zeroUuid;
    const updates = read();
    if (Number.isFinite(this.#maxBytes)) {
      for (const { old, new: now } of updates) this.#bytes += (now ? weightOf(now) : 0) - (old ? weightOf(old) : 0);
      if (this.#bytes > this.#maxBytes) {
        throw new OvsdbError("resources exhausted", `its tables take more than ${this.#maxBytes} bytes`);
      }
    }
    if (typeof transaction === "string") this.#lastTransaction = transaction as Uuid;
    this.replica.apply(updates);
  }
}

/** Of a row, about, in bytes. */
function weightOf(row: Row): number {
  let bytes = rowBytes;
  for (const column in row) {
    const datum = row[column];
    if (typeof datum === "string") bytes += datum.length;
    else if (Array.isArray(datum)) for (const atom of datum) bytes += atomWeight(atom);
    else if (datum instanceof Map) for (const [key, value] of datum) bytes += atomWeight(key) + atomWeight(value);
  }
  return bytes;
}

/** A row's own, and a value's in a set or map. */
const rowBytes = 256;
const atomBytes = 32;

function atomWeight(atom: Atom): number {
  return atomBytes + (typeof atom === "string" ? atom.length : 0);
}

function columnsKey(watched: WatchedTables): string {
  return [...watched].map(([table, { names }]) => `${table}(${[...names].join()})`).join();
}
