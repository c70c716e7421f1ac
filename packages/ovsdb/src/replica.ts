/** A copy of chosen tables that follows the database. Rows are replaced, never changed; unchanged rows stay the same objects. */

import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import type { Change, ColumnChange, Replica, ReplicaTable, TableChange } from "./client.ts";
import type { Datum, Row, Uuid } from "./datum.ts";
import type { DatabaseDeclaration, RowOf, TableName } from "./declare.ts";
import type { PeerSchema } from "./peer-schema.ts";

/** A change of some table, its rows untyped. */
export type RowUpdate = { readonly table: string } & Change<Row>;

/** Fed by a client: `load` once, then `apply` for each transaction. */
export class ReplicaStore<D extends DatabaseDeclaration, T extends TableName<D>> implements Replica<D, T> {
  readonly #tables = new Map<string, StoredTable>();
  readonly #events = new Emitter<{ transaction: readonly RowUpdate[] }>();
  readonly #cancel: () => void;
  #peer: PeerSchema | undefined;

  /** `cancel` ends the feeding. */
  constructor(tables: readonly string[], cancel: () => void) {
    for (const name of tables) this.#tables.set(name, new StoredTable(name));
    this.#cancel = cancel;
  }

  table<Name extends T>(name: Name): ReplicaTable<RowOf<D, Name>> {
    return this.#table(name) as unknown as ReplicaTable<RowOf<D, Name>>;
  }

  lacks(table: T, column?: string): boolean {
    const peer = this.#peer;
    if (!peer) return false;
    return peer.lacksTables.has(table) || (column !== undefined && peer.lacksColumns.get(table)?.has(column) === true);
  }

  onTransaction(listener: (changes: readonly TableChange<D, T>[]) => void): Unsubscribe {
    return this.#events.on("transaction", listener as (changes: readonly unknown[]) => void);
  }

  cancel(): void {
    this.#cancel();
  }

  /** How the peer's schema differs; left unsaid, it has everything. */
  setPeer(peer: PeerSchema): void {
    this.#peer = peer;
  }

  /** Fills a table with its initial rows; nobody is told. */
  load(table: string, rows: Iterable<Row>): void {
    const stored = this.#table(table);
    for (const row of rows) stored.set(row._uuid, row);
  }

  /** A table's rows as they are, untyped; for the client that feeds. */
  rowsOf(table: string): ReadonlyMap<Uuid, Row> {
    const stored = this.#table(table);
    return stored.size === 0 ? noRows : stored.rows;
  }

  /** Makes one transaction's changes visible all at once, then announces them: table by table, then as a whole. */
  apply(updates: readonly RowUpdate[]): void {
    if (updates.length === 0) return;
    for (const update of updates) {
      this.#table(update.table).set(update.uuid, update.new);
    }
    for (const update of updates) this.#table(update.table).announce(update);
    this.#events.emit("transaction", updates);
  }

  #table(name: string): StoredTable {
    const table = this.#tables.get(name);
    if (!table) throw new RangeError(`table ${name} is not replicated; name it in replicate()`);
    return table;
  }
}

/** The columns of untyped rows. */
type Cell = ColumnChange<Row, string>;

/** A cloud has thousands of replicas, and most of their tables are empty and watched as a whole: what is not used is not made. */
class StoredTable implements ReplicaTable<Row> {
  readonly name: string;
  #rows: Map<Uuid, Row> | undefined;
  #changes: Emitter<{ change: Change<Row> }> | undefined;
  /** Listeners of single rows and columns: only those concerned are called. */
  #byRow: Emitter<Record<Uuid, Change<Row>>> | undefined;
  #byColumn: Emitter<Record<string, Cell>> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The same map for as long as there is the table: who has it sees what changes. */
  get rows(): ReadonlyMap<Uuid, Row> {
    this.#rows ??= new Map();
    return this.#rows;
  }

  get size(): number {
    return this.#rows?.size ?? 0;
  }

  set(uuid: Uuid, row: Row | null): void {
    if (!row) {
      this.#rows?.delete(uuid);
      return;
    }
    this.#rows ??= new Map();
    this.#rows.set(uuid, row);
  }

  find(match: (row: Row) => boolean): Row | undefined {
    if (!this.#rows) return undefined;
    for (const row of this.#rows.values()) if (match(row)) return row;
    return undefined;
  }

  onChange(listener: (change: Change<Row>) => void): Unsubscribe {
    this.#changes ??= new Emitter();
    return this.#changes.on("change", listener);
  }

  onRow(uuid: Uuid, listener: (change: Change<Row>) => void): Unsubscribe {
    this.#byRow ??= new Emitter();
    return this.#byRow.on(uuid, listener);
  }

  onColumn<C extends keyof Row & string>(column: C, listener: (change: ColumnChange<Row, C>) => void): Unsubscribe {
    this.#byColumn ??= new Emitter();
    return this.#byColumn.on(column, listener as (change: Cell) => void);
  }

  announce(change: Change<Row>): void {
    this.#changes?.emit("change", change);
    this.#byRow?.emit(change.uuid, change);
    for (const column of change.changed) {
      if (!this.#byColumn) return;
      if (this.#byColumn.listenerCount(column) === 0) continue;
      const [old, now] = [change.old?.[column], change.new?.[column]] as [Datum | undefined, Datum | undefined];
      this.#byColumn.emit(column, { uuid: change.uuid, old, new: now, row: change });
    }
  }
}

const noRows: ReadonlyMap<Uuid, Row> = new Map();
