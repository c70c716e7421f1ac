/** Puts one cloud together: store, certificates, redirector, controller, broker, locations. */

import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { parseMac } from "@opensync-ts/base/units";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import { type HandshakeRefusal, listen } from "@opensync-ts/ovsdb/listener";
import { formatRemote, type ListenRemote, parseRemote } from "@opensync-ts/ovsdb/remote";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { SchemaCache } from "@opensync-ts/ovsdb/schema-cache";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { openSync } from "@opensync-ts/schema/opensync";
import type { SimulatedHome } from "./api/host.ts";
import { liveSteering } from "./api/live-steering.ts";
import { liveTelemetry } from "./api/live-telemetry.ts";
import { startApi } from "./api/start-api.ts";
import { Certificates } from "./certificates.ts";
import { cloudMetrics } from "./cloud-metrics.ts";
import { type Attach, Controller } from "./controller.ts";
import { type Home, readHome } from "./home.ts";
import { homeFileNotice, takeHomeFile } from "./home-file-version.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { Locations } from "./locations.ts";
import { Broker } from "./mqtt/broker.ts";
import { NodeAccess } from "./mqtt/node-access.ts";
import { Redirector } from "./redirector.ts";
import { handshakeGate } from "./sockets/handshake-gate.ts";
import { SocketThreads } from "./sockets/socket-threads.ts";
import { openFollowers } from "./statistics/followers.ts";
import { Statistics } from "./statistics/statistics.ts";
import type { BrokerAddress } from "./stats-rows.ts";
import { Steering } from "./steering/loop/steering.ts";
import { openStore, type Store } from "./store/store.ts";
import { StoredLocations } from "./stored-locations.ts";
import { Telemetry } from "./telemetry/telemetry.ts";
import { TicketFile } from "./ticket-keys.ts";
import { Unserved } from "./unserved.ts";
import { Workbench } from "./workbench/workbench.ts";

