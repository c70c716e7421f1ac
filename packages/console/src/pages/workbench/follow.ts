/** What has become of rows since they were seen last: marked for a moment, so that one sees it happen. Pure. */

import { cellText, type Row } from "./table-view.ts";

export const markMs = 6_000;

export type Mark =
  | { readonly kind: "new"; readonly until: number }
  | { readonly kind: "changed"; readonly columns: ReadonlySet<string>; readonly until: number }
  | { readonly kind: "gone"; readonly until: number };

export interface FollowedRow {
  readonly row: Row;
  readonly mark: Mark | undefined;
}

export interface Followed {
  /** Those that there are, and for a moment those that are gone, in their old places. */
  readonly rows: readonly FollowedRow[];
  /** For who does not see marks; empty: nothing has happened. */
  readonly news: string;
}

/** `now`: ms, as the marks' ends. The first time nothing is marked. */
export function followed(before: Followed | undefined, rows: readonly Row[], now: number): Followed {
  if (!before) return { rows: rows.map((row) => ({ row, mark: undefined })), news: "" };
  const until = now + markMs;
  const known = new Map(before.rows.map((each) => [each.row.uuid, each]));
  const counts = { new: 0, changed: 0, gone: 0 };
  const present = rows.map((row): FollowedRow => {
    const old = known.get(row.uuid);
    if (!old || old.mark?.kind === "gone") {
      counts.new++;
      return { row, mark: { kind: "new", until } };
    }
    const columns = differing(old.row, row);
    if (columns.size === 0) return { row, mark: alive(old.mark, now) };
    counts.changed++;
    return { row, mark: { kind: "changed", columns, until } };
  });
  const left = new Set(rows.map(({ uuid }) => uuid));
  const all = [...present];
  for (const [index, { row, mark }] of before.rows.entries()) {
    if (left.has(row.uuid)) continue;
    const isNew = mark?.kind !== "gone";
    if (isNew) counts.gone++;
    const gone: Mark | undefined = isNew ? { kind: "gone", until } : alive(mark, now);
    if (gone) all.splice(Math.min(index, all.length), 0, { row, mark: gone });
  }
  return { rows: all, news: newsText(counts) };
}

/** Without what was marked for long enough. */
export function settled(rows: readonly FollowedRow[], now: number): readonly FollowedRow[] {
  return rows.flatMap(({ row, mark }) => {
    if (mark === undefined || mark.until > now) return [{ row, mark }];
    return mark.kind === "gone" ? [] : [{ row, mark: undefined }];
  });
}

function alive(mark: Mark | undefined, now: number): Mark | undefined {
  return mark && mark.until > now ? mark : undefined;
}

function differing(old: Row, row: Row): ReadonlySet<string> {
  const names = new Set([...Object.keys(old.cells), ...Object.keys(row.cells)]);
  return new Set([...names].filter((name) => cellText(old.cells[name]) !== cellText(row.cells[name])));
}

function newsText({ new: added, changed, gone }: { new: number; changed: number; gone: number }): string {
  const said = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  return [
    ...said(added, "row is new", "rows are new"),
    ...said(changed, "row has changed", "rows have changed"),
    ...said(gone, "row is gone", "rows are gone"),
  ].join(", ");
}
