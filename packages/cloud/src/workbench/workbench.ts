/**
 * A look at one node for those who build with it: any of its tables, edits of a row, the messages of its session, its reports. Nothing of it
 * is kept, and nothing asked for, while nobody looks.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { JsonObject } from "@opensync-ts/ovsdb/json";
import type { TableSchema } from "@opensync-ts/ovsdb/schema-types";
import type { NodeWire } from "../node-wire.ts";
import type { Change } from "../reconcile.ts";
import type { RowStatus } from "../row-status.ts";
import type { Columns, TableReader } from "../rows.ts";
import type { Statistics } from "../statistics/statistics.ts";
import { describeChange } from "../write-changes.ts";
import { type Check, checksOf } from "./checks.ts";
import { doubtsOf } from "./doubts.ts";
import {
  type ColumnChange,
  changesOf,
  checkEdit,
  dangerOf,
  type Edit,
  isMasked,
  maskedOperations,
  nameOf,
  nowIs,
  operationsOf,
  writerOf,
} from "./edit.ts";
import * as limits from "./limits.ts";
import { LookedAt } from "./looked-at.ts";
import { MessageLog } from "./message-log.ts";
import { NodeDatabase, type NodeRows, type NodeSchema } from "./node-database.ts";
import { WorkbenchRefusal } from "./refusal.ts";
import { ReportTail } from "./report-tail.ts";

/** What the workbench has of a node's session. */
export interface LookedAtSession {
  readonly wire: NodeWire | undefined;
  /** As they are mirrored. */
  readonly tables: TableReader | undefined;
  wouldRepair(table: string, uuid: Uuid, columns: Columns): readonly Change[] | undefined;
}

export interface WorkbenchOptions {
  readonly clock: Clock;
  /** What nodes publish; left out: nothing. */
  readonly statistics?: Pick<Statistics, "onPublication"> | undefined;
}

export interface PreparedEdit {
  /** What the row is called; null: it has no name. */
  readonly row: string | null;
  readonly changes: readonly ColumnChange[];
  /** As the node would be sent them, secrets masked. */
  readonly operations: readonly JsonObject[];
  /** What the cloud would write then because the home's document states it. Null: it is not known. */
  readonly repairs: readonly string[] | null;
  /** Why the node may not come back after this; null: it will. */
  readonly danger: string | null;
  /** Who else writes the table; null: nobody. */
  readonly writer: string | null;
  /** Why the node cannot do it, as far as is known. */
  readonly doubts: readonly string[];
  /** Sends it; nothing is sent where nothing changes. */
  write(): Promise<void>;
}

interface KeptTable {
  readonly name: string;
  readonly wire: NodeWire;
  readAt: number;
  rows: Promise<NodeRows>;
}

export class Workbench {
  readonly #clock: Clock;
  readonly #database = new NodeDatabase();
  readonly #tables: LookedAt<string, { kept: KeptTable | undefined }>;
  /** Tables of which a row was looked at for an edit, or written, since they were read: who looks then sees what the edit saw. */
  readonly #outdated = new WeakMap<NodeWire, Set<string>>();

  readonly #logs: LookedAt<string, { log: MessageLog | undefined }>;
  readonly #tails: LookedAt<string, ReportTail>;
  #unfollow: (() => void) | undefined;