export interface CloudOptions {
  /** Where the cloud keeps its files. */
  readonly directory: string;
  /** A home, or the path of its file. Left out: only what the store has. */
  readonly home?: Home | string | undefined;
  /** Where locations are kept; left out: nowhere, and `home` is all there is. */
  readonly store?:
    | { /** `postgres://…`; left out: embedded, in `directory`. */ readonly url?: string | undefined }
    | undefined;
  /** Where nodes call: `pssl:PORT[:IP]`; port 0 lets the system choose. `ptcp:…` only with `insecure`. */
  readonly redirector: string;
  readonly controller: string;
  /** Where nodes publish their statistics: likewise. Left out: nowhere, and whatever nodes are told about it is left as it is. */
  readonly mqtt?: string;
  /** Where the certificates are; by default `tls` in `directory`, made there when missing. */
  readonly tlsDirectory?: string;
  /** Allow connections without TLS: anybody who reaches the port is believed to be the node it says it is. */
  readonly insecure?: boolean;
  /** Where the API listens, with a store; left out: nowhere. Port 0 lets the system choose. */
  readonly http?: { readonly port: number; readonly address?: string | undefined; readonly tls?: boolean } | undefined;
  /** Directory of the built console, which the API's port serves at `/`; left out: there is none. */
  readonly console?: string | undefined;
  /** That of `home`, where it is simulated: the API lets it be looked at, and things happen in it. */
  readonly simulation?: SimulatedHome | undefined;
  /** Name or IPv4 address by which nodes reach this machine; by default found out. */
  readonly advertise?: string;
  /**
   * Nodes' sockets are worked in so many threads of their own, so that `echo` is answered whatever the cloud is at; they have the real clock. For
   * very many nodes; by default they are worked in this thread.
   */
  readonly socketThreads?: number;
  /** Called as soon as nodes may call; they are served when the store has been opened. */
  readonly onListening?: ((listening: Listening) => void) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What is known of a cloud before it serves anybody. */
export interface Listening {
  readonly locations: Locations;
  readonly redirectorAddress: string;
  readonly certificates: Certificates | undefined;
}

export interface RunningCloud {
  readonly locations: Locations;
  /** That of `home`; undefined without one. */
  readonly location: Location | undefined;
  /** For people: the location of the home file says something else than the file, or did until now. Undefined: it says the same. */
  readonly homeFileNotice: string | undefined;
  readonly store: Store | undefined;
  /** What a node's `AWLAN_Node.redirector_addr` must be: `ssl:127.0.0.1:6643`, with the port really bound. */
  readonly redirectorAddress: string;
  /** What nodes are sent to. */
  readonly controllerAddress: string;
  /** What nodes are told about statistics; undefined without a broker. */
  readonly brokerAddress: BrokerAddress | undefined;
  readonly broker: Broker | undefined;
  /** What nodes have published. */
  readonly statistics: Statistics;
  /** Undefined without a store. */
  readonly steering: Steering | undefined;
  readonly telemetry: Telemetry | undefined;
  /** `http://127.0.0.1:8080`; undefined where it does not listen. */
  readonly apiUrl: string | undefined;
  /** A link that signs who has the cloud's shell in to the console, once and for 10 minutes. Undefined: there is no console. */
  signInLink(): Promise<string | undefined>;
  /** Undefined where no listener uses TLS. */
  readonly certificates: Certificates | undefined;
  /** Rejects with a `UserError` once the cloud has to end: another has its store. */
  readonly failed: Promise<never>;
  /** Ends all connections; resolves within 2 s. Nodes keep what they were given, and call again. */
  stop(): Promise<void>;
}

/** One that was started with a home. */
export type HomeCloud = RunningCloud & { readonly location: Location };

/** Throws a `UserError` for anything the user can set right: home file, store, remotes, ports, certificates. */
export async function startCloud(options: CloudOptions & { readonly home: Home | string }): Promise<HomeCloud>;
export async function startCloud(options: CloudOptions): Promise<RunningCloud>;
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const { clock, random, log } = options;
  const home = typeof options.home === "string" ? await readHome(options.home) : options.home;
  if (!home && !options.store) throw new UserError("neither a home nor a store; name a home file");
  const insecure = options.insecure ?? false;
  const redirectorRemote = listenRemote(options.redirector, insecure);
  const controllerRemote = listenRemote(options.controller, insecure);
  const brokerRemote = options.mqtt === undefined ? undefined : listenRemote(options.mqtt, insecure);
  makePrivateDirectory(options.directory);
  const brokerHost = brokerRemote && reachableHost(brokerRemote, options.advertise);
  const remotes = [redirectorRemote, controllerRemote, brokerRemote];
  const certificates = remotes.some((remote) => remote?.kind === "pssl")
    ? await Certificates.open({
        directory: options.tlsDirectory ?? join(options.directory, "tls"),
        clock,
        random,
        // CM takes any name for the controller; QM wants the certificate to have the broker's.
        hosts: [options.advertise, brokerHost].filter((host) => host !== undefined),
      })
    : undefined;

