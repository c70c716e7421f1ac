/** Bounds of NFM. */
export const nfmLimits = {
  /** Rules in force, after tags were filled in. */
  rules: 4_096,
  /** Rules of one row. */
  rulesPerRow: 1_024,
  /** Tags in one rule. */
  tagsPerRule: 8,
} as const;