  constructor({ clock, statistics }: WorkbenchOptions) {
    this.#clock = clock;
    this.#logs = new LookedAt<string, { log: MessageLog | undefined }>({
      ...{ clock, keepMs: limits.lookMs, most: limits.messageLogs },
      open: () => ({ log: undefined }),
      close: ({ log }) => log?.close(),
    });
    this.#tails = new LookedAt({
      ...{ clock, keepMs: limits.lookMs, most: limits.reportTails },
      open: () => {
        this.#unfollow ??= statistics?.onPublication((publication) => {
          this.#tails.peek(publication.node)?.take(publication);
        });
        return new ReportTail(clock);
      },
      close: () => {
        if (this.#tails.size > 0) return;
        this.#unfollow?.();
        this.#unfollow = undefined;
      },
    });
    this.#tables = new LookedAt({
      clock,
      keepMs: limits.lookMs,
      most: limits.keptTables,
      open: () => ({ kept: undefined }),
    });
  }

  schema(session: LookedAtSession): Promise<NodeSchema> {
    return this.#database.schema(wireOf(session));
  }

  /** `node`: whose it is, by a name that no other has. Those who look at the same time share what is read. */
  async rows(
    node: string,
    session: LookedAtSession,
    name: string,
  ): Promise<NodeRows & { readonly table: TableSchema }> {
    const wire = wireOf(session);
    const table = await this.#database.table(wire, name);
    const place = this.#tables.get(`${node} ${name}`);
    if (!place) throw new WorkbenchRefusal("busy", `${limits.keptTables} tables are being looked at; try again later`);
    const now = this.#clock.now();
    const { kept } = place;
    const isOutdated = this.#outdated.get(wire)?.delete(name) ?? false;
    if (kept?.wire === wire && !isOutdated && now - kept.readAt < limits.freshMs)
      return { ...(await kept.rows), table };
    const rows = this.#database.rows(wire, table);
    const fresh = { name, wire, readAt: now, rows };
    place.kept = fresh;
    rows.catch(() => {
      if (place.kept === fresh) place.kept = undefined;
    });
    return { ...(await rows), table };
  }

  /** Looks at the row and says what the edit would do. Rejects with a `WorkbenchRefusal`. */
  async prepare(session: LookedAtSession, name: string, uuid: string, edit: Edit): Promise<PreparedEdit> {
    const wire = wireOf(session);
    const table = await this.#database.table(wire, name);
    const row = await this.#database.row(wire, table, uuid);
    this.#outdate(wire, name);
    if (!row) throw new WorkbenchRefusal("absent", "there is no such row, or no longer");
    const checked = checkEdit(table, row, edit);
    const operations = operationsOf(table, uuid, checked);
    return {
      changes: changesOf(row, checked.columns),
      operations: maskedOperations(operations, row),
      repairs: session.wouldRepair(name, row.uuid, checked.columns)?.map(describeChange) ?? null,
      danger: dangerOf(name, checked.columns),
      writer: writerOf(name),
      doubts: doubtsOf(name, row.uuid, checked.columns, session.tables),
      row: nameOf(row),
      write: async () => {
        if (Object.keys(checked.columns).length === 0) return;
        const result = await this.#database.write(wire, operations).catch((error: unknown) => {
          throw error instanceof WorkbenchRefusal && error.code === "unreachable" ? unsure(error) : error;
        });
        this.#outdate(wire, name);
        if ("count" in result) {
          if (result.count === 0) throw new WorkbenchRefusal("absent", "there is no such row any more");
          return;
        }
        if (result.error !== "timed out") {
          const isSecret = Object.keys(checked.columns).some((column) => isMasked(row, column));
          throw new WorkbenchRefusal("invalid", refusedText(isSecret ? { ...result, details: "" } : result));
        }
        const present = await this.#database.row(wire, table, uuid);
        if (!present) throw new WorkbenchRefusal("absent", "there is no such row any more");
        const fields = Object.keys(checked.guard).map((column) => nowIs(present, column));
        throw new WorkbenchRefusal("conflict", "somebody was faster: look at the row again", fields);
      },
    };
  }

  #outdate(wire: NodeWire, name: string): void {
    const tables = this.#outdated.get(wire) ?? new Set();
    this.#outdated.set(wire, tables.add(name));
  }

  /** What has gone over the node's connection since somebody began to look, after that number of the log of that id. */
  messages(node: string, session: LookedAtSession): MessageLog {
    const wire = wireOf(session);
    const place = this.#logs.get(node);
    if (!place) {
      throw new WorkbenchRefusal("busy", `${limits.messageLogs} nodes' messages are being looked at; try again later`);
    }
    if (place.log?.wire !== wire) {
      place.log?.close();
      place.log = new MessageLog(wire, this.#clock);
    }
    return place.log;
  }

  /** What the node has published since somebody began to look. `node`: its id. */
  reports(node: string): ReportTail {
    const tail = this.#tails.get(node);
    if (tail) return tail;
    throw new WorkbenchRefusal("busy", `${limits.reportTails} nodes' reports are being looked at; try again later`);
  }

  /** What can be told of the node by itself. It begins to look at its reports, for its clock. */
  async checks(node: string, session: LookedAtSession, rows: readonly RowStatus[]): Promise<readonly Check[]> {
    const wire = wireOf(session);
    const lacks = await this.#database.schema(wire).then(
      (schema) => schema.lacks,
      (error: unknown) => ({ unknown: messageOf(error) }),
    );
    return checksOf({
      ...{ now: this.#clock.wallTime(), lacks, rows },
      certificate: wire.peerCertificate,
      behindMs: this.#tails.get(node)?.behindMs,
    });
  }

  stop(): void {
    for (const kept of [this.#tables, this.#logs, this.#tails]) kept.clear();
  }
}

/** The line may have gone after the node took it. */
function unsure({ message }: WorkbenchRefusal): WorkbenchRefusal {
  return new WorkbenchRefusal("unreachable", `${message}; whether it has taken the edit is not known: look at the row`);
}

function wireOf({ wire }: LookedAtSession): NodeWire {
  if (wire) return wire;
  throw new WorkbenchRefusal("unreachable", "the node is not connected; its tables can be read when it is");
}

function refusedText({ error, details }: { readonly error: string; readonly details: string }): string {
  return `the node refuses it: ${error}${details === "" ? "" : `: ${details}`}`.slice(0, limits.shownRefusal);
}
