/** How careful the optimiser is. Times in milliseconds. */

import { z } from "zod";

const time = z
  .int()
  .min(0)
  .max(30 * 86_400_000);

export const policySchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** Predicted to be better by this factor, less one, and by so many Mbit/s: else nobody is moved. */
  gain: z.number().min(0.01).max(10).default(0.3),
  gainMbps: z.number().min(0).max(1000).default(1),
  /** dB of SNR that a client must be heard with where it is sent. */
  leastSnrDb: z.number().min(0).max(60).default(18),
  /** What is taken off signals that were not measured on a link or by the client itself. */
  cautionDb: z.number().min(0).max(20).default(3),
  /** Nobody is sent where the air would be taken to more than this, percent. */
  fullPercent: z.number().min(10).max(100).default(85),
  /** Only while idle. */
  idleOnly: z.boolean().default(true),
  /** Moves of a location under way at once, all clients together. */
  movesAtOnce: z.int().min(1).max(16).default(2),
  /** Reports older than this are no ground to act on; the signal of one who does not walk counts for longer. */
  staleMs: time.default(180_000),
  heardMs: time.default(86_400_000),
  /** A client that has just come is left alone. */
  guardMs: time.default(300_000),
  /** It must have arrived within this time, that of reports included; and is judged after being there for so long. */
  moveMs: time.default(180_000),
  proofMs: time.default(300_000),
  /** From one move to the next of the same client. */
  restMs: time.default(1_800_000),
  /** The same after failures, doubled each time. */
  firstBackoffMs: time.default(1_800_000),
  longestBackoffMs: time.default(86_400_000),
  /** A pair of access points that did not work out. */
  blockMs: time.default(7 * 86_400_000),
  /** Achieved, of what it had before: below it was a harm, above a gain. */
  harm: z.number().min(0).max(1).default(0.9),
});

export type OptimiserPolicy = z.output<typeof policySchema>;

export const defaultPolicy: OptimiserPolicy = policySchema.parse({});
