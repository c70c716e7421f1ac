/**
 * Puts one node together: directory, target, database, server, DM with its managers. Starting a node is booting a
 * device. Nothing here is global: a process may hold as many nodes as it has memory for.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { Log, type LogSink, tee } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { parseCloudAddress } from "@opensync-ts/managers/cm/address";
import { systemResolver } from "@opensync-ts/managers/cm/resolver";
import { commonRows } from "@opensync-ts/managers/dm/common-rows";
import { type ServiceView, startDm } from "@opensync-ts/managers/dm/dm";
import type { ManagerDefinition } from "@opensync-ts/managers/manager";
import type { RunningOwm } from "@opensync-ts/managers/owm/owm";
import { ProcessLogs } from "@opensync-ts/managers/pm/log-levels";
import type { MqttConnector } from "@opensync-ts/managers/qm/connector";
import { createMqttConnector } from "@opensync-ts/managers/qm/mqtt-connector";
import { RemoteLog } from "@opensync-ts/managers/qm/remote-log";
import type { Client } from "@opensync-ts/ovsdb/client";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import { type Dial, dial } from "@opensync-ts/ovsdb/socket-transport";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { type OpenSync, openSync } from "@opensync-ts/schema/opensync";
import type { DeviceControl } from "@opensync-ts/target/control";
import type { StorageDamage } from "@opensync-ts/target/storage";
import type { Target } from "@opensync-ts/target/target";
import type { Wireless } from "@opensync-ts/wireless/contract";
import packageJson from "../package.json" with { type: "json" };
import { Closers } from "./closers.ts";
import { nodeCommands, openNodeControl } from "./control.ts";
import { lockNodeDirectory, makeNodeDirectory, type NodeDirectory, nodeDirectory } from "./directory.ts";
import { dumpNode } from "./dump.ts";
import { explainNode, type NodeExplanation } from "./explanation.ts";
import { nodeLimits } from "./limits.ts";
import { LogFile, logFilesOf } from "./log-file.ts";
import { buildManagers, services } from "./managers.ts";
import { bootTimeOf, openNodeDatabase } from "./node-database.ts";
import { PowerSwitch } from "./power-switch.ts";
import { loadProfile } from "./profiles.ts";
import { checkedTlsFiles, type TlsPaths } from "./tls-paths.ts";
import { ConnectionGuard } from "./way-out.ts";

export interface NodeOptions {
  /** Everything the node keeps is in here; see `directory.ts`. Created where absent. */
  readonly directory: string;
  /** What the target must call itself; by default whatever it does. */
  readonly id?: string;
  /** The device, or what makes it once the directory is the node's own. The node closes it. */
  readonly target: Target | ((place: TargetPlace) => Target);
  /** A profile's name or file; by default `default`. */
  readonly profile?: string;
  /** Overrides values of the profile (`CONFIG_NAME`), usually `process.env`. */
  readonly environment?: { readonly [name: string]: string | undefined };
  /** The redirector, `PROTO:HOST:PORT`; by default the profile's. */
  readonly redirector?: string;
  /** Remotes to serve besides the node's own socket. */
  readonly listen?: readonly string[];
  /** Third-party modules, started and stopped at run time by `Node_Config` (module = name, key `enable`). */
  readonly modules?: readonly ManagerDefinition[];
  /** Go on with the database as it was, instead of booting. */
  readonly resume?: boolean;
  /** The managers start anew, on a new database, without a boot of the device. */
  readonly restart?: boolean;
  /** Seconds since the Unix epoch; by default now, or as the database says. */
  readonly bootTime?: number;
  /** What the managers can do to the device as a whole; by default nothing. */
  readonly control?: DeviceControl & { readonly powerCut?: () => void };
  /** OWM asks drivers for ever for what they cannot do, as the reference does, instead of respecting and learning their limits. */
  readonly strict?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** Gets every log line, besides the node's log file. */
  readonly logSink?: LogSink;
  /** The device's certificate; by default the files in its `certs`. */
  readonly tls?: TlsPaths;
  /** How the database's server dials; by default over the machine's network. */
  readonly dial?: Dial;
  /** How QM gets to its broker; by default over the network, as far as the device has a way out. */
  readonly mqtt?: MqttConnector;
}

