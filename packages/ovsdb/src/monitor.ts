/**
 * Who watches what, and the text they are sent. What several clients watch alike is encoded once: a *view* is one
 * table as some columns show it, a *monitor* is a set of views; both are shared by all who ask for the same.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { matches } from "./condition.ts";
import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { defaultDatum } from "./datum-json.ts";
import { diffDatums, equalDatums } from "./datum-ops.ts";
import type { Engine } from "./engine.ts";
import { type MonitoredColumn, type RowFilter, requestKey, type TableRequest } from "./monitor-request.ts";
import { memberText, rowText } from "./row-text.ts";
import type { ColumnSchema } from "./schema.ts";

/** `1`: `<table-updates>` of RFC 7047 §4.1.6; `2`: `<table-updates2>` of ovsdb-server(7) §4.1.14, with differences only. */
export type UpdateForm = 1 | 2;

export interface Subscription {
  /** The initial `<table-updates>` as JSON text. */
  readonly initial: string;
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

  /** `deliver` gets the `<table-updates>` of each later commit that shows in the monitor, as JSON text. */
  subscribe(
    requests: readonly TableRequest[],
    form: UpdateForm,
    deliver: (tableUpdates: string) => void,
  ): Subscription {
    const monitor = this.#monitor(requests, form);
    const subscriber = { deliver };
    monitor.subscribers.add(subscriber);
    return {
      initial: this.#initial(monitor.views),
      cancel: () => {
        if (monitor.subscribers.delete(subscriber) && monitor.subscribers.size === 0) this.#drop(monitor);
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
    const touched = new Map<Monitor, string>();
    for (const [table, changes] of delta) {
      for (const view of this.#viewsByTable.get(table) ?? []) {
        const rows = view.changes(changes);
        if (rows === "") continue;
        const text = `,"${table}":{${rows.slice(1)}}`;
        for (const monitor of view.monitors) touched.set(monitor, (touched.get(monitor) ?? "") + text);
      }
    }
    for (const [monitor, text] of touched) {
      const updates = `{${text.slice(1)}}`;
      for (const subscriber of [...monitor.subscribers]) subscriber.deliver(updates);
    }
  }

  #initial(views: readonly View[]): string {
    let text = "";
    for (const view of views) {
      const rows = view.initial(this.#engine.rows(view.table).values());
      if (rows !== "") text += `,"${view.table}":{${rows.slice(1)}}`;
    }
    return `{${text.slice(1)}}`;
  }

  #monitor(requests: readonly TableRequest[], form: UpdateForm): Monitor {
    const views = requests.map((request) => this.#view(request, form));
    const key = views.map((view) => view.key).join("\n");
    let monitor = this.#monitors.get(key);
    if (!monitor) {
      monitor = { key, views, subscribers: new Set() };
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
  readonly subscribers: Set<{ deliver(tableUpdates: string): void }>;
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

  /** `,"uuid":{…}` of each row whose change is seen. */
  changes(changes: ReadonlyMap<Uuid, RowChange>): string {
    const { where } = this.#request;
    let text = "";
    for (const { uuid, old, new: now } of changes.values()) {
      text += this.rowUpdate(uuid, old && sees(where, old) ? old : null, now && sees(where, now) ? now : null);
    }
    return text;
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
