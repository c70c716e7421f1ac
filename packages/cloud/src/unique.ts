/** Entries of a list in a home file that have to differ. */

import type { z } from "zod";

/** One problem for each entry that repeats another's `identity`, at its `member`. An `undefined` one repeats nothing. */
export function unique<T>(
  context: z.core.$RefinementCtx,
  list: readonly T[],
  at: string,
  identity: (entry: T) => string | undefined,
  member: string,
): void {
  const seen = new Map<string, number>();
  list.forEach((entry, index) => {
    const own = identity(entry);
    if (own === undefined) return;
    const first = seen.get(own);
    if (first === undefined) seen.set(own, index);
    else {
      const path = typeof entry === "object" ? [at, index, member] : [at, index];
      context.addIssue({ code: "custom", path, message: `is the same as in ${at}[${first}]; each must differ` });
    }
  });
}
