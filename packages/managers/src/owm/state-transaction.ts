/** Changes of state rows as operations of a transaction. */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { NamedUuid, Reference } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { isEmpty } from "./record.ts";
import type { Change, Level } from "./write-plan.ts";

/** What came of a change: where its result will be found. */
export interface ChangeHandle {
  /** The row it adds. */
  readonly inserted?: NamedUuid;
  /** The index of the operation that updates a row which has to exist. */
  readonly updated?: number;
  /** How many operations it took. */
  readonly operations: number;
}

const tables = {
  radio: "Wifi_Radio_State",
  vif: "Wifi_VIF_State",
  client: "Wifi_Associated_Clients",
} as const satisfies Record<Level, string>;

export function tableOf(level: Level): (typeof tables)[Level] {
  return tables[level];
}

/** `first`: the index that the change's first operation gets. */
export function applyChange(builder: TransactionBuilder<OpenSync>, change: Change, first: number): ChangeHandle {
  switch (change.op) {
    case "delete":
      // References to it are weak: they vanish with the row.
      builder.delete(tables[change.level], [["_uuid", "==", change.uuid]]);
      return { operations: 1 };
    case "insert": {
      const inserted = insert(builder, change);
      if (change.parent === null) return { inserted, operations: 1 };
      refer(builder, change.level, change.parent, "insert", inserted);
      return { inserted, operations: 2 };
    }
    case "update": {
      let operations = 0;
      if (!isEmpty(change.columns)) {
        update(builder, change);
        operations++;
      }
      if (change.move) {
        if (change.move.from !== null) {
          refer(builder, change.level, change.move.from, "delete", change.uuid);
          operations++;
        }
        refer(builder, change.level, change.move.to, "insert", change.uuid);
        operations++;
      }
      return isEmpty(change.columns) ? { operations } : { updated: first, operations };
    }
  }
}

function insert(builder: TransactionBuilder<OpenSync>, change: Change & { op: "insert" }): NamedUuid {
  switch (change.level) {
    case "radio":
      return builder.insert("Wifi_Radio_State", change.columns);
    case "vif":
      return builder.insert("Wifi_VIF_State", change.columns);
    case "client":
      return builder.insert("Wifi_Associated_Clients", change.columns);
  }
}

function update(builder: TransactionBuilder<OpenSync>, change: Change & { op: "update" }): void {
  switch (change.level) {
    case "radio":
      builder.update("Wifi_Radio_State", [["_uuid", "==", change.uuid]], change.columns);
      break;
    case "vif":
      builder.update("Wifi_VIF_State", [["_uuid", "==", change.uuid]], change.columns);
      break;
    case "client":
      builder.update("Wifi_Associated_Clients", [["_uuid", "==", change.uuid]], change.columns);
      break;
  }
}

/** Adds a row to, or takes it from, the references of the row it belongs to. */
function refer(
  builder: TransactionBuilder<OpenSync>,
  level: Level,
  parent: string,
  mutator: "insert" | "delete",
  row: Reference,
): void {
  if (level === "vif")
    builder.mutate("Wifi_Radio_State", [["if_name", "==", parent]], [["vif_states", mutator, [row]]]);
  if (level === "client")
    builder.mutate("Wifi_VIF_State", [["if_name", "==", parent]], [["associated_clients", mutator, [row]]]);
}
