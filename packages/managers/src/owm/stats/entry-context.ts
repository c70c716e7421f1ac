/** What a row at work has around it. */

import type { Log } from "@opensync-ts/base/log";
import type { Wireless } from "@opensync-ts/wireless/contract";
import type { CollectorContext } from "./collector.ts";
import type { Drops } from "./drops.ts";

export interface EntryContext extends Omit<CollectorContext, "dropped"> {
  readonly log: Log;
  readonly drops: Drops;
  readonly startScanSchedule: Wireless["startScanSchedule"];
  /** It wants to run earlier than it said. */
  readonly wake: () => void;
}
