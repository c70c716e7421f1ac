/** The command `opensync`: one sub-command a file, loaded when it is called. */

import { messageOf, UserError } from "@opensync-ts/base/errors";
import { parseCloudAddress } from "@opensync-ts/managers/cm/address";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { addCtl } from "./ctl/commands.ts";
import { doctorLimits } from "./doctor/limits.ts";
import { tailTypes } from "./tail-types.ts";

/** Exit codes of every command: it did what was asked, it could not, it did not understand. */
const exitFailure = 1;
const exitUsage = 2;

const anyHttp = { port: 0, address: "127.0.0.1" };
const defaultHttp = { port: 8080, address: "127.0.0.1" };

const strictHelp = "OWM asks drivers for more than they can do, until its watchdog ends it, as the reference does";

// A reader that has seen enough (`opensync sim fault list | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const program = new Command("opensync")
  .description("OpenSync, end to end: nodes, their cloud, and a simulated home to try both")
  .version(packageJson.version)
  .option("--verbose", "show the log on stderr, and stack traces of errors")
  .enablePositionalOptions()
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });

program
  .command("up")
  .description("a whole simulated home with its cloud, in the foreground")
  .option("--dir <dir>", "where the home keeps its files", ".opensync")
  .option("--home <file>", "home file (JSON); the demo home unless given")
  .option("--seed <number>", "seed of the simulated world", parseSeed, 1)
  .addOption(
    new Option("--http <port>", "where the cloud's API listens, PORT[:IP]; any free port unless given")
      .argParser(parseHttp)
      .default(anyHttp, "any"),
  )
  .option("--no-http", "no API")
  .option("--strict", strictHelp)
  .option("--verbose", "show the log on stderr, and stack traces of errors")
  .action(async (options) => (await import("./up-command.ts")).up(merged(options)));

program
  .command("node")
  .description("one node: its database, managers and radios")
  .requiredOption("--dir <dir>", "the node's directory (conf.db, ps, certs, run, log)")
  .option("--id <id>", "identity; by default the one this directory had last, else its name")
  .addOption(new Option("--target <target>", "kind of device").choices(["sim", "null"]).default("sim"))
  .option("--profile <name>", "build profile: which managers run, and their values", "default")
  .option("--redirector <remote>", "the cloud's redirector, ssl:HOST:PORT (tcp:HOST:PORT without TLS)")
  .option("--listen <remote>", "also listen here, e.g. ptcp:6640:127.0.0.1 (repeatable)", collect, [])
  .option("--resume", "go on with conf.db as it was instead of booting")
  .option("--strict", strictHelp)
  .option("--verbose", "show the log on stderr, and stack traces of errors")
  .action(async (options) => (await import("./node-command.ts")).node(merged(options)));

const cloud = program
  .command("cloud")
  .enablePositionalOptions()
  .description("redirector, controller, MQTT broker and store for any OpenSync node")
  .option("--dir <dir>", "where the cloud keeps its files (required to start one)")
  .option("--home <file>", "home file (JSON), kept as a location; without one only the locations that the store has")
  .option("--store <url>", "postgres://USER:PASSWORD@HOST/DATABASE; an embedded store in DIR unless given")
  .option("--advertise <host>", "name or IPv4 address by which nodes reach this machine; found out unless given")
  .option("--redirector <remote>", "where nodes find the redirector", "pssl:6643:127.0.0.1")
  .option("--controller <remote>", "where nodes find the controller", "pssl:6640:127.0.0.1")
  .option("--mqtt <port>", "where nodes publish statistics, PORT[:IP]; the controller's IP unless given", "8883")
  .option(
    "--http <port>",
    "where the API listens, PORT[:IP]; on 127.0.0.1 unless an IP is given",
    parseHttp,
    defaultHttp,
  )
  .option("--no-http", "no API")
  .option("--http-tls", "the API by TLS, with the cloud's own certificate")
  .option("--no-mqtt", "no broker; what nodes are told about statistics stays as it is")
  .option("--tls-dir <dir>", "certificates; made there when absent (default: DIR/tls)")
  .option("--insecure", "allow plain TCP remotes (ptcp:)")
  .option("--verbose", "show the log on stderr, and stack traces of errors")
  .action(async (options, command: Command) => {
    if (options.dir === undefined)
      command.error("error: required option '--dir <dir>' not specified", { exitCode: exitUsage });
    await (await import("./cloud-command.ts")).cloud(merged(options));
  });

