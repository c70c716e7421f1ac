/** What of the Workbench is looked at, as it stands in the address: a link opens the same view. Pure. */

export const parts = ["tables", "messages", "reports", "checks"] as const;
export type Part = (typeof parts)[number];

export interface View {
  readonly part: Part;
  readonly table: string;
  /** Words of the filter; empty: all is shown. */
  readonly filter: string;
}

export const firstView: View = { part: "tables", table: "Wifi_Radio_State", filter: "" };

/** Longest text that is taken from an address, in characters. */
const longest = 200;

/** What an address says; what it does not say, or says wrongly, is as at first. */
export function viewFrom(search: Readonly<Record<string, unknown>>): View {
  const part = parts.find((each) => each === search.part) ?? firstView.part;
  return {
    part,
    table: textFrom(search.table) || firstView.table,
    filter: textFrom(search.filter),
  };
}

/** Members of the address for a view; undefined: left out. */
export function searchOf({ part, table, filter }: View): Record<"part" | "table" | "filter", string | undefined> {
  const isTables = part === "tables";
  return {
    part: isTables ? undefined : part,
    table: !isTables || table === firstView.table ? undefined : table,
    filter: filter.trim() === "" ? undefined : filter.slice(0, longest),
  };
}

/** Numbers and the like come as such where an address was typed by hand. */
function textFrom(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value).slice(0, longest)
    : "";
}