  const locations = new Locations();
  const statistics = new Statistics({ clock, log: log.child("STATS") });
  const schemas = new SchemaCache();
  const work = new WorkQueue(clock, limits.workSliceMs);
  const attach: Attach = (transport) =>
    RemoteClient.attach(transport, openSync, {
      clock,
      inactivityProbeMs: limits.inactivityProbeMs,
      maxMessageBytes: limits.nodeMessageBytes,
      maxReplicaBytes: limits.mirrorBytes,
      schemas,
      work,
    });
  const closers: (() => void | Promise<void>)[] = [];
  /** The store is the last to go. */
  let store: Store | undefined;
  const tickets = certificates && new TicketFile({ directory: certificates.directory, clock, log: log.child("TLS") });
  closers.push(() => tickets?.close());
  const gate = handshakeGate(clock, log.child("TLS"));
  const unserved = new Unserved({ locations, clock, log });
  const refused = ({ name, reason, left }: HandshakeRefusal) => {
    if (left) unserved.trouble(name, reason);
    else unserved.tell({ peer: name, commonName: undefined, reason });
  };
  const closeAll = async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
    await sockets?.close();
    await store?.close();
  };
  const sockets = options.socketThreads
    ? new SocketThreads({ count: options.socketThreads, tickets, clock, log })
    : undefined;
  const open = async (remote: ListenRemote, accept: (transport: Transport) => void) => {
    const tls = certificates?.server;
    const listener = sockets
      ? await sockets.listen(remote, { accept, refused, tls })
      : await listen(remote, { accept, tls: tls && (() => tls), gate, refused, tickets, log });
    closers.push(() => listener.close());
    return addressFor(listener.remote as ListenRemote, options.advertise);
  };
  // Nodes may call while the store is opened, which takes its time; they are served after that.
  const serving = Promise.withResolvers<(transport: Transport) => void>();
  const redirecting = Promise.withResolvers<(transport: Transport) => void>();
  // Where a port is taken, nobody has asked for them yet.
  for (const { promise } of [serving, redirecting]) promise.catch(() => {});
  const whenReady =
    ({ promise }: typeof serving) =>
    (transport: Transport) =>
      void promise.then(
        (accept) => accept(transport),
        () => transport.destroy(),
      );
  try {
    const controllerAddress = await open(controllerRemote, whenReady(serving));
    const redirectorAddress = await open(redirectorRemote, whenReady(redirecting));
    options.onListening?.({ locations, redirectorAddress, certificates });
    let location: Location | undefined;
    let notice: string | undefined;
    if (options.store) {
      store = await openStore({ directory: options.directory, url: options.store.url, clock, random, log });
      const taken = home && (await takeHomeFile(store, home));
      const stored = await StoredLocations.open({ store, locations, clock, log: log.child("STORE") });
      closers.push(() => stored.close());
      location = taken && locations.get(taken.location);
      notice = taken && homeFileNotice(location?.home.name ?? "", taken);
      if (notice !== undefined) log.notice(notice);
    } else if (home) {
      location = new Location(home);
      locations.add(location);
      // Without a store there are no versions to go back to but the last.
      locations.events.on("event", (event) => {
        if (event.kind === "quarantined") location?.fallBack();
      });
    }
    let broker: Broker | undefined;
    let brokerAddress: BrokerAddress | undefined;
    if (brokerRemote && brokerHost !== undefined) {
      broker = await Broker.start({
        remote: brokerRemote,
        tls: certificates?.server,
        gate,
        tickets,
        host: new NodeAccess(locations, (...publication) => statistics.take(...publication)),
        clock,
        log: log.child("MQTT"),
      });
      closers.push(() => broker?.stop());
      brokerAddress = { host: brokerHost, port: broker.remote.port, tls: brokerRemote.kind === "pssl" };
      const followers = await openFollowers(options.directory, statistics, { clock, log: log.child("STATS") });
      closers.push(() => followers?.close());
    }
    const forgotten = () => statistics.retain((node) => locations.placeOf(node) !== undefined);
    const heard = ({ node }: { readonly node: string }) =>
      locations.placeOf(node)?.location.heard(node, clock.wallTime());
    closers.push(statistics.onPublication(heard));
    closers.push(locations.events.on("home", forgotten), locations.events.on("removed", forgotten));
    let steering: Steering | undefined;
    let telemetry: Telemetry | undefined;
    if (store) {
      const shared = { store, locations, statistics, clock };
      telemetry = await Telemetry.start({ ...shared, directory: options.directory, log: log.child("TELEM") });
      steering = new Steering({ ...shared, random, log: log.child("STEER") });
    }
    const controller = new Controller({
      locations,
      attach,
      work,
      broker: brokerAddress,
      steering: (node) => steering?.node(node),
      clock,
      log: log.child("CTRL"),
    });
    // What happens because the cloud stops is of no interest to those who watch it.
    closers.push(
      () => telemetry?.stop(),
      () => steering?.stop(),
      steering?.onChange((node) => controller.steeringChanged(node)) ?? nothing,
      () => controller.stop(),
    );
    serving.resolve((transport) => void controller.accept(transport));
    const redirector = new Redirector({
      locations,
      controller: controllerAddress,
      attach,
      clock,
      log: log.child("REDIR"),
    });
    closers.push(() => redirector.stop());
    redirecting.resolve((transport) => void redirector.accept(transport));
    let apiUrl: string | undefined;
    let signInLink: RunningCloud["signInLink"] = async () => undefined;
    if (store && options.http) {
      const { directory } = options;
      const workbench = new Workbench({ clock, statistics });
      closers.push(() => workbench.stop());
      const api = await startApi({
        host: {
          directory,
          store,
          locations,
          metrics: cloudMetrics({ locations, controller, broker, telemetry }),
          connection: {
            redirector: redirectorAddress,
            authority: certificates ? readFileSync(certificates.server.caCert, "utf8") : null,
          },
          telemetry: telemetry && liveTelemetry(telemetry, locations, () => clock.wallTime(), lastName(steering)),
          steering: steering && liveSteering(steering),
          workbench,
          simulation: (id) => (id === location?.id ? options.simulation : undefined),
        },
        listen: options.http,
        console: options.console,
        tls: options.http.tls && certificates ? tlsFiles(certificates) : undefined,
        clock,
        random,
        log: log.child("API"),
      });
      closers.push(() => api.stop());
      apiUrl = api.url;
      signInLink = () => api.signInLink();
      makePrivateDirectory(join(directory, "run"));
      writeFileAtomic(apiUrlFile(directory), `${apiUrl}\n`);
    }
    const publish = brokerAddress ? `, broker at ${brokerAddress.host}:${brokerAddress.port}` : "";
    log.info(
      `${locations.size} locations: redirector at ${redirectorAddress}, controller at ${controllerAddress}${publish}`,
    );
    return {
      locations,
      location,
      homeFileNotice: notice,
      store,
      redirectorAddress,
      controllerAddress,
      brokerAddress,
      broker,
      statistics,
      steering,
      telemetry,
      apiUrl,
      signInLink,
      certificates,
      failed: store?.lost ?? new Promise<never>(() => {}),
      stop: closeAll,
    };
  } catch (error) {
    serving.reject(error);
    redirecting.reject(error);
    await closeAll();
    throw error;
  }
}

