/** Planned writes in answers: rows with what their columns are and would be, without secrets. Pure. */

import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { NodeView } from "../../location.ts";
import type { PlannedWrites } from "../../planned-writes.ts";
import type { Change } from "../../reconcile.ts";
import { type Columns, showDatum } from "../../rows.ts";
import type { documentRoutes } from "../contract/documents.ts";
import { plannedText } from "../limits.ts";

type Answer = z.input<(typeof documentRoutes)["GET /locations/:location/versions/:version/rows"]["answer"]>;
type PlannedNode = Answer["items"][number];
type PlannedRow = NonNullable<PlannedNode["rows"]>[number];

/**
 * `view`: undefined where the version that holds does not state the node. `anyway`: what is about to be written for that version, such as
 * of a client that has come just now; it is no change of this one.
 */
export function plannedNode(
  node: string,
  view: NodeView | undefined,
  planned: PlannedWrites | undefined,
  anyway?: PlannedWrites,
): PlannedNode {
  if (planned) {
    const { refusals } = planned;
    const changes = planned.changes.filter(
      (change) => !anyway?.changes.some((other) => isDeepStrictEqual(other, change)),
    );
    return {
      node,
      rows: merged(changes.map(rowOf)),
      reason: null,
      refused: refusals.map((refusal) => ({ ...refusal })),
    };
  }
  const reason = !view
    ? "the version that holds does not state this node, so nothing is known of it yet"
    : view.connection === "connected"
      ? "its tables are not read yet"
      : "it is not connected: it is written when it comes back";
  return { node, rows: null, reason, refused: [] };
}

function rowOf(change: Change): PlannedRow {
  const { kind, id, table } = change;
  switch (kind) {
    case "insert": {
      const columns = columnsOf(change.row, undefined);
      const { references } = change;
      if (references) columns.push({ column: references.column, before: null, after: `${references.to.length} rows` });
      return { kind, id, table, columns, reason: null };
    }
    case "update":
      return { kind, id, table, columns: columnsOf(change.row, change.was), reason: null };
    case "references": {
      const after = `+${change.add.length} −${change.remove.length} rows`;
      return { kind: "update", id, table, columns: [{ column: change.column, before: null, after }], reason: null };
    }
    case "delete":
      return { kind, id, table, columns: [], reason: change.reason };
  }
}

/** Columns and references of one row are planned apart, and read together. */
function merged(rows: readonly PlannedRow[]): PlannedRow[] {
  const found: PlannedRow[] = [];
  for (const row of rows) {
    const same = row.kind === "update" ? found.find(({ id, kind }) => id === row.id && kind !== "delete") : undefined;
    if (same) same.columns.push(...row.columns);
    else found.push(row);
  }
  return found;
}

function columnsOf(row: Columns, was: Columns | undefined): PlannedRow["columns"] {
  return Object.entries(row).map(([column, value]) => ({
    column,
    before: was ? cut(showDatum(column, was[column])) : null,
    after: cut(showDatum(column, value)),
  }));
}

function cut(text: string): string {
  return text.length > plannedText ? `${text.slice(0, plannedText - 1)}…` : text;
}
