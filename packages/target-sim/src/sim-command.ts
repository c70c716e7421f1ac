/**
 * What an operator can do to a simulated device while it runs: `sim fault list`, `sim fault set SCENARIO [KEY=VALUE…]`,
 * `sim fault clear [NUMBER]`, `sim radar phy=PHY channel=NUMBER`, `sim led`, `sim wan-down [cable|line|internet]`, `sim wan-up`,
 * `sim cloud-down`, `sim cloud-up`, `sim status` (what of that is broken), `sim client` (`client-command.ts`). Of a device without a cable `wan-down` takes the stations off
 * the air. Of the keys, `phy`, `vif` and `for` (seconds) say where
 * and how long; the others are the scenario's own.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Clients } from "@opensync-ts/target/clients";
import type { TargetCommand } from "@opensync-ts/target/target";
import { clientCommand, clientUsage } from "./client-command.ts";
import { faultScenarios, type SimulatedDevice, startScenario } from "./fault-scenarios.ts";
import type { ActiveFault } from "./faults.ts";
import { maxFaultSeconds } from "./limits.ts";
import type { CloudState } from "./network/fabric.ts";
import { type WanState, wanStates } from "./network/wan.ts";
import { type SimulatedUplink, setUplink } from "./simulated-uplink.ts";

const usage =
  "fault list | fault set SCENARIO [KEY=VALUE…] | fault clear [NUMBER] | radar phy=PHY channel=NUMBER | led | " +
  "wan-down [cable|line|internet] | wan-up | cloud-down | cloud-up | status | " +
  clientUsage;

export interface CommandedDevice extends SimulatedDevice {
  readonly clients: Clients;
  /** What its LEDs show. */
  readonly ledText: () => string;
}

export function simCommand(device: CommandedDevice, uplink: SimulatedUplink, clock: Clock): TargetCommand {
  return {
    usage,
    minArguments: 1,
    maxArguments: 32,
    run(args) {
      const [what, action, ...rest] = args;
      if (what === "led" && args.length === 1) return device.ledText();
      if (what === "status" && args.length === 1) return status(uplink);
      if (what === "client") return clientCommand(device.clients, args.slice(1));
      if (what === "radar") return set(device, "radar", args.slice(1));
      if (what === "fault" && action === "list" && rest.length === 0) return list(device, clock);
      if (what === "fault" && action === "set" && rest[0] !== undefined) return set(device, rest[0], rest.slice(1));
      if (what === "fault" && action === "clear" && rest.length <= 1) return clear(device, rest[0]);
      if (action === undefined || (what === "wan-down" && rest.length === 0)) {
        const answer = switchUplink(uplink, what, action);
        if (answer !== undefined) return answer;
      }
      throw new UserError(`sim ${args.join(" ")}: use sim ${usage}`);
    },
  };
}

/** Undefined for what is no such command. */
function switchUplink(uplink: SimulatedUplink, what: string | undefined, where = "line"): string | undefined {
  switch (what) {
    case "wan-down": {
      const state = wanStates.find((each) => each === where && each !== "ok");
      if (!state) return undefined;
      setUplink(uplink, state);
      if (uplink.wireless) return "the uplink is Wi-Fi: its stations are off the air; wan-up brings them back\n";
      return `${wanWords[state]}; wan-up mends it\n`;
    }
    case "wan-up":
      setUplink(uplink, "ok");
      return uplink.wireless ? "its stations are on the air\n" : `${wanWords.ok}\n`;
    case "cloud-down":
      uplink.cloud = "down";
      return `${cloudWords.down}; cloud-up ends it\n`;
    case "cloud-up":
      uplink.cloud = "ok";
      return `${cloudWords.ok}\n`;
    default:
      return undefined;
  }
}

const wanWords: { readonly [state in WanState]: string } = {
  ok: "the way to the Internet is free",
  cable: "the cable of the uplink is out",
  line: "the line of the uplink is dead, its cable is in",
  internet: "the provider's router answers, the Internet behind it is gone",
};

const cloudWords: { readonly [state in CloudState]: string } = {
  ok: "the cloud takes connections",
  down: "the cloud refuses every connection of this home",
};

/** A line each: `wan: STATE, words` and `cloud: STATE, words`. The states are for programs. */
function status({ wan, wireless, onAir, cloud }: SimulatedUplink): string {
  const air = onAir ? "ok, its stations are on the air" : "line, its stations are off the air";
  const way = wireless ? air : `${wan.state}, ${wanWords[wan.state]}`;
  return `wan: ${way}\ncloud: ${cloud}, ${cloudWords[cloud]}\n`;
}

function list({ faults }: SimulatedDevice, clock: Clock): string {
  const active = faults.active();
  const on =
    active.length === 0 ? ["no fault is on"] : ["on now:", ...active.map((fault) => `  ${line(fault, clock)}`)];
  const width = Math.max(...faultScenarios.map(({ name }) => name.length));
  const known = faultScenarios.map(({ name, description, parameters }) => {
    const defaults = parameters.map((each) => `${each.name}=${each.default}`).join(" ");
    return `  ${name.padEnd(width)}  ${description}${defaults === "" ? "" : ` (${defaults})`}`;
  });
  return [...on, "faults to set:", ...known, ""].join("\n");
}

function set(device: SimulatedDevice, scenario: string, settings: readonly string[]): string {
  const { phy, vif, for: duration, ...values } = parsed(settings);
  const id = startScenario(device, {
    scenario,
    values,
    ...(phy === undefined ? {} : { phy }),
    ...(vif === undefined ? {} : { vif }),
    ...(duration === undefined ? {} : { duration: milliseconds(duration) }),
  });
  return id === null ? `${scenario}: done\n` : `${scenario}: on, number ${id}\n`;
}

function clear({ faults }: SimulatedDevice, number: string | undefined): string {
  if (number === undefined) {
    const count = faults.active().length;
    faults.clear();
    return count === 1 ? "1 fault cleared\n" : `${count} faults cleared\n`;
  }
  if (faults.switchOff(Number(number))) return `fault ${number} cleared\n`;
  const on = faults.active().map(({ id }) => id);
  throw new UserError(
    `no fault with the number '${number}' is on${on.length === 0 ? "" : `; on are ${on.join(", ")}`}`,
  );
}

function line({ id, name, phy, vif, until }: ActiveFault, clock: Clock): string {
  const where = vif ?? phy ?? "everywhere";
  const left = until === null ? "until cleared" : `for ${Math.ceil((until - clock.now()) / 1000)} s more`;
  return `${id}  ${name}, ${where}, ${left}`;
}

function parsed(settings: readonly string[]): { readonly [key: string]: string } {
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf("=");
      if (at < 1) throw new UserError(`'${setting}': write KEY=VALUE`);
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

function milliseconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0 && seconds <= maxFaultSeconds)) {
    throw new UserError(`for=${text}: it must be a number of seconds, up to ${maxFaultSeconds}`);
  }
  return seconds * 1000;
}
