/** Puts one cloud together: certificates, redirector, controller, one location. */

import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { type Listener, listen } from "@opensync-ts/ovsdb/listener";
import { formatRemote, type ListenRemote, parseRemote } from "@opensync-ts/ovsdb/remote";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { openSync } from "@opensync-ts/schema/opensync";
import { Certificates } from "./certificates.ts";
import { type Attach, Controller } from "./controller.ts";
import { type Home, readHome } from "./home.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { Redirector } from "./redirector.ts";

export interface CloudOptions {
  /** Where the cloud keeps its files. */
  readonly directory: string;
  /** The home, or the path of its file. */
  readonly home: Home | string;
  /** Where nodes call: `pssl:PORT[:IP]`; port 0 lets the system choose. `ptcp:…` only with `insecure`. */
  readonly redirector: string;
  readonly controller: string;
  /** Where the certificates are; by default `tls` in `directory`, made there when missing. */
  readonly tlsDirectory?: string;
  /** Allow connections without TLS: anybody who reaches the port is believed to be the node it says it is. */
  readonly insecure?: boolean;
  /** Name or IPv4 address by which nodes reach this machine; by default found out. */
  readonly advertise?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface RunningCloud {
  readonly location: Location;
  /** What a node's `AWLAN_Node.redirector_addr` must be: `ssl:127.0.0.1:6643`, with the port really bound. */
  readonly redirectorAddress: string;
  /** What nodes are sent to. */
  readonly controllerAddress: string;
  /** Undefined where no listener uses TLS. */
  readonly certificates: Certificates | undefined;
  /** Ends all connections; resolves within 2 s. Nodes keep what they were given, and call again. */
  stop(): Promise<void>;
}

/** Throws a `UserError` for anything the user can set right: home file, remotes, ports, certificates. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const { clock, random, log } = options;
  const home = typeof options.home === "string" ? await readHome(options.home) : options.home;
  const redirectorRemote = listenRemote(options.redirector, options.insecure ?? false);
  const controllerRemote = listenRemote(options.controller, options.insecure ?? false);
  makePrivateDirectory(options.directory);
  const usesTls = redirectorRemote.kind === "pssl" || controllerRemote.kind === "pssl";
  const certificates = usesTls
    ? await Certificates.open({
        directory: options.tlsDirectory ?? join(options.directory, "tls"),
        clock,
        random,
        hosts: options.advertise === undefined ? [] : [options.advertise],
      })
    : undefined;

  const location = new Location(home);
  const attach: Attach = (transport) =>
    RemoteClient.attach(transport, openSync, { clock, inactivityProbeMs: limits.inactivityProbeMs });
  const controller = new Controller({ location, attach, clock, log: log.child("CTRL") });
  const listeners: Listener[] = [];
  const open = async (remote: ListenRemote, accept: (transport: Transport) => void, tls: TlsFiles | undefined) => {
    const listener = await listen(remote, { accept, tls: tls && (() => tls), log });
    listeners.push(listener);
    return addressFor(listener.remote as ListenRemote, options.advertise);
  };
  try {
    const accept = (transport: Transport) => void controller.accept(transport);
    const controllerAddress = await open(controllerRemote, accept, certificates?.server);
    const redirector = new Redirector({
      location,
      controller: controllerAddress,
      attach,
      clock,
      log: log.child("REDIR"),
    });
    const redirectorAddress = await open(
      redirectorRemote,
      (transport) => void redirector.accept(transport),
      certificates?.server,
    );
    log.info(`home '${home.name}': redirector at ${redirectorAddress}, controller at ${controllerAddress}`);
    return {
      location,
      redirectorAddress,
      controllerAddress,
      certificates,
      async stop() {
        redirector.stop();
        await Promise.all([...listeners.map((listener) => listener.close()), controller.stop()]);
      },
    };
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
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

/**
 * How nodes dial a listener. CM splits `proto:host:port` at the colons, so an IPv6 address cannot be given to it.
 */
function addressFor({ kind, host, port }: ListenRemote, advertise: string | undefined): string {
  const reachable = advertise ?? (host === undefined || host === "0.0.0.0" || host === "::" ? ownAddress() : host);
  if (reachable.includes(":")) {
    throw new UserError(`nodes cannot be sent to IPv6 address ${reachable}; listen on IPv4, or advertise a host name`);
  }
  return `${kind === "pssl" ? "ssl" : "tcp"}:${reachable}:${port}`;
}

/** The machine's first IPv4 address that others can reach; its loopback address where it has no other. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
