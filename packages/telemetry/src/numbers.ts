/**
 * Numbers on their way into a message and out of it. A driver's nonsense must not cost the report it stands in: what is
 * out of range becomes the nearest value that fits, a fraction is cut off, and what is no number becomes 0.
 */

export function uint32(value: number): number {
  return whole(value, 0, 0xffff_ffff);
}

export function int32(value: number): number {
  return whole(value, -0x8000_0000, 0x7fff_ffff);
}

export function uint64(value: number): bigint {
  return BigInt(whole(value, 0, Number.MAX_SAFE_INTEGER));
}

/** Above 2^53 the nearest number: a byte count is off by a few bytes after nine petabytes. */
export function fromUint64(value: bigint): number {
  return Number(value);
}

/** A double; 0 for what is no finite number. */
export function real(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Absent for 0, which is how counters, percentages and what is unknown are left out. */
export function unlessZero<T extends number | bigint>(value: T): T | undefined {
  return Number(value) === 0 ? undefined : value;
}

/** `uint32` and `unlessZero` in one; absent stays absent. */
export function counter(value: number | undefined): number | undefined {
  return value === undefined ? undefined : unlessZero(uint32(value));
}

/** `uint64` and `unlessZero` in one. */
export function longCounter(value: number): bigint | undefined {
  return unlessZero(uint64(value));
}

function whole(value: number, least: number, most: number): number {
  if (Number.isNaN(value)) return 0;
  // Adding 0 makes a plain zero of a negative one.
  return Math.trunc(Math.min(most, Math.max(least, value))) + 0;
}
