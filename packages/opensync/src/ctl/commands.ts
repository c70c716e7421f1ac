/** The tree of `opensync cloud ctl`; what a command does is loaded when it is called. */

import { Argument, type Command, Option } from "commander";
import { clock } from "../run.ts";
import { collectPair, parseDuration, parseLimit, parseMoment, parseVersion } from "./arguments.ts";

const roles = ["viewer", "operator", "admin", "owner"];
const exitUsage = 2;

export function addCtl(cloud: Command): void {
  const ctl = withCommon(cloud.command("ctl"))
    .enablePositionalOptions()
    .description("what the cloud's API does, from the shell: of the cloud in --dir, or of any with --url and a token");
  addGeneric(ctl);
  addLooks(ctl);
  addDocuments(ctl);
  addChanges(ctl);
  addManagement(ctl);
  addTransfer(ctl);
}

function addGeneric(ctl: Command): void {
  withCommon(ctl.command("routes"))
    .description("every route of the API, with the role that it needs")
    .action(async (_, command) => (await import("./generic.ts")).routes(all(command)));
  withCommon(ctl.command("call"))
    .description("calls a route: ctl call 'GET /locations/:location/nodes' location=Home")
    .argument("<route>", "METHOD and path, as 'ctl routes' lists it")
    .argument("[name=value...]", "parameters of the path", collectPair)
    .option("--query <name=value>", "of the query (repeatable)", collectPair)
    .option("--body <body>", "JSON, a file with it, or - for stdin")
    .action(async (route, parameters = {}, _, command: Command) => {
      const { call, callProblem } = await import("./generic.ts");
      const problem = callProblem(route, parameters);
      if (problem !== undefined) usage(command, problem);
      await call(route, parameters, all(command));
    });
}

function addLooks(ctl: Command): void {
  withCommon(ctl.command("status"))
    .description("locations: which version holds, whether it is proven, how many nodes are connected")
    .action(async (_, command) => (await import("./look.ts")).status(all(command)));
  ofLocation(ctl, "nodes")
    .description("nodes of a location: connection, and what is still to come or wrong")
    .action(async (location, _, command) => (await import("./look.ts")).nodes(...at(location, command)));
  withCommon(ctl.command("callers"))
    .description("nodes that have called and are nobody's")
    .action(async (_, command) => (await import("./look.ts")).callers(all(command)));
  ofLocation(ctl, "clients")
    .description("clients that are connected now, and devices that the document names")
    .action(async (location, _, command) => (await import("./look.ts")).clients(...at(location, command)));
  ofLocation(ctl, "events")
    .description("what has happened at a location; with --follow what happens, there or everywhere")
    .option("--follow", "as it happens, until Ctrl-C")
    .option("--count <number>", "with --follow: ends after so many", parseLimit)
    .option("--kind <kind>", "only these, e.g. roamed")
    .option("--limit <number>", "the last so many", parseLimit)
    .action(async (location, _, command) => (await import("./live.ts")).events(...at(location, command)));
  ofLocation(ctl, "alerts", "all within reach unless given")
    .description("alerts that are open")
    .option("--all", "those that are over, too")
    .option("--limit <number>", "the last so many", parseLimit)
    .action(async (location, _, command) => (await import("./look.ts")).alerts(...at(location, command)));
  atLocation(ctl.command("explain"))
    .description("why the cloud moves a client, or lets it stay")
    .argument("<mac>", "the client")
    .action(async (mac, _, command) => (await import("./look.ts")).explain(mac, all(command)));
  ofLocation(ctl, "audit", "the cloud's own trail unless given")
    .description("who has done what, refusals included")
    .option("--actor <actor>", "only what they did, e.g. user:alice")
    .option("--limit <number>", "the last so many", parseLimit)
    .action(async (location, _, command) => (await import("./look.ts")).audit(...at(location, command)));
}

