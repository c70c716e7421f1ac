/**
 * Who watches what, and the text they are sent. What several clients watch alike is encoded once: a *view* is one
 * table as some columns show it, a *monitor* is a set of views; both are shared by all who ask for the same. A client
 * that reads too slowly is not sent every commit: it is told the net change of each row once it reads again.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { matches } from "./condition.ts";
import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { defaultDatum } from "./datum-json.ts";
import { diffDatums, equalDatums } from "./datum-ops.ts";
import type { Engine } from "./engine.ts";
import { MergedChanges } from "./merged-changes.ts";
import { type MonitoredColumn, type RowFilter, requestKey, type TableRequest } from "./monitor-request.ts";
import { memberText, rowText } from "./row-text.ts";
import type { ColumnSchema } from "./schema.ts";

/** `1`: `<table-updates>` of RFC 7047 §4.1.6; `2`: `<table-updates2>` of ovsdb-server(7) §4.1.14, with differences only. */
export type UpdateForm = 1 | 2;

/** Where the updates of a monitor go. */
export interface Subscriber {
  /** The client does not take what it was sent so far: changes are now merged row by row, until `flush`. */
  readonly congested: () => boolean;
  /** Takes the `<table-updates>` of one commit (or of several, merged), as JSON text. */
  readonly deliver: (tableUpdates: string) => void;
  /** How many rows may wait so… */
  readonly maxMergedRows: number;
  /** …and what happens beyond; nothing more is delivered. */
  readonly overflow: () => void;
}

export interface Subscription {
  /** The initial `<table-updates>` as JSON text. */
  readonly initial: string;
  /** Delivers what was merged, if anything was. */
  flush(): void;
  cancel(): void;
}

/** All monitors of one database. */
export class MonitorHub {
  readonly #engine: Engine;
  readonly #views = new Map<string, View>();
  readonly #viewsByTable = new Map<string, Set<View>>();
  readonly #monitors = new Map<string, Monitor>();
  readonly #stop: Unsubscribe;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#stop = engine.onCommit(({ delta }) => this.#commit(delta));
  }

  /** With `missed`, the initial updates are those changes instead of the rows as they are. */
  subscribe(requests: readonly TableRequest[], form: UpdateForm, subscriber: Subscriber, missed?: Delta): Subscription {
    const monitor = this.#monitor(requests, form);
    const member: Member = { subscriber, merged: undefined };
    monitor.members.add(member);
    return {
      initial: `{${(missed ? changesText(monitor, missed) : this.#initialText(monitor)).slice(1)}}`,
      flush: () => flush(monitor, member),
      cancel: () => {
        if (monitor.members.delete(member) && monitor.members.size === 0) this.#drop(monitor);
      },
    };
  }

  /** What changes for one who looked through `before` and now looks through `after` (form 2); undefined when nothing does. */
  transition(before: readonly TableRequest[], after: readonly TableRequest[]): string | undefined {
    let text = "";
    for (const [index, request] of after.entries()) {
      const previous = before[index];
      if (!previous || previous.where === request.where) continue;
      const view = new View("", { ...request, where: "every row" }, 2);
      let rows = "";
      for (const row of this.#engine.rows(request.table.name).values()) {
        const old = sees(previous.where, row) ? row : null;
        const now = sees(request.where, row) ? row : null;
        if (old !== now) rows += view.rowUpdate(row._uuid, old, now);
      }
      if (rows !== "") text += `,"${request.table.name}":{${rows.slice(1)}}`;
    }
    return text === "" ? undefined : `{${text.slice(1)}}`;
  }

  close(): void {
    this.#stop();
  }

  #commit(delta: Delta): void {
    const touched = new Set<Monitor>();
    for (const table of delta.keys()) {
      for (const view of this.#viewsByTable.get(table) ?? []) {
        for (const monitor of view.monitors) touched.add(monitor);
      }
    }
    const encoded = new Map<View, string>();
    for (const monitor of touched) {
      let text: string | undefined;
      for (const member of [...monitor.members]) {
        if (member.merged || member.subscriber.congested()) {
          merge(monitor, member, delta);
          continue;
        }
        text ??= changesText(monitor, delta, encoded);
        if (text !== "") member.subscriber.deliver(`{${text.slice(1)}}`);
      }
    }
  }

  #initialText(monitor: Monitor): string {
    let text = "";
    for (const view of monitor.views) {
      const rows = view.initial(this.#engine.rows(view.table).values());
      if (rows !== "") text += `,"${view.table}":{${rows.slice(1)}}`;
    }
    return text;
  }

  #monitor(requests: readonly TableRequest[], form: UpdateForm): Monitor {
    const views = requests.map((request) => this.#view(request, form));
    const key = views.map((view) => view.key).join("\n");
    let monitor = this.#monitors.get(key);
    if (!monitor) {
      monitor = { key, views, members: new Set() };
      this.#monitors.set(key, monitor);
      for (const view of views) view.monitors.add(monitor);
    }
    return monitor;
  }

  #view(request: TableRequest, form: UpdateForm): View {
    const key = `${form} ${requestKey(request)}`;
    let view = this.#views.get(key);
    if (!view) {
      view = new View(key, request, form);
      this.#views.set(key, view);
      const ofTable = this.#viewsByTable.get(view.table) ?? new Set();
      this.#viewsByTable.set(view.table, ofTable.add(view));
    }
    return view;
  }

  #drop(monitor: Monitor): void {
    this.#monitors.delete(monitor.key);
    for (const view of monitor.views) {
      view.monitors.delete(monitor);
      if (view.monitors.size > 0) continue;
      this.#views.delete(view.key);
      this.#viewsByTable.get(view.table)?.delete(view);
    }
  }
}

