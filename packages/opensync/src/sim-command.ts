/** `opensync sim`: faults and radar on the simulated radios of a running node, its power, and what its uplink leads to. */

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

/** What the LEDs show. */
export async function simLed(choice: NodeChoice): Promise<void> {
  show(await askNode(choice, "sim", ["led"]));
}

/** `words`: the client's address, and its nickname where it gets one. */
export async function simClient(action: string, words: readonly string[], choice: NodeChoice): Promise<void> {
  show(await askNode(choice, "sim", ["client", action, ...words]));
}

/** What of its uplink and its cloud is broken. */
export async function simStatus(choice: NodeChoice): Promise<void> {
  show(await askNode(choice, "sim", ["status"]));
}

/** `reboot`, `power-cut`, …: what happens to the device as a whole. */
export async function simPower(
  command: "reboot" | "power-cut" | "restart-managers" | "factory-reset",
  choice: NodeChoice,
): Promise<void> {
  show(await askNode(choice, command, []));
}

/** `where`: of the wire, where it breaks. */
export async function simUplink(
  what: "wan" | "cloud",
  state: "up" | "down",
  choice: NodeChoice,
  where?: string,
): Promise<void> {
  show(await askNode(choice, "sim", [`${what}-${state}`, ...(where === undefined ? [] : [where])]));
}

function show(answer: string): void {
  for (const line of answer.trimEnd().split("\n")) say(line);
}
