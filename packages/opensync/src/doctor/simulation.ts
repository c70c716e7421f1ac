/** What an operator of the simulation has broken for a node: rows show it only after a while, and name no culprit. */

import { existsSync } from "node:fs";
import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { nodeDirectory } from "@opensync-ts/node/directory";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { type Finding, failed, ok, warning } from "./report.ts";

export interface SimulatedOutage {
  /** What is broken, in words; null: it is not. */
  readonly wan: string | null;
  readonly cloud: string | null;
}

/** Undefined where no node runs in `directory`, where it is none of a simulation, and where it does not say. */
export async function simulatedOutage(
  directory: string,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<SimulatedOutage | undefined> {
  const { controlSocket } = nodeDirectory(directory);
  if (!existsSync(controlSocket)) return undefined;
  try {
    const client = await connectRpc(`unix:${controlSocket}`, { clock, timeoutMs });
    try {
      const answer = withDeadline(clock, client.request("sim", ["status"]), timeoutMs, `unix:${controlSocket}`);
      return parseStatus(String(await answer));
    } finally {
      client.close();
    }
  } catch {
    // A device of its own has no such command; what is wrong with the node itself other steps say.
    return undefined;
  }
}

/** The answer to `sim status`; undefined for what is none. */
export function parseStatus(text: string): SimulatedOutage | undefined {
  const [wan, cloud] = ["wan", "cloud"].map((what) => new RegExp(`^${what}: (\\w+), (.*)$`, "m").exec(text));
  if (!wan || !cloud) return undefined;
  const broken = ([, state, words = ""]: RegExpExecArray) => (state === "ok" ? null : words);
  return { wan: broken(wan), cloud: broken(cloud) };
}

/** `isFelt`: the node has lost its cloud. Before that it is a warning of what will come. */
export function judgeSimulation({ wan, cloud }: SimulatedOutage, id: string, isFelt: boolean): Finding {
  const broken = [wan, cloud].filter((words) => words !== null);
  if (broken.length === 0) return ok("nothing of its uplink and its cloud is broken on purpose");
  const found = `the simulation has it so: ${broken.join("; ")}${isFelt ? "" : "; the node has not noticed yet"}`;
  const commands = [...(wan === null ? [] : ["wan-up"]), ...(cloud === null ? [] : ["cloud-up"])];
  const fix = commands.map((command) => `opensync sim ${command} ${id}`).join(" and ");
  return (isFelt ? failed : warning)(found, fix);
}
