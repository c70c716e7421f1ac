/** The vectors of all that a statistics report can hold. */

import type { StatsReport } from "../report.ts";
import { furtherVectors } from "./further-vectors.ts";
import { otherVectors } from "./other-vectors.ts";
import { radioVectors } from "./radio-vectors.ts";
import { steeringVectors } from "./steering-vectors.ts";
import type { Vector } from "./vector.ts";

export const reportVectors: readonly Vector<StatsReport>[] = [
  ...radioVectors,
  ...steeringVectors,
  ...otherVectors,
  ...furtherVectors,
];