const certs = cloud.command("certs").description("certificates of a cloud and its nodes, in its directory");

ofCloud(certs.command("make"))
  .description("certificates for nodes that can prove themselves with nothing else, and where to put them")
  .argument("<id...>", "ids of nodes, as in AWLAN_Node.id: the common names")
  .option("--json", "as JSON")
  .action(async (ids, options) =>
    (await import("./cloud-certs-command.ts")).makeCertificates(ids, { ...options, ...givenBefore(cloud) }),
  );

ofCloud(certs.command("list"))
  .description("which certificates there are, and until when")
  .option("--json", "as JSON")
  .action(async (options) =>
    (await import("./cloud-certs-command.ts")).listCertificates({ ...options, ...givenBefore(cloud) }),
  );

addCtl(cloud);

ofNode(program.command("db"))
  .description("the tool ovsdb on a running node's database: dump, query, transact, monitor, diff")
  .argument("<command>", "of ovsdb")
  .argument("[arg...]", "its arguments without the database, e.g. 'dump Wifi_VIF_State --format json'")
  .passThroughOptions()
  .action(async (command, args, options) => {
    process.exitCode = await (await import("./db-command.ts")).db(command, args, options);
  });

const explain = program.command("explain").description("why a running node is as it is");

ofNode(explain.command("confsync"))
  .description("each phy and vif: intended against actual, and why it is not settled (exit code 1 until it is)")
  .option("--json", "as JSON")
  .action(async (options) => {
    process.exitCode = await (await import("./explain-command.ts")).explainConfsync(options);
  });

ofNode(explain.command("steering"))
  .description(
    "why a client is steered as it is: candidates, what each policy says, SNR, timers, attempts and their outcome",
  )
  .argument("<mac>", "the client, as its row of Band_Steering_Clients names it")
  .option("--json", "as JSON")
  .action(async (mac, options) => (await import("./explain-command.ts")).explainSteering(mac, options));

const doctor = ofNode(program.command("doctor"))
  .enablePositionalOptions()
  .description("what keeps a node from its cloud: DNS, TCP, TLS, OVSDB, redirector, manager, step by step")
  .argument("[address]", "redirector, ssl:HOST:PORT or tcp:HOST:PORT; by default that of the node", parseAddress)
  .option("--private-key <file>", "the node's key (PEM); by default that of the node")
  .option("--certificate <file>", "the node's certificate (PEM); by default that of the node")
  .option("--ca-cert <file>", "whom the node trusts (PEM); by default that of the node")
  .option("--id <id>", "who the node says it is; by default the node's id, else the common name of the certificate")
  .option("--manager", "play the node at the manager, too, even though it runs and loses its session by that")
  .option("--no-manager", "do not play the node at the manager")
  .action(async (address, options) => {
    process.exitCode = await (await import("./doctor/doctor-command.ts")).doctor({ ...options, address });
  });
ofDoctor(doctor);

ofDoctor(ofNode(doctor.command("extender")))
  .description("the checklist for an extender, against the gateway (--node) that it hangs on")
  .argument("<node>", "the extender: a node of the home, a node's directory, or a MAC address")
  .action(async (node, options) => {
    process.exitCode = await (await import("./doctor/extender-command.ts")).doctorExtender(node, {
      ...options,
      ...givenBefore(doctor),
    });
  });

const sim = program.command("sim").description("play with a simulated device: its radios, its power, its uplink");

