/** PM, the platform manager: modules that have little to do with each other, each on a subject of its own. */

import { messageOf } from "@opensync-ts/base/errors";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { type GwOfflineOptions, gwOffline } from "./gw-offline/gw-offline.ts";
import type { ProcessLogs } from "./log-levels.ts";
import { logSeverities } from "./log-severities.ts";

export interface PmModule {
  readonly name: string;
  start(context: ManagerContext): Promise<RunningManager>;
}

export interface PmOptions {
  /** The logs of all processes of the node. */
  readonly logs: ProcessLogs;
  /** Cloudless operation; absent: it is not built in (`PM_GW_OFFLINE_CFG` n). */
  readonly gwOffline?: GwOfflineOptions;
}

export function createPm({ logs, gwOffline: offline }: PmOptions): ManagerDefinition {
  const modules: readonly PmModule[] = [logSeverities(logs), ...(offline ? [gwOffline(offline)] : [])];
  return {
    name: "pm",
    async start(context) {
      const running = new Map<string, RunningManager>();
      for (const module of modules) {
        try {
          running.set(module.name, await module.start(context));
        } catch (error) {
          // The others are worth having all the same.
          context.log.error(`${module.name}: not started: ${messageOf(error)}`);
        }
      }
      return {
        async stop() {
          await Promise.all([...running.values()].map((module) => module.stop()));
        },
        dump: () => [...running].map(([name, module]) => section(name, module.dump())).join("\n"),
      };
    },
  };
}

function section(name: string, text: string): string {
  const lines = text === "" ? [] : text.split("\n");
  return [`${name}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