interface Monitor {
  readonly key: string;
  readonly views: readonly View[];
  readonly members: Set<Member>;
}

interface Member {
  readonly subscriber: Subscriber;
  /** What a slow client has still to be told; undefined while it keeps up. */
  merged: MergedChanges | undefined;
}

function merge(monitor: Monitor, member: Member, delta: Delta): void {
  const merged = member.merged ?? new MergedChanges();
  member.merged = merged;
  for (const view of monitor.views) {
    const changes = delta.get(view.table);
    if (changes) merged.add(view.table, changes.values(), (change) => view.shows(change));
  }
  if (merged.size <= member.subscriber.maxMergedRows) return;
  monitor.members.delete(member);
  member.merged = undefined;
  member.subscriber.overflow();
}

function flush(monitor: Monitor, member: Member): void {
  const { merged } = member;
  if (!merged || !monitor.members.has(member)) return;
  member.merged = undefined;
  const text = changesText(monitor, merged.delta);
  if (text !== "") member.subscriber.deliver(`{${text.slice(1)}}`);
}

/** `,"Table":{…}` of each table in which something changed for the monitor. `encoded`: what other monitors have asked of `delta`. */
function changesText(monitor: Monitor, delta: Delta, encoded?: Map<View, string>): string {
  let text = "";
  for (const view of monitor.views) {
    const update = encoded?.get(view) ?? view.tableUpdate(delta);
    encoded?.set(view, update);
    text += update;
  }
  return text;
}

class View {
  readonly key: string;
  readonly monitors = new Set<Monitor>();
  readonly #request: TableRequest;
  readonly #form: UpdateForm;
  readonly #initialColumns: readonly ColumnSchema[];
  readonly #insertColumns: readonly ColumnSchema[];
  readonly #deleteColumns: readonly ColumnSchema[];
  readonly #modifyColumns: readonly ColumnSchema[];

  constructor(key: string, request: TableRequest, form: UpdateForm) {
    const chosen = (kind: keyof MonitoredColumn["select"]) =>
      request.columns.filter(({ select }) => select[kind]).map(({ column }) => column);
    this.key = key;
    this.#request = request;
    this.#form = form;
    this.#initialColumns = chosen("initial");
    this.#insertColumns = chosen("insert");
    this.#deleteColumns = chosen("delete");
    this.#modifyColumns = chosen("modify");
  }

  get table(): string {
    return this.#request.table.name;
  }

  /** `,"uuid":{…}` of each row seen at the start. */
  initial(rows: Iterable<Row>): string {
    if (!this.#request.select.initial) return "";
    let text = "";
    for (const row of rows) {
      if (!sees(this.#request.where, row)) continue;
      text +=
        this.#form === 1
          ? `,"${row._uuid}":{"new":${rowText(row, this.#initialColumns)}}`
          : `,"${row._uuid}":{"initial":${sparseText(row, this.#initialColumns)}}`;
    }
    return text;
  }

  /** `,"Table":{…}` of the changes that are seen, or nothing. */
  tableUpdate(delta: Delta): string {
    const changes = delta.get(this.table);
    if (!changes) return "";
    const { where } = this.#request;
    let rows = "";
    for (const { uuid, old, new: now } of changes.values()) {
      rows += this.rowUpdate(uuid, old && sees(where, old) ? old : null, now && sees(where, now) ? now : null);
    }
    return rows === "" ? "" : `,"${this.table}":{${rows.slice(1)}}`;
  }

  /** Whether the row is seen before or after the change. */
  shows({ old, new: now }: RowChange): boolean {
    const { where } = this.#request;
    return (old !== null && sees(where, old)) || (now !== null && sees(where, now));
  }

  rowUpdate(uuid: Uuid, old: Row | null, now: Row | null): string {
    const body = this.#form === 1 ? this.#update(old, now) : this.#update2(old, now);
    return body === "" ? "" : `,"${uuid}":${body}`;
  }

  #update(old: Row | null, now: Row | null): string {
    const { select } = this.#request;
    if (old && now) {
      let changed = "";
      for (const column of this.#modifyColumns) {
        const before = old[column.name] as Datum;
        if (!equalDatums(before, now[column.name] as Datum)) changed += memberText(column, before);
      }
      if (changed === "") return "";
      return `{"old":{${changed.slice(1)}},"new":${rowText(now, this.#modifyColumns)}}`;
    }
    if (now) return select.insert ? `{"new":${rowText(now, this.#insertColumns)}}` : "";
    return old && select.delete ? `{"old":${rowText(old, this.#deleteColumns)}}` : "";
  }

  #update2(old: Row | null, now: Row | null): string {
    const { select } = this.#request;
    if (old && now) {
      let changed = "";
      for (const column of this.#modifyColumns) {
        const [before, after] = [old[column.name] as Datum, now[column.name] as Datum];
        if (!equalDatums(before, after)) changed += memberText(column, diffDatums(column, before, after));
      }
      return changed === "" ? "" : `{"modify":{${changed.slice(1)}}}`;
    }
    if (now) return select.insert ? `{"insert":${sparseText(now, this.#insertColumns)}}` : "";
    return old && select.delete ? '{"delete":null}' : "";
  }
}

function sees(where: RowFilter, row: Row): boolean {
  return where === "every row" || where.some((clause) => matches(row, [clause]));
}

/** The row without the columns that hold their default, as form 2 has it. */
function sparseText(row: Row, columns: readonly ColumnSchema[]): string {
  return rowText(
    row,
    columns.filter((column) => !equalDatums(row[column.name] as Datum, defaultDatum(column))),
  );
}
