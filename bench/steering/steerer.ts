/** What the contenders have in common, and what is kept of what they do. */

import type { Mac } from "@opensync-ts/base/units";

export interface Steerer {
  stop(): void;
}

export interface SteerLog {
  /** A client was asked to go to one of `offered` (BTM). */
  asked(station: Mac, offered: readonly Mac[]): void;
  /** A client was sent away. */
  kicked(station: Mac): void;
  /** For explanations; what counts is where clients are seen. */
  ended(station: Mac, result: string, reason: string): void;
}
