/** Signs beside words, so that no colour tells anything alone. They are drawn in the text's colour, which emoji are not. */

export const toneMarks = { good: "●", warn: "▲", bad: "✕", unknown: "?" } as const;
export const workMarks = { proven: "✓", failed: "✕", working: "…", waiting: "○" } as const;
