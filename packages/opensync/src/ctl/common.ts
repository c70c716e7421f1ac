/** What the commands of `ctl` have in common: their options, and how they come to what they run. */

import { type Command, Option } from "commander";
import { parseDuration } from "./arguments.ts";

const exitUsage = 2;

const shared = ["dir", "url", "tokenFile", "caCert", "json", "why"];

/** Adds which cloud it is about, who asks, and how it is told. */
export function withCommon(command: Command): Command {
  return command
    .option("--dir <dir>", "directory of a cloud, or of a home (default: that of a home, .opensync/cloud)")
    .option("--url <url>", "address of the API of a cloud elsewhere, e.g. https://cloud.example:8443")
    .option("--token-file <file>", "with a token; else OPENSYNC_TOKEN, else that of --dir")
    .option("--ca-cert <file>", "whom to trust that it is the cloud (PEM)")
    .option("--why <text>", "for the audit trail")
    .option("--json", "as JSON");
}

export function atLocation(command: Command): Command {
  return withCommon(command).option("--location <location>", "by id or name; may be left out where there is one only");
}

export function ofLocation(ctl: Command, name: string, otherwise = "may be left out where there is one only"): Command {
  return withCommon(ctl.command(name))
    .argument("[location]", `by id or name; ${otherwise}`)
    .addOption(new Option("--location <location>", "the same").hideHelp());
}

export function waiting(command: Command): Command {
  return command.option("--wait <time>", "until the nodes have proven it, so long at most, e.g. 60s", parseDuration);
}

/** The command's options, with those that it shares from before its name. */
export function all<T extends object>(command: Command): T {
  const options: Record<string, unknown> = {};
  for (let at: Command | null = command.parent; at; at = at.parent) {
    for (const name of shared) {
      if (at.getOptionValueSource(name) === "cli") options[name] ??= at.getOptionValue(name);
    }
  }
  return { ...options, ...command.opts() } as T;
}

/** The location and the options. */
export function at<T extends object>(location: string | undefined, command: Command): [string | undefined, T] {
  return [location ?? command.opts().location, all(command)];
}

export function usage(command: Command, text: string): never {
  command.error(`error: ${text}`, { exitCode: exitUsage });
}
