/**
 * What a node can do at most, as far as its tables do not tell: known of its model (`models/*.json`), or stated of the node itself
 * (`nodes[].limits`), which goes before. What nobody knows is no limit. Pure.
 */

import { z } from "zod";
import simExt6 from "../models/sim-ext-6.json" with { type: "json" };
import simGw5lu from "../models/sim-gw-5lu.json" with { type: "json" };
import simGw6e from "../models/sim-gw-6e.json" with { type: "json" };
import { bandOf, type FrequencyBand } from "./radio-bands.ts";

const radioParts = {
  /** The widest channel, MHz. */
  width: z.literal([20, 40, 80, 160, 320]).optional(),
  /** Antenna chains to send with. */
  chains: z.int().min(1).max(16).optional(),
  /** Addresses that the filter of an access point holds. */
  acl: z.int().min(0).max(1024).optional(),
  /** Passphrases of an access point. */
  keys: z.int().min(1).max(64).optional(),
  /** Access points at a time. */
  accessPoints: z.int().min(0).max(16).optional(),
};
const ofRadio = z.strictObject(radioParts);

/** Of all radios of a node; `bands` of one of them, before the others. */
export const nodeLimits = z.strictObject({
  ...radioParts,
  bands: z
    .strictObject({
      "2.4G": ofRadio.optional(),
      "5G": ofRadio.optional(),
      "5GL": ofRadio.optional(),
      "5GU": ofRadio.optional(),
      "6G": ofRadio.optional(),
    })
    .optional(),
});

export type RadioLimits = z.output<typeof ofRadio>;
export type NodeLimits = z.output<typeof nodeLimits>;

const modelFile = nodeLimits.extend({ model: z.string().min(1) });

/** By `AWLAN_Node.model`. */
const models: ReadonlyMap<string, NodeLimits> = new Map(
  [simExt6, simGw5lu, simGw6e].map((value) => {
    const { model, ...limits } = modelFile.parse(value);
    return [model, limits];
  }),
);

/** Of a radio. `model`: as the node says; null: it has not. */
export function radioLimits(stated: NodeLimits | undefined, model: string | null, band: FrequencyBand): RadioLimits {
  const known = model === null ? undefined : models.get(model);
  return Object.assign({}, ...[known, stated].flatMap((limits) => [limits, ofBand(limits, band)]).map(withoutBands));
}

function ofBand(limits: NodeLimits | undefined, band: FrequencyBand): RadioLimits | undefined {
  return limits?.bands?.[band] ?? limits?.bands?.[bandOf(band)];
}

function withoutBands({ bands, ...rest }: NodeLimits = {}): RadioLimits {
  return rest;
}
