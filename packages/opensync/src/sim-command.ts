/** `opensync sim`: faults and radar on the simulated radios of a running node. */

import { askNode } from "./control-client.ts";
import type { NodeChoice } from "./node-files.ts";
import { say } from "./run.ts";

export interface FaultOptions extends NodeChoice {
  readonly phy?: string;
  readonly vif?: string;
  /** Seconds. */
  readonly for?: string;
}

export type FaultAction = "list" | "set" | "clear";

/** `words`: the scenario and its parameters, as KEY=VALUE; or the number of the fault to clear. */
export async function simFault(action: FaultAction, words: readonly string[], options: FaultOptions): Promise<void> {
  const limits = (["phy", "vif", "for"] as const).flatMap((key) => {
    const value = options[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  show(await askNode(options, "sim", ["fault", action, ...words, ...limits]));
}

export interface RadarOptions extends NodeChoice {
  readonly phy: string;
  readonly channel: string;
}

export async function simRadar(options: RadarOptions): Promise<void> {
  show(await askNode(options, "sim", ["radar", `phy=${options.phy}`, `channel=${options.channel}`]));
}

function show(answer: string): void {
  for (const line of answer.trimEnd().split("\n")) say(line);
}
