/**
 * The command line of ovsdb-server(8), so that scripts written for it can start our server: arguments whose value may be
 * left out, levels of logging (`-vconsole:off`), and the directories that relative names are in.
 */

import { join, resolve } from "node:path";
import type { Severity } from "@opensync-ts/base/log";

/** Options whose value, where there is one, stands behind `=`; never in the next argument. */
const valueOptional: readonly string[] = ["--pidfile", "--log-file"];

/** The arguments in a form that tells a missing value from the argument that follows. */
export function normalizeArguments(args: readonly string[]): string[] {
  return args.map((arg) => {
    if (valueOptional.includes(arg)) return `${arg}=`;
    if (arg === "-v") return "--log-level=";
    if (/^-v./.test(arg)) return `--log-level=${arg.slice(2)}`;
    return arg.startsWith("--verbose=") ? `--log-level=${arg.slice(10)}` : arg;
  });
}

export interface LogDestinations {
  readonly console: Severity;
  readonly file: Severity;
}

const levels: { readonly [word: string]: Severity } = {
  off: "DISABLED",
  emer: "EMERG",
  err: "ERR",
  warn: "WARNING",
  info: "INFO",
  dbg: "DEBUG",
};
/** As `vlog/list` shows a level. */
export function levelWord(severity: Severity): string {
  const [word = severity] = Object.entries(levels).find(([, level]) => level === severity) ?? [];
  return word.toUpperCase();
}

const destinations = ["console", "file", "syslog"];

/**
 * What `-vSPEC` arguments, in order, make of `before`. A SPEC is made of a module, a destination and a level, each of which may be
 * left out (vlog(7)). Our modules are not those of Open vSwitch: a SPEC for one of them changes nothing.
 */
export function logDestinations(specs: readonly string[], before: LogDestinations): LogDestinations {
  let result = before;
  for (const spec of specs) {
    const words = spec.split(/[\s:,]+/).filter((word) => word !== "");
    const level = words.flatMap((word) => levels[word.toLowerCase()] ?? [])[0] ?? "DEBUG";
    const chosen = words.find((word) => destinations.includes(word.toLowerCase()))?.toLowerCase();
    const module = words.find((word) => !(word.toLowerCase() in levels) && word.toLowerCase() !== chosen);
    if (module !== undefined && module.toLowerCase() !== "any") continue;
    result = {
      console: chosen === undefined || chosen === "console" ? level : result.console,
      file: chosen === undefined || chosen === "file" ? level : result.file,
    };
  }
  return result;
}

type Environment = { readonly [name: string]: string | undefined };

/** As `--pidfile[=FILE]` and `--unixctl=FILE` name it: relative to `OVS_RUNDIR`, by default /var/run/openvswitch. */
export function runFile(name: string, environment: Environment): string {
  return resolve(environment.OVS_RUNDIR || "/var/run/openvswitch", name);
}

/** As `--log-file[=FILE]` names it; without a name it is in `OVS_LOGDIR`, by default /var/log/openvswitch. */
export function logFile(name: string, environment: Environment): string {
  return name === "" ? join(environment.OVS_LOGDIR || "/var/log/openvswitch", "ovsdb-server.log") : resolve(name);
}

/** Where `ovs-appctl --target` looks for the control socket of the process that wrote `pidFile`. */
export function controlSocketBeside(pidFile: string, pid: number): string {
  return `${pidFile.replace(/\.pid$/, "")}.${pid}.ctl`;
}
