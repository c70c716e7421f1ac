/** How steering goes about in one location: a setting of it, `steering`. */

import { UserError } from "@opensync-ts/base/errors";
import { z } from "zod";
import { policySchema } from "../optimiser/policy.ts";

/**
 * | mode        | nodes steer                        | moves                                 |
 * |-------------|------------------------------------|---------------------------------------|
 * | `on`        | by the classes of devices          | are decided, journalled and asked for |
 * | `recommend` | by the classes of devices          | are decided and journalled            |
 * | `off`       | by what their own tables say       | none                                  |
 */
export const steeringModes = ["on", "recommend", "off"] as const;
export type SteeringMode = (typeof steeringModes)[number];

export const settingsForm = z.strictObject({
  mode: z.enum(steeringModes, { error: "is none of on, recommend, off" }).optional(),
  /** Of the optimiser; what is left out is as by default. */
  policy: policySchema.omit({ enabled: true }).partial().optional(),
});

export type SteeringSettings = z.output<typeof settingsForm>;

/** The key of the setting. */
export const steeringSetting = "steering";

/** Throws a `UserError`: which member, what is wrong. */
export function checkSettings(value: unknown): SteeringSettings {
  const result = settingsForm.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = [steeringSetting, ...(issue?.path ?? [])].join(".");
  throw new UserError(`${at}: ${issue?.message}`);
}