function addDocuments(ctl: Command): void {
  ofLocation(ctl, "show")
    .description(
      "the document of the version that holds, to be changed and drafted (secrets are null, and stay as they are)",
    )
    .option("--version <number>", "another version", parseVersion)
    .option("--secrets", "with secrets; the audit trail has it")
    .action(async (location, _, command) => (await import("./documents.ts")).show(...at(location, command)));
  atLocation(ctl.command("draft"))
    .description("saves a document as a draft, and says what it would change")
    .argument("<file>", "a document, as 'show' prints it (a home file is one); - for stdin")
    .option("--based-on <number>", "refused where another version is the newest; the newest unless given", parseVersion)
    .action(async (file, _, command) => (await import("./documents.ts")).draft(file, all(command)));
  ofLocation(ctl, "diff")
    .description("what the newest version changes, compared with the one that holds")
    .option("--from <number>", "compared with another version", parseVersion)
    .option("--to <number>", "of another version", parseVersion)
    .action(async (location, _, command) => (await import("./documents.ts")).diff(...at(location, command)));
  waiting(ofLocation(ctl, "apply"))
    .description("the draft holds from now on")
    .option("--version <number>", "refused where it is not the newest; the newest unless given", parseVersion)
    .action(async (location, _, command) => (await import("./documents.ts")).apply(...at(location, command)));
  ofLocation(ctl, "discard")
    .description("the draft is not to be")
    .action(async (location, _, command) => (await import("./documents.ts")).discard(...at(location, command)));
  waiting(atLocation(ctl.command("revert")))
    .description("a new version that equals an old one holds from now on")
    .argument("<version>", "the old one", parseVersion)
    .action(async (version, _, command) => (await import("./documents.ts")).revert(version, all(command)));
  ofLocation(ctl, "versions")
    .description("versions of the document, the newest first")
    .option("--limit <number>", "so many", parseLimit)
    .action(async (location, _, command) => (await import("./documents.ts")).versions(...at(location, command)));
}

function addChanges(ctl: Command): void {
  atLocation(ctl.command("claim"))
    .description("takes a node into a location and its document")
    .argument("[serial|id]", "its serial number, or the id under which it has called")
    .addOption(
      new Option("--role <role>", "gateway where the location has none, else extender, unless given").choices([
        "gateway",
        "extender",
      ]),
    )
    .option("--id <id>", "its AWLAN_Node.id; what it says itself unless given")
    .option("--pack <id>", "all nodes of this pack instead")
    .action(async (node, _, command: Command) => {
      const { pack, role, id } = command.opts();
      if ((node === undefined) === (pack === undefined)) usage(command, "name a node, or a pack with --pack");
      if (pack !== undefined && (role ?? id) !== undefined) usage(command, "--role and --id are for one node");
      await (await import("./change.ts")).claim(node, all(command));
    });
  atLocation(ctl.command("release"))
    .description("takes a node out of a location and its document")
    .argument("<serial|id>", "its serial number, or its id")
    .action(async (node, _, command) => (await import("./change.ts")).release(node, all(command)));
  atLocation(ctl.command("freeze"))
    .description("no Internet for a device, for good or for a time")
    .argument("<mac>", "the device")
    .option("--for <time>", "for so long, e.g. 30m, 2h", parseDuration)
    .action(async (mac, _, command) => (await import("./change.ts")).freeze(mac, all(command)));
  atLocation(ctl.command("unfreeze"))
    .description("the device has Internet again")
    .argument("<mac>", "the device")
    .action(async (mac, _, command) => (await import("./change.ts")).unfreeze(mac, all(command)));
  atLocation(ctl.command("band"))
    .description("holds a device to one band for a time, such as 2.4G while it is set up")
    .argument("<mac>", "the device")
    .addArgument(new Argument("<band>", "the band; any: all bands again").choices(["2.4G", "5G", "6G", "any"]))
    .option("--for <time>", "for so long, e.g. 10m; 30 minutes unless given", parseDuration)
    .action(async (mac, band, _, command) => (await import("./change.ts")).band(mac, band, all(command)));
  const key = ctl.command("key").description("keys of a network");
  atLocation(key.command("add"))
    .description("adds a key with a passphrase that the cloud makes up")
    .argument("<ssid>", "the network")
    .option("--label <text>", "whose it is")
    .addOption(new Option("--zone <zone>", "guest unless given").choices(["home", "guest", "internet-only"]))
    .option(
      "--expires <when>",
      "2026-08-01T18:00:00Z, or 7d from now",
      parseMoment(() => clock.wallTime()),
    )
    .action(async (ssid, _, command) => (await import("./change.ts")).addKey(ssid, all(command)));
  atLocation(key.command("remove"))
    .description("takes a key away")
    .argument("<ssid>", "the network")
    .argument("<key>", "the key, e.g. key-1")
    .action(async (ssid, name, _, command) => (await import("./change.ts")).removeKey(ssid, name, all(command)));
}

