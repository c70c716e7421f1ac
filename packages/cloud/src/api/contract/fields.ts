/** Fields that several routes have, each with what to write instead. What stands in paths and queries is text at first. */

import { z } from "zod";
import * as store from "../../limits.ts";
import type { ShownDocument } from "../../model/shown-document.ts";
import * as limits from "../limits.ts";

/** Of tenants, locations, users, tokens: as the cloud made it. */
export const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "is not an id; copy it from a list");

export const name = z
  .string()
  .regex(/^[^\p{Cc}]{1,128}$/u, "is not usable; give 1 to 128 characters without line breaks")
  .refine((text) => text.trim() === text, "begins or ends with a space; remove it");

export const mac = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, "is not a MAC address; write aa:bb:cc:dd:ee:ff");

export const instant = z.iso.datetime({
  offset: true,
  error: ({ input }) =>
    input === undefined
      ? "is missing; give a point in time, such as 2026-08-01T18:00:00Z"
      : "is no point in time; write it as 2026-08-01T18:00:00Z or 2026-08-01T18:00:00+02:00",
});

/** In answers: ISO 8601, UTC. */
export const when = z.string();

/** A whole number in a path or query. */
export function whole(min: number, max: number) {
  const error = `is not a whole number from ${min} to ${max}`;
  return z
    .string(error)
    .regex(/^-?\d{1,15}$/, error)
    .transform(Number)
    .pipe(z.int(error).min(min, error).max(max, error));
}

/** `1` or `true`; left out: no. */
export const flag = z
  .enum(["0", "1", "false", "true"], "is neither 1 nor 0")
  .transform((text) => text === "1" || text === "true")
  .pipe(z.boolean())
  .default(false);

const newest = 2_147_483_647;

export const versionNumber = z
  .int(`is not the number of a version; give a whole number from 0`)
  .min(0, "is below 0")
  .max(newest, "is no version");

/** Of the newest version that the caller has seen (`head` of a location). */
export const basedOn = versionNumber;

export const serialNumber = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, "is not usable; give 1 to 64 printable ASCII characters without spaces");

export const settingKey = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9.-]{0,63}$/, "is not usable; use letters, digits, '.' and '-'");

const text = (most: number) => z.string().min(1, "is empty").max(most, `is longer than ${most} characters`);

export const pathParameters = {
  tenant: id,
  location: id,
  user: id,
  token: id,
  node: text(64),
  serialNumber,
  mac,
  version: whole(1, newest),
  ssid: text(32),
  key: z.string().regex(/^key(-[1-9]\d?)?$/, "is not a key id; write key, or key-1 to key-99"),
  settingKey,
  radio: text(32),
  table: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "is no name of a table; copy it from the list of tables"),
  row: z
    .string()
    .regex(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      "is no identity of a row; copy it from the rows of the table",
    ),
  channel: whole(1, 253),
  fault: whole(1, newest),
} as const;

export const why = text(store.whyLength).optional();

/** Of lists: how many at once. */
export const limit = whole(1, store.storePage).default(100);

/** One page of a list; `next` is what the following one is asked for with, null: there is none. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const span = {
  from: instant,
  to: instant,
  /** Seconds between two points; left out: what fits the span. */
  step: whole(60, 86_400).optional(),
};

/** A document of a location, as a home file has it. Where a secret is null, it stays as it is. */
export const document = z.record(z.string(), z.unknown());

/** Of an answer: a secret is null unless it was asked for. It was checked when it was saved. */
export const shownDocument = z.custom<ShownDocument>();

export const done = z.null();

export const password = z
  .string()
  .min(limits.passwordLength, `is shorter than ${limits.passwordLength} characters; take a longer one`)
  .max(limits.longestPassword, `is longer than ${limits.longestPassword} characters`);

/** `role` on the whole cloud (`tenant` null) or on one tenant. */
export const tenantScope = id.nullable();