export interface TargetPlace {
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** For its persistent storage: says in the log what was found damaged. */
  readonly onDamage: (damage: StorageDamage) => void;
}

export interface RunningNode {
  readonly id: string;
  readonly directory: NodeDirectory;
  /** The node's own socket. */
  readonly socketPath: string;
  readonly target: Target;
  /** A client in the database's own process; open as long as the node runs. */
  readonly client: Client<OpenSync>;
  /** OWM's core while OWM serves; another one after each restart. */
  readonly wireless: Wireless | undefined;
  /** What steering decides and does; likewise. */
  readonly steeringEvents: RunningOwm["steeringEvents"] | undefined;
  /** False when the database went on as it was. */
  readonly booted: boolean;
  services(): readonly ServiceView[];
  /** Why the radios are, or are not, as they should be. */
  explain(): NodeExplanation;
  /** What every manager knows, as text for people that is stable enough to compare. */
  dump(): string;
  /** Ends everything within two seconds. Idempotent; never rejects. */
  stop(): Promise<void>;
  /** Radios, wires and flash are dead when this returns; what is left in memory ends as `stop` ends it. */
  cutPower(): void;
}

/** Resolves when every manager serves or has failed its first start. Rejects with a `UserError` where a person can help. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const closers = new Closers(options.clock);
  try {
    return await assemble(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function assemble(options: NodeOptions, closers: Closers): Promise<RunningNode> {
  const { clock, random } = options;
  const profile = loadProfile(options.profile ?? "default", services, options.environment);
  const redirector = checkedRedirector(options.redirector ?? profile.values.CONTROLLER_ADDR);
  const directory = nodeDirectory(options.directory);
  const tls = checkedTlsFiles(options.tls ?? {}, directory.certificates);
  makeNodeDirectory(directory);
  const lock = lockNodeDirectory(directory);
  closers.add("lock", () => lock.release());
  const remoteLog = new RemoteLog();
  let powered = true;
  const log = openLog(directory, options, { remoteLog, closers, isOn: () => powered });
  const logs = new ProcessLogs(log);
  closers.onProblem((problem) => log.warning(problem));

  const device = openTarget(options, {
    ...{ directory: directory.path, clock, random, log },
    onDamage: (damage) => log.error(damageText(damage)),
  });
  closers.add("target", () => device.close());
  const power = new PowerSwitch(device.storage);
  const { control } = options;
  const target: Target = { ...device, storage: power.storage, ...(control && { control }) };
  const { id } = target.unit;
  if (options.id !== undefined && options.id !== id) {
    throw new UserError(`${directory.path}: asked for node '${options.id}', but the device is '${id}'`);
  }

  const { file, booted } = await openNodeDatabase({
    path: directory.database,
    resume: options.resume ?? false,
    rows: [
      commonRows({
        firewall: target.firewall !== undefined,
        redirectorAddress: redirector,
        versions: { "opensync-ts": packageJson.version, schema: openSync.version },
        services: profile.managers,
        links: target.network.links(),
      }),
      target.prepopulation,
    ],
    clock,
    random,
    log: logs.of("OVSDB"),
  });
  closers.add("database", () => file.close());
  log.notice(`node ${id}: ${booted ? "boot" : "resumed"}, profile ${profile.name}, target ${target.name}`);

  const connect = () => new LocalClient<OpenSync>({ engine: file.database, durable: file.durable });
  const { wayOut } = target.network;
  const dialed = options.dial ?? dial;
  const guard = wayOut && new ConnectionGuard(wayOut, clock, dialed);
  const server = new OvsdbServer({
    databases: [file.served],
    clock,
    random,
    log: logs.of("OVSDB"),
    dial: guard?.dial ?? dialed,
  });
  if (guard) closers.add("connections", () => guard.close());
  closers.add("server", () => server.close());
  await server.listen(`punix:${directory.socket}`);
  // The row is CM's to write, later: what listens from the start takes the files themselves.
  for (const remote of options.listen ?? []) await server.listen(remote, tls);
  await server.listen("db:Open_vSwitch,Open_vSwitch,manager_options", sslRow);

  const bootTime = bootTimeOf(file.database) ?? options.bootTime ?? Math.floor(clock.wallTime() / 1000);
  const dm = await startDm({
    definitions: buildManagers({
      values: profile.values,
      tls,
      logs,
      remoteLog,
      qmSocket: directory.qmSocket,
      bootTime: () => bootTime,
      ...mqttAndResolver(options, tls, guard),
      logSources: { logFiles: () => logFilesOf(directory.log), dump: () => dump() },
    }),
    ...(options.modules ? { modules: options.modules } : {}),
    connect,
    target,
    clock,
    random,
    logOf: (name) => logs.of(name),
    options: { strict: options.strict ?? false },
    boot: booted && !options.restart,
    newDatabase: booted,
  });
  closers.add("managers", () => dm.stop());
  const client = connect();
  closers.add("client", () => client.close());
  const owm = () => dm.running("owm") as RunningOwm | undefined;
  const { storage } = target;
  const dump = () => dumpNode({ id, profile: profile.name, target: target.name, engine: file.database, storage, dm });
  const commands = nodeCommands({ target, owm, dump, clock, ...(control && { control }) });
  const socket = await openNodeControl(directory.controlSocket, commands, { clock, log });
  if (socket) closers.add("control socket", () => socket.close());

  return {
    id,
    directory,
    socketPath: directory.socket,
    target: device,
    client,
    booted,
    get wireless() {
      return owm()?.wireless;
    },
    get steeringEvents() {
      return owm()?.steeringEvents;
    },
    services: () => dm.services(),
    explain: () => explainNode(owm()),
    dump,
    stop: () => closers.close(),
    cutPower() {
      powered = false;
      power.cut();
      device.close();
      void closers.close();
    },
  };
}

/** What a simulated device sends out of itself meets what lies between it and the world. */
function mqttAndResolver({ clock, mqtt }: NodeOptions, tls: TlsFiles, guard: ConnectionGuard | undefined) {
  if (mqtt) return { mqtt, ...(guard && { resolver: guard.resolver(systemResolver) }) };
  return guard
    ? { mqtt: guard.mqtt(createMqttConnector({ clock, tls })), resolver: guard.resolver(systemResolver) }
    : {};
}

