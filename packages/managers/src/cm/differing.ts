/** Which columns of a row would change: so that nothing is written that is there already. */

/** The part of `written` that `row` does not show. Maps may be written as objects. */
export function differing<T extends object>(row: object, written: T): Partial<T> {
  const shown = row as { readonly [column: string]: unknown };
  return Object.fromEntries(
    Object.entries(written).filter(([column, value]) => !same(shown[column], value)),
  ) as Partial<T>;
}

function same(shown: unknown, written: unknown): boolean {
  if (shown === written) return true;
  if (Array.isArray(shown)) {
    return Array.isArray(written) && shown.length === written.length && shown.every((each) => written.includes(each));
  }
  if (!(shown instanceof Map)) return false;
  const entries = written instanceof Map ? [...written] : Object.entries((written as object | null) ?? {});
  return entries.length === shown.size && entries.every(([key, value]) => shown.get(key) === value);
}
