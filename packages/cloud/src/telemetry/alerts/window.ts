/** How often something happened within the last so many ms: counted in parts of that time, so it takes the same room however often. Pure. */

import * as limits from "../limits.ts";

export interface Window {
  /** The oldest first. */
  readonly parts: readonly { readonly from: number; readonly count: number }[];
}

export const emptyWindow: Window = { parts: [] };

export function count(window: Window, at: number, amount: number, lengthMs: number): Window {
  const from = at - (at % partMs(lengthMs));
  const parts = window.parts.filter((part) => part.from !== from);
  const before = window.parts.find((part) => part.from === from)?.count ?? 0;
  const all = [...parts, { from, count: before + amount }].sort((a, b) => a.from - b.from);
  return { parts: all.slice(-limits.windowParts - 1) };
}

export function total(window: Window, now: number, lengthMs: number): number {
  return window.parts.reduce((sum, { from, count: each }) => (from > now - lengthMs ? sum + each : sum), 0);
}

function partMs(lengthMs: number): number {
  return Math.max(1, lengthMs / limits.windowParts);
}