function addManagement(ctl: Command): void {
  withCommon(ctl.command("tenant").description("tenants").command("add"))
    .description("makes a tenant")
    .argument("<name>")
    .action(async (name, _, command) => (await import("./manage.ts")).addTenant(name, all(command)));
  withCommon(ctl.command("location").description("locations").command("add"))
    .description("makes a location")
    .argument("<name>")
    .option("--tenant <tenant>", "of this one, by id or name; may be left out where there is one only")
    .action(async (name, _, command) => (await import("./manage.ts")).addLocation(name, all(command)));
  withCommon(ctl.command("user").description("users").command("add"))
    .description("makes a user; a password that is made up is told once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what they may").choices(roles).makeOptionMandatory())
    .option("--tenant <tenant>", "of this one only, by id or name")
    .option("--password-file <file>", "with the password; - for stdin")
    .action(async (name, _, command) => (await import("./manage.ts")).addUser(name, all(command)));
  withCommon(ctl.command("token").description("tokens for programs").command("add"))
    .description("makes a token; its text is told once")
    .argument("<name>")
    .addOption(new Option("--role <role>", "what it may").choices([...roles, "scrape"]).makeOptionMandatory())
    .option("--tenant <tenant>", "of this one only, by id or name")
    .option(
      "--expires <when>",
      "2026-08-01T18:00:00Z, or 30d from now",
      parseMoment(() => clock.wallTime()),
    )
    .action(async (name, _, command) => (await import("./manage.ts")).addToken(name, all(command)));
}

function addTransfer(ctl: Command): void {
  ofLocation(ctl, "export")
    .description("a location as JSON")
    .option("--tenant <tenant>", "a tenant with all its locations instead")
    .option("--secrets", "with secrets; the audit trail has it")
    .option("--out <file>", "into a new file that only you can read")
    .action(async (location, _, command) => (await import("./transfer.ts")).exportData(...at(location, command)));
  atLocation(ctl.command("import"))
    .description("an export as a new location, as a draft of one (--location), or of a tenant as a new tenant")
    .argument("<file>", "what 'export' has written; - for stdin")
    .option("--tenant <tenant>", "whose the new location is; may be left out where there is one only")
    .action(async (file, _, command) => (await import("./transfer.ts")).importData(file, all(command)));
  withCommon(ctl.command("backup"))
    .description("all that is in the store, into a new file")
    .argument("<file>", "lines of JSON; secrets stay sealed with the cloud's store.key")
    .action(async (file, _, command) => (await import("./transfer.ts")).backup(file, all(command)));
}

const shared = ["dir", "url", "tokenFile", "caCert", "json", "why"];

/** Adds which cloud it is about, who asks, and how it is told. */
function withCommon(command: Command): Command {
  return command
    .option("--dir <dir>", "directory of a cloud, or of a home (default: that of a home, .opensync/cloud)")
    .option("--url <url>", "address of the API of a cloud elsewhere, e.g. https://cloud.example:8443")
    .option("--token-file <file>", "with a token; else OPENSYNC_TOKEN, else that of --dir")
    .option("--ca-cert <file>", "whom to trust that it is the cloud (PEM)")
    .option("--why <text>", "for the audit trail")
    .option("--json", "as JSON");
}

function atLocation(command: Command): Command {
  return withCommon(command).option("--location <location>", "by id or name; may be left out where there is one only");
}

function ofLocation(ctl: Command, name: string, otherwise = "may be left out where there is one only"): Command {
  return withCommon(ctl.command(name))
    .argument("[location]", `by id or name; ${otherwise}`)
    .addOption(new Option("--location <location>", "the same").hideHelp());
}

function waiting(command: Command): Command {
  return command.option("--wait <time>", "until the nodes have proven it, so long at most, e.g. 60s", parseDuration);
}

/** The command's options, with those that it shares from before its name. */
function all<T extends object>(command: Command): T {
  const options: Record<string, unknown> = {};
  for (let at: Command | null = command.parent; at; at = at.parent) {
    for (const name of shared) {
      if (at.getOptionValueSource(name) === "cli") options[name] ??= at.getOptionValue(name);
    }
  }
  return { ...options, ...command.opts() } as T;
}

/** The location and the options. */
function at<T extends object>(location: string | undefined, command: Command): [string | undefined, T] {
  return [location ?? command.opts().location, all(command)];
}

function usage(command: Command, text: string): never {
  command.error(`error: ${text}`, { exitCode: exitUsage });
}
