/** The node itself, where it runs: its uplink, and its own connection to the cloud. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok, type Recorder, skipped, warning } from "./report.ts";
import { judgeSimulation, type SimulatedOutage } from "./simulation.ts";
import { judgeUplink } from "./uplink.ts";

/** What the running node shows of its own connection. */
export interface RunningConnection {
  readonly managerAddress: string;
  readonly target: string;
  readonly isConnected: boolean;
  /** `Manager.status` */
  readonly status: ReadonlyMap<string, string>;
  readonly uplinks: readonly Row<"Connection_Manager_Uplink">[];
  /** `Node_State` PM/gw_offline_status is `active`. */
  readonly isOffline: boolean;
  /** Undefined where it is none of a simulation. */
  readonly outage?: SimulatedOutage | undefined;
}

/** Steps `simulation`, where it is one, and `uplink`. */
export function examineRunningUplink(running: RunningConnection, id: string, recorder: Recorder): void {
  const { uplinks, isConnected, outage } = running;
  if (outage) {
    const finding = judgeSimulation(outage, id, !isConnected);
    recorder.add("node", "simulation", "sim status of the running node", finding);
  }
  const tried = "Connection_Manager_Uplink of the running node";
  recorder.add("node", "uplink", tried, judgeUplink(uplinks, isConnected));
}

/** Steps `Manager row` and `manager_addr`. `answer`: what the redirector told the doctor. */
export function examineRunning(
  running: RunningConnection,
  answer: string | undefined,
  redirector: string,
  recorder: Recorder,
): void {
  const { managerAddress, target, isConnected, status, isOffline } = running;
  const about = [...status].filter(([key]) => /^(state|last_error|sec_since_(connect|disconnect))$/.test(key));
  const words = about.map(([key, value]) => `${key} ${value}`).join(", ");
  const at = target === "" ? "no target" : target;
  const finding = isConnected
    ? ok(`connected to ${at} (${words})`)
    : failed(
        `not connected, ${at}${words === "" ? "" : ` (${words})`}${isOffline ? "; it works without its cloud (gw_offline active)" : ""}`,
        whyNotConnected(running, recorder),
      );
  recorder.add("node", "Manager row", "Manager.is_connected of the running node", finding);
  const tried = "AWLAN_Node.manager_addr of the running node, against the redirector's answer";
  recorder.add("node", "manager_addr", tried, judgeManagerAddress(managerAddress, answer, redirector));
}

function whyNotConnected({ outage }: RunningConnection, { steps }: Recorder): string {
  if (outage?.cloud || outage?.wan) return "the simulation keeps it from its cloud: see step 'simulation'";
  const log = "see CM's lines in the node's log";
  return steps.some(({ status }) => status === "failed")
    ? `${log}, and the steps above`
    : `${log}: from here the cloud is reached, so the node may still be waiting for its next try`;
}

function judgeManagerAddress(address: string, answer: string | undefined, redirector: string): Finding {
  if (address === "") {
    return warning(
      "empty: the node has no answer of the redirector yet",
      `wait, or see why ${redirector} does not answer the node`,
    );
  }
  if (answer === undefined) return skipped(`the node has ${address}, and the redirector gave no address to compare`);
  if (address === answer) return ok(`${address}, as the redirector says`);
  return warning(
    `${address}, but the redirector says ${answer}`,
    "the node was handed over, or the redirector has changed since; a restart of the node asks it anew",
  );
}
