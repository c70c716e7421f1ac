/** A column's value as it is typed, and back. Pure; whether the node takes it, the cloud says. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { Column, Row } from "./table-view.ts";

export type Read = { readonly value: unknown } | { readonly problem: string };

/** Of sets and maps, JSON; what is unset is empty. A secret is never known, so its box is empty. */
export function textOf(column: Column, row: Row): string {
  if (row.masked.includes(column.name)) return "";
  const value = row.cells[column.name];
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function valueFrom({ shape, type }: Pick<Column, "shape" | "type">, text: string): Read {
  const typed = text.trim();
  switch (shape) {
    case "set":
    case "map":
      return containerFrom(shape, typed);
    case "optional":
      return typed === "" ? { value: null } : atomFrom(type, text);
    case "scalar":
      return atomFrom(type, text);
  }
}

export function hintFor({ takes, shape, secret }: Pick<Column, "takes" | "shape" | "secret">): string {
  const form =
    shape === "set"
      ? ' Write ["a", "b"]; [] is none.'
      : shape === "map"
        ? ' Write {"key": "value"}; {} is none.'
        : shape === "optional"
          ? " Empty is unset."
          : "";
  return `Takes ${takes}.${form}${secret ? " What it is now is secret and not shown: all of it is replaced." : ""}`;
}

/** What the row showed of the columns that are to change, but for secrets. */
export function guardOf(row: Row, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    columns.filter((name) => !row.masked.includes(name) && name in row.cells).map((name) => [name, row.cells[name]]),
  );
}

function atomFrom(type: Column["type"], text: string): Read {
  const typed = text.trim();
  switch (type) {
    case "string":
      return { value: text };
    case "uuid":
      return { value: typed };
    case "boolean":
      return typed === "true" || typed === "false"
        ? { value: typed === "true" }
        : { problem: "is neither true nor false" };
    case "integer":
      if (!/^-?\d{1,19}$/.test(typed)) return { problem: "is not a whole number" };
      // Numbers that JSON cannot hold go as texts.
      return { value: Number.isSafeInteger(Number(typed)) ? Number(typed) : typed };
    case "real":
      return typed !== "" && Number.isFinite(Number(typed)) ? { value: Number(typed) } : { problem: "is not a number" };
  }
}

function containerFrom(shape: "set" | "map", typed: string): Read {
  if (typed === "") return { value: shape === "set" ? [] : {} };
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch {
    return { problem: "is not JSON" };
  }
  const isSet = Array.isArray(value);
  if (shape === "set") return isSet ? { value } : { problem: 'is not a list; write ["a", "b"]' };
  const isMap = typeof value === "object" && value !== null && !isSet;
  return isMap ? { value } : { problem: 'is not a map; write {"key": "value"}' };
}

/** What has become of an edit. */
export interface Done {
  readonly tone: "good" | "warn";
  readonly text: string;
}

type Answer = Pick<
  AnswerTo<"POST /locations/:location/nodes/:node/tables/:table/rows/:row">,
  "written" | "doubts" | "repairs"
>;

/** Written is not done: not where the radio cannot, nor where the document states something else. */
export function doneWords(named: string, { written, doubts, repairs }: Answer): Done {
  if (!written) return { tone: "good", text: `${named} was so already: nothing was written.` };
  const [doubt] = doubts;
  if (doubt !== undefined) return { tone: "warn", text: `${named} is written. The radio cannot do it: ${doubt}.` };
  if (repairs !== null && repairs.length > 0)
    return { tone: "warn", text: `${named} is written. The cloud brings back what the home’s document states.` };
  return { tone: "good", text: `${named} is written.` };
}
