/**
 * Follows the remotes that a database names (`db:DB,TABLE,COLUMN`): strings with targets, or references to rows with
 * the columns `target`, `max_backoff`, `inactivity_probe` (ms), `read_only`, `role` and, kept up to date here,
 * `is_connected` and `status` (tables `Manager` and `Connection` of Open vSwitch's schemas). Columns that a schema lacks are done without.
 */

import type { Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { DatabaseHost } from "./database-host.ts";
import type { Atom, Row, Uuid } from "./datum.ts";
import { atomsOf } from "./datum-ops.ts";
import type { Engine } from "./engine.ts";
import { wireLimits } from "./limits.ts";
import { ManagedRemote, type RemoteContext, type RemoteSettings } from "./managed-remote.ts";
import type { DatumInput } from "./operations.ts";
import { type DatabaseRemote, formatRemote } from "./remote.ts";
import type { TableSchema } from "./schema.ts";

export interface FollowerContext extends Omit<RemoteContext, "onChange"> {
  /** The database; undefined while it is not served. */
  readonly host: () => DatabaseHost | undefined;
}

interface Wanted {
  readonly target: string;
  readonly settings: RemoteSettings;
  /** The row that tells of it and is told its status. */
  readonly row: Uuid | undefined;
}

interface Followed {
  readonly managed: ManagedRemote;
  readonly row: Uuid | undefined;
  wasConnected: boolean;
}

export class RemoteFollower {
  readonly remote: DatabaseRemote;
  readonly #context: FollowerContext;
  /** The table of the rows that describe remotes; undefined where the column holds the targets themselves. */
  #rowTable: TableSchema | undefined;
  /** By row, or by target where there are no rows. */
  readonly #followed = new Map<string, Followed>();
  #stop: Unsubscribe;
  #scanPlanned = false;
  #lastWrite = Number.NEGATIVE_INFINITY;
  #writeTimer: Timer | undefined;
  #closed = false;

  /** Throws a `UserError` when the database has no such column or it cannot hold remotes. */
  constructor(remote: DatabaseRemote, context: FollowerContext) {
    this.remote = remote;
    this.#context = context;
    this.#stop = this.#follow();
    this.#scan();
  }

  /** The database has come, gone, or has another schema: without it, or without such a column in it, no remote is left. */
  databaseChanged(): void {
    this.#stop();
    try {
      this.#stop = this.#follow();
    } catch (error) {
      this.#stop = () => {};
      this.#context.log.warning(messageOf(error));
    }
    this.#scan();
  }

  /** Throws a `UserError` when the database has no such column or it cannot hold remotes. */
  #follow(): Unsubscribe {
    const { remote } = this;
    this.#rowTable = undefined;
    const engine = this.#context.host()?.engine;
    if (!engine) return () => {};
    this.#rowTable = rowTable(remote, engine);
    return engine.onCommit(({ delta }) => {
      if (delta.has(remote.table) || (this.#rowTable && delta.has(this.#rowTable.name))) this.#planScan();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    this.#writeTimer?.cancel();
    await Promise.all([...this.#followed.values()].map(({ managed }) => managed.close()));
    this.#followed.clear();
  }

  #planScan(): void {
    if (this.#scanPlanned) return;
    this.#scanPlanned = true;
    queueMicrotask(() => {
      this.#scanPlanned = false;
      if (!this.#closed) this.#scan();
    });
  }

  /** Brings what is followed in line with what the database names. */
  #scan(): void {
    const wanted = this.#wanted();
    /** Rows that still say "connected" of a target they do not have any more. */
    const outdated = new Set<string>();
    for (const [key, followed] of this.#followed) {
      if (wanted.get(key)?.target === followed.managed.target) continue;
      if (followed.wasConnected) outdated.add(key);
      this.#followed.delete(key);
      void followed.managed.close();
    }
    for (const [key, { target, settings, row }] of wanted) {
      const followed = this.#followed.get(key);
      if (followed) {
        followed.managed.setSettings(settings);
        continue;
      }
      const managed = new ManagedRemote(target, settings, { ...this.#context, onChange: () => this.#planWrite() });
      this.#followed.set(key, { managed, row, wasConnected: outdated.has(key) });
      this.#planWrite();
    }
  }

  #wanted(): Map<string, Wanted> {
    const engine = this.#context.host()?.engine;
    const wanted = new Map<string, Wanted>();
    if (!engine?.schema.tables.get(this.remote.table)?.columns.has(this.remote.column)) return wanted;
    for (const holder of engine.rows(this.remote.table).values()) {
      for (const atom of atomsOf(holder[this.remote.column] ?? null) as readonly string[]) {
        if (!this.#rowTable) {
          wanted.set(atom, { target: atom, settings: {}, row: undefined });
          continue;
        }
        const row = engine.rows(this.#rowTable.name).get(atom as Uuid);
        if (row) wanted.set(atom, { target: textOf(row), settings: settingsOf(row), row: row._uuid });
      }
    }
    return wanted;
  }

  /** Tells the rows: at once when a connection came or went, else at most every few seconds. */
  #planWrite(): void {
    if (this.#closed || !this.#rowTable) return;
    const urgent = [...this.#followed.values()].some(
      ({ managed, wasConnected }) => managed.status().connected !== wasConnected,
    );
    const { clock } = this.#context;
    const dueIn = urgent ? 0 : this.#lastWrite + wireLimits.statusIntervalMs - clock.now();
    this.#writeTimer?.cancel();
    this.#writeTimer = clock.setTimer(Math.max(0, dueIn), () => this.#write());
  }

  #write(): void {
    const table = this.#rowTable;
    if (!table || this.#closed) return;
    const { clock } = this.#context;
    const engine = this.#context.host()?.engine;
    if (!engine) return;
    this.#lastWrite = clock.now();
    for (const followed of this.#followed.values()) {
      if (followed.row === undefined) continue;
      const { connected, status } = followed.managed.status();
      followed.wasConnected = connected;
      const row: { [column: string]: DatumInput } = {};
      if (table.columns.get("is_connected")?.key.type === "boolean") row.is_connected = connected;
      if (table.columns.get("status")?.shape === "map") row.status = status as ReadonlyMap<Atom, Atom>;
      const where = [{ column: "_uuid", function: "==", value: followed.row }] as const;
      engine.execute([{ op: "update", table: table.name, where, row }]);
    }
    // Keeps the seconds in `status` going.
    this.#writeTimer?.cancel();
    this.#writeTimer = clock.setTimer(wireLimits.statusRefreshMs, () => this.#write());
  }
}

function rowTable(remote: DatabaseRemote, engine: Engine): TableSchema | undefined {
  const { tables } = engine.schema;
  const table = tables.get(remote.table);
  if (!table) throw new UserError(`"${formatRemote(remote)}": no table named ${remote.table}`);
  const column = table.columns.get(remote.column);
  if (!column) {
    throw new UserError(`"${formatRemote(remote)}": table "${remote.table}" has no column "${remote.column}"`);
  }
  const target = column.key.refTable === undefined ? undefined : tables.get(column.key.refTable);
  if (column.value === null && target?.columns.get("target")?.key.type === "string") return target;
  if (column.value === null && column.key.type === "string") return undefined;
  throw new UserError(
    `remote '${formatRemote(remote)}': the column must hold strings, or references to rows with a column 'target'`,
  );
}

function textOf(row: Row): string {
  const [target] = atomsOf(row.target ?? null);
  return typeof target === "string" ? target : "";
}

function settingsOf(row: Row): RemoteSettings {
  const [role] = atomsOf(row.role ?? null);
  return {
    maxBackoffMs: milliseconds(row, "max_backoff"),
    inactivityProbeMs: milliseconds(row, "inactivity_probe"),
    readOnly: atomsOf(row.read_only ?? null)[0] === true,
    role: typeof role === "string" ? role : undefined,
  };
}

function milliseconds(row: Row, column: string): number | undefined {
  const [value] = atomsOf(row[column] ?? null);
  return typeof value === "number" && value >= 0 ? value : undefined;
}
