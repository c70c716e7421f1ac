/** What a version has changed, in one line. Pure. */

export interface Summary {
  readonly first: string;
  /** `and 3 more`; null: that was all. */
  readonly more: string | null;
  readonly others: readonly string[];
}

/** Undefined: it has changed nothing. */
export function summaryOf(changes: readonly { readonly words: string }[]): Summary | undefined {
  const [first, ...others] = changes.map(({ words }) => words);
  if (first === undefined) return undefined;
  return { first, more: others.length === 0 ? null : `and ${others.length} more`, others };
}
