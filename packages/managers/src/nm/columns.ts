/** Whether a row shows what is about to be written, so that an unchanged state costs no transaction. */

/** Compares the columns of `written` only. Maps may be written as objects. */
export function sameColumns(row: object, written: object): boolean {
  const shown = row as { readonly [column: string]: unknown };
  return Object.entries(written).every(([column, value]) => sameValue(shown[column], value));
}

function sameValue(shown: unknown, written: unknown): boolean {
  if (shown === written) return true;
  if (shown instanceof Map) return sameMap(shown, entriesOf(written));
  return (
    Array.isArray(shown) &&
    Array.isArray(written) &&
    shown.length === written.length &&
    shown.every((member) => written.includes(member))
  );
}

function sameMap(shown: ReadonlyMap<unknown, unknown>, written: readonly (readonly [unknown, unknown])[]): boolean {
  return shown.size === written.length && written.every(([key, value]) => shown.get(key) === value);
}

function entriesOf(written: unknown): readonly (readonly [unknown, unknown])[] {
  if (written instanceof Map) return [...written];
  return typeof written === "object" && written !== null ? Object.entries(written) : [];
}
