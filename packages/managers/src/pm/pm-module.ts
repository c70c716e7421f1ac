/** A module of PM, on a subject of its own. */

import type { ManagerContext, RunningManager } from "../manager.ts";

export interface PmModule {
  readonly name: string;
  start(context: ManagerContext): Promise<RunningManager>;
}
