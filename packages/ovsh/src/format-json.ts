/** JSON output, integers of 64 bits exact. */

import { isArray, isObject, type JsonValue, stringifyJson } from "@opensync-ts/ovsdb/json";
import type { Row } from "./value.ts";

const indent = "    ";

/** The rows as an array, indented by four, members in order of their names. */
export function formatJson(rows: readonly Row[]): string {
  return `${pretty(rows, "")}\n`;
}

/** One result of an operation on one line: `{"count":1}`. */
export function formatResult(result: JsonValue): string {
  return `${stringifyJson(result)}\n`;
}

function pretty(value: JsonValue, margin: string): string {
  const inner = margin + indent;
  if (isArray(value) && value.length > 0) {
    return `[\n${value.map((member) => inner + pretty(member, inner)).join(",\n")}\n${margin}]`;
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    const texts = members.map(([name, member]) => `${inner}${stringifyJson(name)}: ${pretty(member, inner)}`);
    return `{\n${texts.join(",\n")}\n${margin}}`;
  }
  return stringifyJson(value);
}
