/** Clients as rows of a table, sorted by a column. Pure. */

import { rateText } from "../../ui/words.ts";
import type { PicturedClient } from "./picture.ts";

export const columns = ["name", "node", "band", "snr", "rate", "traffic", "since"] as const;
export type Column = (typeof columns)[number];

export interface Sorting {
  readonly column: Column;
  readonly isDown: boolean;
}

/** Columns whose greatest values are wanted first. */
const downFirst: ReadonlySet<Column> = new Set(["rate", "traffic"]);

/** What is chosen by a press on the column's head. */
export function nextSorting(now: Sorting, column: Column): Sorting {
  return now.column === column ? { column, isDown: !now.isDown } : { column, isDown: downFirst.has(column) };
}

/** What is not known comes last, whichever way. */
export function sortedClients(
  clients: readonly PicturedClient[],
  { column, isDown }: Sorting,
): readonly PicturedClient[] {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const value = columnValue[column];
  return clients.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) {
      if (left === right) return a.mac < b.mac ? -1 : 1;
      return left === null ? 1 : -1;
    }
    const order =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : collator.compare(String(left), String(right));
    return (isDown ? -order : order) || (a.mac < b.mac ? -1 : 1);
  });
}

const columnValue: Readonly<Record<Column, (client: PicturedClient) => string | number | null>> = {
  name: ({ name }) => name,
  node: ({ node }) => node,
  band: ({ band, channel }) => `${band} ${channel ?? ""}`,
  snr: ({ snrDb }) => snrDb,
  rate: ({ txLinkMbps }) => txLinkMbps,
  traffic: ({ rxMbps, txMbps }) => (rxMbps === null && txMbps === null ? null : (rxMbps ?? 0) + (txMbps ?? 0)),
  since: ({ since }) => (since === null ? null : Date.parse(since)),
};

/** The head of the column has the unit; `–` where not known. */
export function mbpsText(mbps: number | null): string {
  return mbps === null ? "–" : rateText(mbps);
}
