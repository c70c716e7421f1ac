/** How what happens in a simulated home is marked. Pure. */

/** Lines that are shown. */
export const shownLines = 60;

export type Tone = "deed" | "bad" | "good" | "plain";

export function toneOf(kind: string): Tone {
  return tones[kind] ?? "plain";
}

const tones: Readonly<Record<string, Tone>> = {
  deed: "deed",
  "node-disconnected": "bad",
  "node-refused": "bad",
  "node-quarantined": "bad",
  "alert-raised": "bad",
  radar: "bad",
  "radio-differs": "bad",
  "node-connected": "good",
  "node-settled": "good",
  "radio-agrees": "good",
  "alert-cleared": "good",
};
