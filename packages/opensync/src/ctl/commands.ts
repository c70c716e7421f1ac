/** The tree of `opensync cloud ctl`; what a command does is loaded when it is called. */

import { Argument, type Command, Option } from "commander";
import { clock } from "../run.ts";
import { collectPair, parseDuration, parseLimit, parseMoment, parseVersion } from "./arguments.ts";
import { all, at, atLocation, ofLocation, usage, waiting, withCommon } from "./common.ts";
import { addManagement } from "./management-commands.ts";

const deviceHelp = "its address, or its name as 'clients' shows it";

export function addCtl(cloud: Command): void {
  const ctl = withCommon(cloud.command("ctl"))
    .enablePositionalOptions()
    .description("what the cloud's API does, from the shell: of the cloud in --dir, or of any with --url and a token");
  addGeneric(ctl);
  addLooks(ctl);
  addDocuments(ctl);
  addChanges(ctl);
  addKeys(ctl);
  addManagement(ctl);
  addTransfer(ctl);
}

function addGeneric(ctl: Command): void {
  withCommon(ctl.command("link"))
    .description("a link that signs you in to the console, once, for 10 minutes")
    .action(async (_, command) => (await import("./link.ts")).link(all(command)));
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
    .argument("<client>", "its address, or its name as 'clients' shows it")
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
      await (await import("./nodes.ts")).claim(node, all(command));
    });
  atLocation(ctl.command("release"))
    .description("takes a node out of a location and its document")
    .argument("<serial|id>", "its serial number, or its id")
    .action(async (node, _, command) => (await import("./nodes.ts")).release(node, all(command)));
  atLocation(ctl.command("role"))
    .description("which node is the gateway; what was it becomes an extender")
    .argument("<id|serial>", "the node")
    .addArgument(new Argument("<role>", "what it is to be").choices(["gateway", "extender"]))
    .action(async (node, role, _, command) => (await import("./nodes.ts")).role(node, role, all(command)));
  atLocation(ctl.command("freeze"))
    .description("no Internet for a device, for good or for a time")
    .argument("<device>", deviceHelp)
    .option("--for <time>", "for so long, e.g. 30m, 2h", parseDuration)
    .action(async (mac, _, command) => (await import("./devices.ts")).freeze(mac, all(command)));
  atLocation(ctl.command("unfreeze"))
    .description("the device has Internet again")
    .argument("<device>", deviceHelp)
    .action(async (mac, _, command) => (await import("./devices.ts")).unfreeze(mac, all(command)));
  atLocation(ctl.command("band"))
    .description("holds a device to one band for a time, such as 2.4G while it is set up")
    .argument("<device>", deviceHelp)
    .addArgument(new Argument("<band>", "the band; any: all bands again").choices(["2.4G", "5G", "6G", "any"]))
    .option("--for <time>", "for so long, e.g. 10m; 30 minutes unless given", parseDuration)
    .action(async (mac, band, _, command) => (await import("./devices.ts")).band(mac, band, all(command)));
  atLocation(ctl.command("nickname"))
    .description("what people call a device")
    .argument("<device>", deviceHelp)
    .argument("[name]", "its name; left out: none")
    .action(async (mac, name, _, command) => (await import("./devices.ts")).nickname(mac, name, all(command)));
}

function addKeys(ctl: Command): void {
  const key = ctl.command("key").description("keys of networks");
  ofLocation(key, "list")
    .description("keys of all networks, without their passphrases")
    .action(async (location, _, command) => (await import("./keys.ts")).listKeys(...at(location, command)));
  atLocation(key.command("show"))
    .description("the passphrase of a key; the audit trail has it")
    .argument("<ssid>", "the network")
    .argument("<key>", "the key, e.g. key-1")
    .action(async (ssid, name, _, command) => (await import("./keys.ts")).showKey(ssid, name, all(command)));
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
    .action(async (ssid, _, command) => (await import("./keys.ts")).addKey(ssid, all(command)));
  atLocation(key.command("remove"))
    .description("takes a key away")
    .argument("<ssid>", "the network")
    .argument("<key>", "the key, e.g. key-1")
    .action(async (ssid, name, _, command) => (await import("./keys.ts")).removeKey(ssid, name, all(command)));
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
