/** Generations of Wi-Fi, the oldest first. */

export const generations = ["legacy", "n", "ac", "ax", "be"] as const;
export type Generation = (typeof generations)[number];
