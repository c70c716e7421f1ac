/** Moments in addresses and on the screen. Pure. */

/** The member `at` of an address: ISO 8601; what is no moment is left out. */
export function atFrom(value: unknown): { readonly at?: string } {
  if (typeof value !== "string") return {};
  const time = Date.parse(value);
  return Number.isFinite(time) ? { at: new Date(time).toISOString() } : {};
}

/** `12 s`, `5 min`, `3 h`, `2 d`: the largest unit in which it is at least one. `ms` below 0 counts as 0. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `29:05` or `1:00:00`, what is left; below 0 it is over. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
