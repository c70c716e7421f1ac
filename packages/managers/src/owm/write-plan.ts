/**
 * The least changes that turn the state rows as written into those desired. Radios come before their vifs, vifs before
 * their clients, so that no reader sees a row without the one that refers to it; rows that go, go first.
 */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { DesiredClient, DesiredRadio, DesiredState, DesiredVif } from "./desired-state.ts";
import { changedColumns, isEmpty } from "./record.ts";
import { unsetAssociatedClient, unsetRadioState, unsetVifState } from "./rows.ts";

export type Level = "radio" | "vif" | "client";

/** Identifies a state row: its level and name (a client's name is its address). */
export type RowKey = `${Level} ${string}`;

interface DesiredAt {
  radio: DesiredRadio;
  vif: DesiredVif;
  client: DesiredClient;
}

export type Written<L extends Level> = DesiredAt[L] & { readonly uuid: Uuid };

/** What the database holds, as far as OWM wrote it. */
export interface WrittenState {
  readonly radio: Map<string, Written<"radio">>;
  readonly vif: Map<string, Written<"vif">>;
  readonly client: Map<string, Written<"client">>;
}

export type Change = ChangeAt<"radio"> | ChangeAt<"vif"> | ChangeAt<"client">;

export type ChangeAt<L extends Level> = { readonly level: L; readonly name: string } & (
  | {
      readonly op: "insert";
      readonly next: DesiredAt[L];
      /** The columns that are not what a new row holds anyway. */
      readonly columns: Partial<DesiredAt[L]["record"]>;
      readonly parent: string | null;
    }
  | {
      readonly op: "update";
      readonly next: DesiredAt[L];
      readonly uuid: Uuid;
      readonly columns: Partial<DesiredAt[L]["record"]>;
      /** The row that referred to it and the one that shall; `null` where that stays as it is. */
      readonly move: { readonly from: string | null; readonly to: string } | null;
    }
  | { readonly op: "delete"; readonly uuid: Uuid }
);

export interface PlanOptions {
  /** Rows to leave alone for now, and with them what hangs below. */
  readonly blocked: (key: RowKey) => boolean;
  /** Rows that somebody else wrote to: all their columns are written. */
  readonly suspect: (key: RowKey) => boolean;
}

const parentLevel = { radio: null, vif: "radio", client: "vif" } as const;
const unset = { radio: unsetRadioState, vif: unsetVifState, client: unsetAssociatedClient };

export function planWrites(written: WrittenState, desired: DesiredState, options: PlanOptions): readonly Change[] {
  const deletes: Change[] = [];
  const writes: Change[] = [];
  const inserted = new Set<RowKey>();

  const level = <L extends Level>(
    at: L,
    rows: ReadonlyMap<string, Written<L>>,
    wanted: ReadonlyMap<string, DesiredAt[L]>,
    parentOf: (next: DesiredAt[L]) => string | null,
    replaces: (last: Written<L>, next: DesiredAt[L]) => boolean,
  ) => {
    const removed: ChangeAt<L>[] = [];
    const changed: ChangeAt<L>[] = [];
    const above: Level | null = parentLevel[at];
    for (const [name, last] of rows) {
      if (!wanted.has(name) && !options.blocked(`${at} ${name}`))
        removed.push({ level: at, name, op: "delete", uuid: last.uuid });
    }
    for (const [name, next] of wanted) {
      const key: RowKey = `${at} ${name}`;
      const parent = parentOf(next);
      const parentKey: RowKey | null = above && parent !== null ? `${above} ${parent}` : null;
      const parentIsNew = parentKey !== null && inserted.has(parentKey);
      const parentExists = !above || parentIsNew || written[above].has(parent ?? "");
      if (options.blocked(key) || !parentExists || (parentKey && options.blocked(parentKey))) continue;

      const last = rows.get(name);
      const replaced = last !== undefined && replaces(last, next);
      if (replaced) removed.push({ level: at, name, op: "delete", uuid: last.uuid });
      if (last === undefined || replaced) {
        const columns = changedColumns<DesiredAt[L]["record"]>(unset[at], next.record);
        changed.push({ level: at, name, op: "insert", next, columns, parent });
        inserted.add(key);
        continue;
      }
      const columns = options.suspect(key) ? next.record : changedColumns(last.record, next.record);
      const from = parentOf(last);
      const moved = parent !== null && (parentIsNew || from !== parent);
      const move = moved ? { from: from === parent ? null : from, to: parent } : null;
      if (move || !isEmpty(columns))
        changed.push({ level: at, name, op: "update", next, uuid: last.uuid, columns, move });
    }
    deletes.unshift(...(removed as Change[]));
    writes.push(...(changed as Change[]));
  };

  level(
    "radio",
    written.radio,
    desired.radios,
    () => null,
    () => false,
  );
  level(
    "vif",
    written.vif,
    desired.vifs,
    ({ phy }) => phy,
    () => false,
  );
  level(
    "client",
    written.client,
    desired.clients,
    ({ vif }) => vif,
    // A station that roamed is a new association, and a new row.
    (last, next) => last.vif !== next.vif && last.connectedAt !== next.connectedAt,
  );
  return [...deletes, ...writes];
}