ofNode(sim.command("fault"))
  .description("lets a radio driver go wrong: list what is on and what there is, set a fault, clear them")
  .addArgument(new Argument("[action]", "what to do").choices(["list", "set", "clear"]).default("list"))
  .argument("[word...]", "with set: SCENARIO [KEY=VALUE...]; with clear: the number of one fault")
  .option("--phy <phy>", "only this radio")
  .option("--vif <vif>", "only this vif")
  .option("--for <seconds>", "only for so long")
  .action(async (action, words, options) => (await import("./sim-command.ts")).simFault(action, words, options));

ofNode(sim.command("radar"))
  .description("lets a radio hear radar on a channel")
  .requiredOption("--phy <phy>", "the radio, e.g. wifi1")
  .requiredOption("--channel <number>", "20 MHz channel of the 5 GHz band")
  .action(async (options) => (await import("./sim-command.ts")).simRadar(options));

ofNode(sim.command("led"))
  .description("shows what the LEDs of a device show")
  .action(async (options) => (await import("./sim-command.ts")).simLed(options));

ofNode(sim.command("client"))
  .description("does to a client what somebody at the device itself may do: freezes it (no Internet), gives it a name")
  .addArgument(
    new Argument("[action]", "what to do").choices(["list", "freeze", "unfreeze", "name", "unname"]).default("list"),
  )
  .argument("[word...]", "its MAC address; with name: and the nickname")
  .action(async (action, words, options) => (await import("./sim-command.ts")).simClient(action, words, options));

const outages = {
  reboot: "ends in order, and boots",
  "power-cut": "loses its power at once, and boots when it is back",
  "restart-managers": "starts its managers anew, on a new database",
  "factory-reset": "erases what it has stored, and boots",
} as const;

for (const [name, description] of Object.entries(outages)) {
  ofDirectory(sim.command(name))
    .description(`the device ${description}`)
    .argument("[node]", "which node of a home", "gateway")
    .action(async (node, options) => {
      await (await import("./sim-command.ts")).simPower(name as keyof typeof outages, { ...options, node });
    });
}

ofDirectory(sim.command("wan-down"))
  .description(
    "breaks the way of a node to the Internet, until wan-up; where that is Wi-Fi, its stations are off the air",
  )
  .argument("[node]", "which node of a home", "gateway")
  .addOption(
    new Option(
      "--at <where>",
      "what breaks: the cable is out, the line is dead, or only the Internet behind the router is gone",
    )
      .choices(["cable", "line", "internet"])
      .default("line"),
  )
  .action(async (node, { at, ...options }) => {
    await (await import("./sim-command.ts")).simUplink("wan", "down", { ...options, node }, at);
  });

ofDirectory(sim.command("wan-up"))
  .description("mends it")
  .argument("[node]", "which node of a home", "gateway")
  .action(async (node, options) => {
    await (await import("./sim-command.ts")).simUplink("wan", "up", { ...options, node });
  });

for (const state of ["down", "up"] as const) {
  ofDirectory(sim.command(`cloud-${state}`))
    .description(
      state === "down"
        ? "the cloud refuses the connections of all nodes of the home, until cloud-up"
        : "the cloud is back for all of them",
    )
    .argument("[node]", "any node of the home", "gateway")
    .action(async (node, options) => {
      await (await import("./sim-command.ts")).simUplink("cloud", state, { ...options, node });
    });
}

ofDirectory(sim.command("status"))
  .description("says what wan-down and cloud-down have broken")
  .argument("[node]", "which node of a home", "gateway")
  .action(async (node, options) => (await import("./sim-command.ts")).simStatus({ ...options, node }));

const stats = program.command("stats").description("the statistics that nodes send over MQTT");

stats
  .command("decode")
  .description("prints what is in a captured MQTT payload, compressed or not")
  .argument("<file>", "the payload; - for stdin")
  .addOption(
    new Option("--payload <kind>", "what it is, by its topic")
      .choices(["stats", "latency", "time-events"])
      .default("stats"),
  )
  .option("--json", "as JSON, with bytes in hexadecimal")
  .action(async (file, options) => (await import("./stats-command.ts")).statsDecode(file, options));

