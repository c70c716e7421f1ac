/**
 * Enumerations that accept more than release 7.0 does: values that its documents name and its schema lacks, and `""`
 * for "not set". Each widening stands in the declaration, at its column; docs/deviations.md gives the reasons.
 */

import type { BaseType } from "@opensync-ts/ovsdb/declare";

/** The enumerations as released, by their widened form. */
const released = new WeakMap<BaseType<unknown>, BaseType<unknown>>();

/** `base`, and these values besides. */
export function admitting<T extends string, const U extends string>(
  base: BaseType<T>,
  ...values: readonly U[]
): BaseType<T | U> {
  const widened: BaseType<T | U> = { type: base.type, enum: [...(base.enum ?? []), ...values] };
  released.set(widened, asReleased(base));
  return widened;
}

/**
 * `base`, and `""` for "not set". A mandatory string defaults to `""` (RFC 7047 §5.2.1), so an insert that
 * leaves the column out would otherwise be refused.
 */
export function unsettable<T extends string>(base: BaseType<T>): BaseType<T | ""> {
  return admitting(base, "");
}

/** The type as release 7.0 has it. */
export function asReleased(base: BaseType<unknown>): BaseType<unknown> {
  return released.get(base) ?? base;
}
