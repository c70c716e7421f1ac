/** A value of a row as people read it. */

import { isArray, type JsonObject, type JsonValue, stringifyJson } from "@opensync-ts/ovsdb/json";
import { isUuid } from "./expression.ts";

export type Row = JsonObject;

export interface ValueStyle {
  /** `["uuid",X]` as `X`, a set of them as `[X,Y]`. */
  readonly compactUuids: boolean;
  /** UUIDs by their first and last four characters: `2f77~b9c1`. */
  readonly abbreviateUuids: boolean;
  /** Control characters as escapes: for output in lines, which a stranger's SSID or host name must not tear or steer. */
  readonly escapeControls: boolean;
}

/** Values as they are, for programs. */
export const plainStyle: ValueStyle = { compactUuids: false, abbreviateUuids: false, escapeControls: false };

export function valueText(value: JsonValue | undefined, style: ValueStyle): string {
  const text = rawText(value, style);
  return style.escapeControls ? text.replaceAll(/\p{Cc}/gu, escapeControl) : text;
}

function rawText(value: JsonValue | undefined, style: ValueStyle): string {
  switch (typeof value) {
    case "undefined":
      return "(null)";
    case "string":
      return isUuid(value) ? uuidText(value, style) : value;
    case "number":
      return Number.isInteger(value) ? String(value) : value.toFixed(4);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return compact(value, style) ?? stringifyJson(value);
  }
}

/** Undefined where the value is not made of UUIDs or shall stay as it is. */
function compact(value: JsonValue, style: ValueStyle): string | undefined {
  if (!style.compactUuids) return undefined;
  const uuid = uuidOf(value);
  if (uuid !== undefined) return uuidText(uuid, style);
  if (!isArray(value) || value[0] !== "set" || !isArray(value[1]) || value[1].length === 0) return undefined;
  const uuids = value[1].map(uuidOf);
  if (!uuids.every((member) => member !== undefined)) return undefined;
  return `[${uuids.map((member) => uuidText(member, style)).join(",")}]`;
}

function uuidOf(value: JsonValue): string | undefined {
  return isArray(value) && value.length === 2 && value[0] === "uuid" && typeof value[1] === "string"
    ? value[1]
    : undefined;
}

function uuidText(uuid: string, style: ValueStyle): string {
  return style.abbreviateUuids ? `${uuid.slice(0, 4)}~${uuid.slice(-4)}` : uuid;
}

function escapeControl(character: string): string {
  const escapes: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