const nothing = () => {};

function lastName(steering: Steering | undefined) {
  return (location: string, text: string) => {
    const mac = parseMac(text);
    return mac && steering?.location(location)?.answers.lastName(mac);
  };
}

/** Where programs of the cloud's machine find its API. */
export function apiUrlFile(directory: string): string {
  return join(directory, "run", "api.url");
}

function tlsFiles({ server }: Certificates) {
  return { key: readFileSync(server.privateKey), cert: readFileSync(server.certificate) };
}

function listenRemote(text: string, insecure: boolean): ListenRemote {
  const remote = parseRemote(text);
  if (remote.kind === "pssl") return remote;
  if (remote.kind !== "ptcp") {
    throw new UserError(`remote '${text}': nodes reach the cloud over TLS; write pssl:PORT[:IP]`);
  }
  if (!insecure) {
    const secure = formatRemote({ ...remote, kind: "pssl" });
    throw new UserError(
      `remote '${text}': plain TCP proves nobody's identity; write ${secure}, or allow it with --insecure`,
    );
  }
  return remote;
}

/** How nodes dial a listener. */
function addressFor(remote: ListenRemote, advertise: string | undefined): string {
  return `${remote.kind === "pssl" ? "ssl" : "tcp"}:${reachableHost(remote, advertise)}:${remote.port}`;
}

/**
 * A name or address by which nodes reach a listener. CM splits `proto:host:port` at the colons, so an IPv6 address cannot be
 * given to it.
 */
function reachableHost({ host }: ListenRemote, advertise: string | undefined): string {
  const reachable = advertise ?? (host === undefined || host === "0.0.0.0" || host === "::" ? ownAddress() : host);
  if (reachable.includes(":")) {
    throw new UserError(`nodes cannot be sent to IPv6 address ${reachable}; listen on IPv4, or advertise a host name`);
  }
  return reachable;
}

/** The machine's first IPv4 address that others can reach; its loopback address where it has no other. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
