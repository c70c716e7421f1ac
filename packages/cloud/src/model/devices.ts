/** Devices of a home: clients that its owner has something to say of. */

import { z } from "zod";
import { mac } from "../wifi-fields.ts";

export const profileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "is not the name of a profile; use lower-case letters, digits and '-'");

export const device = z.strictObject({
  mac,
  nickname: z.string().min(1, "is empty; leave it out for none").max(64).optional(),
  /** Which thresholds steering uses; left out: those of its class. */
  profile: profileName.optional(),
  /** Guests reach it too. */
  shared: z.boolean().default(false),
});

export type Device = z.output<typeof device>;
