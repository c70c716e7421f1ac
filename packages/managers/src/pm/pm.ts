/** PM, the platform manager: modules that have little to do with each other, each on a subject of its own. */

import { messageOf } from "@opensync-ts/base/errors";
import type { ManagerDefinition, RunningManager } from "../manager.ts";
import { clientFreeze } from "./clients/client-freeze.ts";
import { clientNicknames } from "./clients/client-nicknames.ts";
import { eraseStorage } from "./erase-storage.ts";
import { featureFlags } from "./feature-flags.ts";
import { type GwOfflineOptions, gwOffline } from "./gw-offline/gw-offline.ts";
import { leds } from "./led/led.ts";
import { OwnLedClaims } from "./led/own-claims.ts";
import type { ProcessLogs } from "./log-levels.ts";
import { type LogPullOptions, logPull } from "./log-pull/log-pull.ts";
import { logSeverities } from "./log-severities.ts";
import type { PmModule } from "./pm-module.ts";
import { rebootCommands } from "./reboot-commands.ts";
import { thermalControl } from "./thermal/thermal.ts";

export interface PmOptions {
  /** The logs of all processes of the node. */
  readonly logs: ProcessLogs;
  /** Cloudless operation; absent: it is not built in (`PM_GW_OFFLINE_CFG` n). */
  readonly gwOffline?: GwOfflineOptions;
  /** LEDs, without the cloud for so long: `connecting`, then `connectfail`; ms, 0 = never. Default: 3 minutes, never. */
  readonly connectingMs?: number;
  readonly connectFailMs?: number;
  /** What the cloud gets when it asks for logs; absent: nothing. */
  readonly logPull?: LogPullOptions;
}

export function createPm(options: PmOptions): ManagerDefinition {
  const { logs, connectingMs = 180_000, connectFailMs = 0, logPull: pull, gwOffline: offline } = options;
  const own = new OwnLedClaims();
  const modules: readonly PmModule[] = [
    logSeverities(logs),
    featureFlags,
    eraseStorage,
    rebootCommands,
    leds({ connectingMs, connectFailMs, own }),
    thermalControl(own),
    clientFreeze,
    clientNicknames,
    ...(pull ? [logPull(pull)] : []),
    ...(offline ? [gwOffline(offline)] : []),
  ];
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
