/** Messages of OVSDB with their secrets masked, whichever table they are of. Pure. */

import { isArray, isObject, type JsonValue } from "@opensync-ts/ovsdb/json";
import { isSecretColumn, isSecretKey, mask } from "@opensync-ts/schema/secrets";

/** Rows, conditions, mutations and their like, wherever they stand; structure and lengths of lists stay. */
export function maskMessage(value: JsonValue): JsonValue {
  if (isArray(value)) return isClause(value) ? [value[0] ?? null, value[1] ?? null, hidden(value[2])] : list(value);
  if (!isObject(value)) return value;
  const isKeyed = typeof value.key === "string" && isSecretKey(value.key);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (isSecretColumn(name) || (isKeyed && name === "value")) return [name, hidden(each)];
      // What a node says of a value that it does not take may hold it.
      if (name === "details" && typeof value.error === "string" && typeof each === "string") {
        return [name, each.replaceAll(/"[^"]*"/g, '"…"')];
      }
      return [name, maskMessage(each)];
    }),
  );
}

/** `["wpa_psks", "==", …]`: of a condition or a mutation. */
function isClause(value: readonly JsonValue[]): boolean {
  const [column, test] = value;
  return value.length === 3 && typeof column === "string" && typeof test === "string" && isSecretColumn(column);
}

function list(value: readonly JsonValue[]): JsonValue {
  const [kind, pairs] = value;
  if (kind !== "map" || !isArray(pairs)) return value.map(maskMessage);
  return [
    kind,
    pairs.map((pair) => {
      if (!isArray(pair) || typeof pair[0] !== "string" || !isSecretKey(pair[0])) return pair;
      return [pair[0], hidden(pair[1])];
    }),
  ];
}

/** Everything but the form: a set stays one, keys of a map stay. */
function hidden(value: JsonValue | undefined): JsonValue {
  if (isArray(value)) {
    const [kind, members] = value;
    if (kind === "set" && isArray(members)) return [kind, members.map(hidden)];
    if (kind === "map" && isArray(members)) {
      return [kind, members.map((pair) => (isArray(pair) ? [pair[0] ?? null, hidden(pair[1])] : mask))];
    }
    return value.map(hidden);
  }
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each)]));
  return value === null || value === undefined || value === "" ? (value ?? null) : mask;
}
