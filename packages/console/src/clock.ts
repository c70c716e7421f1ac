/** The clock of the page, the only one. */

import { type Clock, RealClock } from "@opensync-ts/base/clock";

export const clock: Clock = new RealClock();