stats
  .command("tail")
  .description("prints what nodes publish to a running cloud, as it comes")
  .option("--dir <dir>", "directory of a cloud or a home (default: OPENSYNC_DIR, else .opensync)")
  .option("--node <node>", "only this node")
  .addOption(
    new Option("--type <type>", "only statistics of this type (repeatable)")
      .choices(tailTypes)
      .argParser(addType)
      .default([], "all"),
  )
  .option("--count <number>", "ends after so many payloads", parseCount)
  .option("--json", "a JSON object per line, with bytes in hexadecimal")
  .action(async (options) => (await import("./stats-tail-command.ts")).statsTail(options));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Adds how a running node is found. */
function ofNode(command: Command): Command {
  return ofDirectory(command).option("--node <node>", "which node of a home", "gateway");
}

function parseHttp(text: string): { port: number; address: string } {
  const [, port = "", address = "127.0.0.1"] = /^(\d{1,5})(?::(.+))?$/.exec(text) ?? [];
  if (port === "" || Number(port) > 65_535) throw new InvalidArgumentError("write PORT or PORT:IP, e.g. 8080");
  return { port: Number(port), address: address.replace(/^\[(.*)\]$/, "$1") };
}

/** Adds which cloud it is about. */
function ofCloud(command: Command): Command {
  return command
    .option("--dir <dir>", "directory of the cloud (default: that of a home, .opensync/cloud)")
    .option("--tls-dir <dir>", "its certificates (default: DIR/tls)");
}

function ofDirectory(command: Command): Command {
  return command.option("--dir <dir>", "directory of a node or a home (default: OPENSYNC_DIR, else .opensync)");
}

/** Options that stand before the name of a sub-command count for it as well. */
function givenBefore(command: Command): object {
  const given = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(given);
}

/** Adds how the doctor speaks. */
function ofDoctor(command: Command): Command {
  return command
    .option("--timeout <seconds>", "how long one step may take", parseSeconds)
    .option("--strict", "warnings count as faults (exit code 1)")
    .option("--json", "as JSON");
}

/** Says what went wrong, a line for each problem; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage;
  const verbose = process.argv.includes("--verbose") && error instanceof Error;
  const text = verbose ? (error.stack ?? error.message) : withFix(error);
  for (const line of text.split("\n")) process.stderr.write(`opensync: ${line}\n`);
  return exitFailure;
}

/** What the file system refused says what and where; the fix is the same each time. */
function withFix(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  const refused = ["EACCES", "EPERM", "ENOTDIR", "EISDIR", "ENOENT", "EROFS", "ENOSPC"].includes(code ?? "");
  if (!refused || error instanceof UserError) return messageOf(error);
  const place = path === undefined ? "" : ` (${path})`;
  return `${messageOf(error)}${place}; check path, permissions and free space, or give another directory with --dir`;
}

function oneLine(text: string): string {
  return text.trimEnd().replaceAll(/\s*\n\s*/g, " ") + (text.endsWith("\n") ? "\n" : "");
}

/** `--verbose` counts before and after the command's name. */
function merged<T extends object>(options: T): T & { verbose: boolean } {
  return { ...options, verbose: program.opts().verbose === true || ("verbose" in options && options.verbose === true) };
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** One of the choices; an `argParser` takes the place of their check. */
function addType(text: string, previous: readonly string[]): readonly string[] {
  if (!(tailTypes as readonly string[]).includes(text)) {
    throw new InvalidArgumentError(`Allowed choices are ${tailTypes.join(", ")}.`);
  }
  return [...previous, text];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("a whole number from 1 is needed.");
  return count;
}

function parseAddress(text: string): string {
  if (!parseCloudAddress(text)) throw new InvalidArgumentError("ssl:HOST:PORT or tcp:HOST:PORT is needed.");
  return text;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  const most = doctorLimits.longestStepMs / 1000;
  if (!(seconds > 0 && seconds <= most)) throw new InvalidArgumentError(`seconds, more than 0 and up to ${most}.`);
  return seconds;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InvalidArgumentError("a whole number from 0 to 4294967295 is needed.");
  }
  return seed;
}