/** Where the server finds the node's certificate: CM keeps the row. */
const sslRow: TlsFiles = {
  privateKey: "db:Open_vSwitch,SSL,private_key",
  certificate: "db:Open_vSwitch,SSL,certificate",
  caCert: "db:Open_vSwitch,SSL,ca_cert",
};

function checkedRedirector(address: string): string {
  if (address === "" || parseCloudAddress(address)) return address;
  const shown = address.slice(0, nodeLimits.shownAddressLength);
  throw new UserError(
    `redirector '${shown}': it must be ssl:HOST:PORT (tcp:HOST:PORT without TLS), PORT from 1 to 65535`,
  );
}

/** `isOn`: without power nobody writes a log. */
function openLog(
  directory: NodeDirectory,
  options: NodeOptions,
  parts: { readonly remoteLog: RemoteLog; readonly closers: Closers; readonly isOn: () => boolean },
): Log {
  const { remoteLog, closers, isOn } = parts;
  let file: LogFile;
  try {
    file = new LogFile(directory.log);
  } catch (error) {
    const problem = `cannot be written: ${messageOf(error)}`;
    throw new UserError(`${directory.log}: ${problem}; make it writable, or give another directory`, { cause: error });
  }
  closers.add("log", () => file.close());
  const { clock, logSink } = options;
  const sink = logSink ? tee(file.sink, logSink) : file.sink;
  return Log.create({
    name: "NODE",
    sink: (record) => {
      if (isOn()) sink(record);
    },
    remoteSink: remoteLog.sink,
    wallTime: () => clock.wallTime(),
  });
}

function damageText({ store, file, reason, recovered }: StorageDamage): string {
  const now = recovered === "nothing" ? "nothing is left of it, it starts empty" : "the version before stands in";
  return `persistent storage: '${store}' is damaged: ${reason}; ${now} (${file})`;
}

function openTarget({ target }: NodeOptions, place: TargetPlace): Target {
  return typeof target === "function" ? target(place) : target;
}
