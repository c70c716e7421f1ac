/** That entries of a list differ in what tells them apart. */

import type { z } from "zod";

/** Adds an issue for each entry of `list` (at `at`) whose identity an earlier one has; `member` is where the entry states it. */
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
