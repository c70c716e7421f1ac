/** What a running node does for an operator, at its control socket: commands and answers as `ovs-appctl` has them. */

import { chmodSync } from "node:fs";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { announceReboot } from "@opensync-ts/managers/dm/reboot-records";
import type { RunningOwm } from "@opensync-ts/managers/owm/owm";
import {
  type ControlCommand,
  type ControlSocket,
  listCommands,
  openControlSocket,
} from "@opensync-ts/ovsdb/control-socket";
import type { DeviceControl } from "@opensync-ts/target/control";
import type { Target } from "@opensync-ts/target/target";
import packageJson from "../package.json" with { type: "json" };
import { explainNode, explanationText } from "./explanation.ts";
import { explainSteering } from "./steering-explanation.ts";

export interface ControlOptions {
  readonly target: Target;
  readonly owm: () => RunningOwm | undefined;
  readonly dump: () => string;
  readonly clock: Clock;
  /** What can be done to the device as a whole; by default nothing. */
  readonly control?: DeviceControl & { readonly powerCut?: () => void };
}

export function nodeCommands({
  target,
  owm,
  dump,
  clock,
  control,
}: ControlOptions): ReadonlyMap<string, ControlCommand> {
  const commands = new Map<string, ControlCommand>(target.commands ?? []);
  const list = () => listCommands(commands);
  commands.set(
    "version",
    command("", 0, 0, () => `opensync-ts ${packageJson.version}\n`),
  );
  commands.set("list-commands", command("", 0, 0, list));
  commands.set("dump", command("", 0, 0, dump));
  commands.set(
    "explain",
    command("confsync [json] | steering MAC [json]", 1, 3, ([what, ...more]) => {
      const station = what === "steering" ? more.shift() : undefined;
      const [form] = more;
      const known = what === "confsync" || station !== undefined;
      if (!known || more.length > 1 || (form !== undefined && form !== "json")) {
        const asked = [what, station, ...more].filter(Boolean).join(" ");
        throw new UserError(`explain ${asked}: use explain confsync [json], or explain steering MAC [json]`);
      }
      if (station !== undefined) return explainSteering(owm(), station, form === "json");
      const explanation = explainNode(owm());
      return form === "json" ? `${JSON.stringify(explanation)}\n` : explanationText(explanation);
    }),
  );
  if (control) for (const [name, each] of deviceCommands(target, control, clock)) commands.set(name, each);
  return commands;
}

/** They answer before anything happens: who asks shall hear that it will. */
function deviceCommands(
  { storage }: Target,
  control: NonNullable<ControlOptions["control"]>,
  clock: Clock,
): ReadonlyMap<string, ControlCommand> {
  const asked = "asked for at the control socket";
  const commands = new Map([
    [
      "reboot",
      command("", 0, 0, () => {
        let lost = "";
        try {
          announceReboot(storage, "USER", asked);
        } catch (error) {
          lost = `; why will be forgotten: ${messageOf(error)}`;
        }
        control.reboot(asked);
        return `reboots${lost}\n`;
      }),
    ],
    [
      "restart-managers",
      command("", 0, 0, () => {
        control.restartManagers(asked);
        return "restarts its managers\n";
      }),
    ],
    [
      "factory-reset",
      command("", 0, 0, () => {
        control.factoryReset(asked);
        announceReboot(storage, "USER", "factory reset");
        return "erases what it has stored, and reboots\n";
      }),
    ],
  ]);
  const { powerCut } = control;
  if (powerCut) {
    const cut = () => {
      clock.setTimer(0, powerCut);
      return "the power is cut\n";
    };
    commands.set("power-cut", command("", 0, 0, cut));
  }
  return commands;
}

/**
 * For the owner alone. A socket that cannot be made is told in the log: a node whose operator cannot talk to it still
 * serves its network.
 */
export async function openNodeControl(
  path: string,
  commands: ReadonlyMap<string, ControlCommand>,
  options: { readonly clock: Clock; readonly log: Log },
): Promise<ControlSocket | undefined> {
  try {
    const socket = await openControlSocket(path, logged(commands, options.log), options);
    chmodSync(path, 0o600);
    return socket;
  } catch (error) {
    options.log.warning(
      `${path}: no control socket: ${messageOf(error)}; 'opensync explain' and 'opensync sim' do not work`,
    );
    return undefined;
  }
}

/** What an operator does to a node is part of its story. */
function logged(commands: ReadonlyMap<string, ControlCommand>, log: Log): ReadonlyMap<string, ControlCommand> {
  return new Map(
    [...commands].map(([name, each]) => {
      const run: ControlCommand["run"] = (args) => {
        log.info(`control: ${[name, ...args].join(" ")}`);
        return each.run(args);
      };
      return [name, { ...each, run }];
    }),
  );
}

function command(
  usage: string,
  minArguments: number,
  maxArguments: number,
  run: (args: readonly string[]) => string,
): ControlCommand {
  return { usage, minArguments, maxArguments, run };
}
