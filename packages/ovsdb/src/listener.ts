/** Waits for connections on `punix:`, `ptcp:` and `pssl:` remotes. */

import { chmodSync, existsSync, lstatSync, unlinkSync } from "node:fs";
import { connect as connectNet, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { TLSSocket, Server as TlsServer } from "node:tls";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { WorkQueue } from "@opensync-ts/base/work-queue";
import { wireLimits } from "./limits.ts";
import { peerCertificateOf } from "./peer-certificate.ts";
import { formatRemote, type ListenRemote, type PassiveRemote } from "./remote.ts";
import { explain, SocketTransport } from "./socket-transport.ts";
import { type TlsFiles, type TlsMaterial, WatchedTls } from "./tls-files.ts";
import { resumptionProblem, type TicketKeys, ticketContext } from "./tls-sessions.ts";
import type { PeerCertificate, Transport } from "./transport.ts";

export interface ListenOptions extends SocketSource {
  /** Takes each connection; with TLS after the handshake. */
  readonly accept: (transport: Transport) => void;
}

/** For protocols that want the bytes of a connection. */
export interface SocketOptions extends SocketSource {
  /** Takes each connection, with the name of its peer for logs; with TLS after the handshake, and whom that proved the peer to be. */
  readonly accept: (socket: Socket, name: string, certificate?: PeerCertificate) => void;
}

export interface SocketSource {
  readonly log: Log;
  /** Needed for `pssl:`: the files as they are named now. Asked at each connection, and read anew when they have changed. */
  readonly tls?: (() => TlsFiles) | undefined;
  /** With these, peers may go on with earlier TLS sessions; without, none is offered beyond this listener's life. */
  readonly tickets?: TicketKeys | undefined;
  /** Asked before each TLS handshake, which costs a peer next to nothing and us some ms. */
  readonly gate?: HandshakeGate | undefined;
  /** Others of this user that say so, too, listen on the same port, and the system shares the connections out; Linux. */
  readonly sharesPort?: boolean | undefined;
  /** Told of each peer whose TLS handshake comes to nothing; left out: each is a warning in the log. */
  readonly refused?: ((refusal: HandshakeRefusal) => void) | undefined;
}

export interface HandshakeRefusal {
  /** For logs: `ssl:10.0.0.7:40312`. */
  readonly name: string;
  readonly reason: string;
  /** It has hung up, and nothing is known against it. */
  readonly left: boolean;
}

export interface HandshakeGate {
  readonly clock: Clock;
  /** In slices of it handshakes begin, however many are admitted at the same time; left out: all at once. */
  readonly work?: WorkQueue | undefined;
  /** The handshake begins when this resolves, with what is called once it is over. A connection for which it rejects is closed. */
  admit(name: string, gone: AbortSignal): Promise<() => void>;
}

export interface Listener {
  /** As asked for, with the port that the system chose where 0 was asked. */
  readonly remote: PassiveRemote;
  /** Accepts no more; connections accepted already go on. */
  close(): Promise<void>;
}

/** Rejects with a `UserError` when the address is in use or may not be used, or the TLS files do not serve. */
export function listen(remote: PassiveRemote, options: ListenOptions): Promise<Listener> {
  const accept: SocketOptions["accept"] = (socket, name, certificate) =>
    options.accept(new SocketTransport(socket, name, certificate));
  return listenForSockets(remote, { ...options, accept });
}

/** As `listen`. The sockets have no listener for errors yet. */
export async function listenForSockets(remote: PassiveRemote, options: SocketOptions): Promise<Listener> {
  if (remote.kind === "punix") {
    await removeStaleSocket(remote.path);
    const server = plainServer("unix", options);
    await bind(server, remote, { path: remote.path }, options.log);
    chmodSync(remote.path, 0o660);
    return { remote, close: () => closeServer(server) };
  }
  const server = remote.kind === "pssl" ? await tlsServer(remote, options) : plainServer("tcp", options);
  await bind(server, remote, { ...addressOf(remote), reusePort: options.sharesPort ?? false }, options.log);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : remote.port;
  return { remote: { ...remote, port }, close: () => closeServer(server) };
}

/** Rejects as `listen` does when another process has the address, be it one that would share it. */
export async function checkFree(remote: ListenRemote, log: Log): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await bind(server, remote, addressOf(remote), log);
  await closeServer(server);
}

/** For the log: scripts read from it which port the system chose, at the end of the line as `ovsdb-server` has it. */
export function listeningOn(asked: PassiveRemote, { remote }: Listener): string {
  if (remote.kind === "punix" || asked.kind === "punix") return `listening on ${formatRemote(remote)}`;
  return `${formatRemote({ ...asked, host: asked.host ?? "0.0.0.0" })}: listening on port ${remote.port}`;
}

/** The system finds out about peers that vanished; they are not probed by us. */
const keepAlive = { keepAlive: true, keepAliveInitialDelay: wireLimits.keepAliveMs };

function plainServer(kind: "unix" | "tcp", options: SocketOptions): Server {
  return createServer({ allowHalfOpen: true, noDelay: true, ...keepAlive }, (socket) =>
    options.accept(socket, kind === "unix" ? "unix" : peerName("tcp", socket)),
  );
}

async function tlsServer(remote: ListenRemote, options: SocketOptions): Promise<Server> {
  const name = formatRemote(remote);
  const { tls, log, tickets, gate } = options;
  const refused = options.refused ?? (({ name: peer, reason }) => log.warning(`${peer}: refused: ${reason}`));
  if (!tls) throw new UserError(`remote '${name}': TLS needs a private key, a certificate and a CA certificate`);
  const { createServer: createTlsServer } = await import("node:tls");
  const watched = new WatchedTls(tls);
  const context = (material: TlsMaterial) => ({ ...material, ...ticketOptions(tickets, material) });
  const server = tlsGuard(name, () =>
    createTlsServer({
      ...context(watched.load()),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: wireLimits.handshakeMs,
      noDelay: true,
      ...keepAlive,
    }),
  );
  // Before the handshake of that connection begins: a renewed certificate serves from the next connection on.
  const names = new WeakMap<Socket, string>();
  server.prependListener("connection", (socket: Socket) => {
    names.set(socket, peerName("ssl", socket));
    try {
      const renewed = watched.changed();
      if (!renewed) return;
      server.setSecureContext(context(renewed));
      log.info(`${name}: the TLS files have changed and were read again`);
    } catch (error) {
      log.warning(
        `${name}: the TLS files have changed and do not serve; going on with those of before: ${reason(error)}`,
      );
    }
  });
  const handshakes = new Map<string, () => void>();
  const over = (peer: string) => {
    handshakes.get(peer)?.();
    handshakes.delete(peer);
  };
  server.on("secureConnection", (socket: TLSSocket) => {
    const peer = peerName("ssl", socket);
    over(peer);
    const certificate = peerCertificateOf(socket);
    const problem = tickets && socket.isSessionReused() && resumptionProblem(certificate, tickets.wallTime());
    if (!problem) return options.accept(socket, peer, certificate);
    refused({ name: peer, reason: problem, left: false });
    socket.on("error", () => {});
    socket.destroy();
  });
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    // Of a socket that is closed already the system knows no address any more.
    const { _parent: raw } = socket as TLSSocket & { readonly _parent?: Socket };
    const peer = (raw && names.get(raw)) ?? peerName("ssl", socket);
    over(peer);
    // Whose certificate does not serve is cut off without an error that says so.
    const code = socket.authorizationError as string | Error | null;
    const cause = code ? Object.assign(new Error(String(code)), { code: String(code) }) : error;
    refused({ name: peer, reason: explain(cause), left: (cause as NodeJS.ErrnoException).code === "ECONNRESET" });
  });
  const forget = tickets?.onChange((keys) => server.setTicketKeys(keys));
  const listening = gate ? gatedServer(server, gate, handshakes, refused) : server;
  if (forget) listening.on("close", forget);
  return listening;
}

function ticketOptions(tickets: TicketKeys | undefined, { ca }: TlsMaterial) {
  if (!tickets) return {};
  const { current: ticketKeys, lifeMs } = tickets;
  return { ticketKeys, sessionTimeout: Math.floor(lifeMs / 1000), sessionIdContext: ticketContext(ca) };
}

/** A server that hands its connections on to `server` one by one, as they are admitted. Until then nothing is read of them. */
function gatedServer(
  server: TlsServer,
  gate: HandshakeGate,
  handshakes: Map<string, () => void>,
  refused: (refusal: HandshakeRefusal) => void,
): Server {
  return createServer({ pauseOnConnect: true, noDelay: true, ...keepAlive }, (socket) => {
    const name = peerName("ssl", socket);
    let gone: AbortController | undefined = new AbortController();
    socket.on("error", () => {});
    socket.on("close", () => {
      gone?.abort();
      handshakes.get(name)?.();
      handshakes.delete(name);
    });
    gate.admit(name, gone.signal).then(
      (release) => {
        gone = undefined;
        if (socket.destroyed) return release();
        handshakes.set(name, release);
        const begin = () => void (socket.destroyed || server.emit("connection", socket));
        const serve = () => void (gate.work ? gate.work.run(socket, begin) : begin());
        whenHeardOf(socket, gate.clock, serve, (why) => refused({ name, ...why }));
      },
      () => socket.destroy(),
    );
  });
}

type Silence = Omit<HandshakeRefusal, "name">;

/**
 * Calls `serve` when the peer has sent its first bytes, which wait in the socket; ends a connection on which none come. Node.js makes the
 * memory that it reads TLS into, and keeps, as large as what it is given at first: so many bytes, or the 64 KiB that it asks the system for.
 */
function whenHeardOf(socket: Socket, clock: Clock, serve: () => void, refuse: (why: Silence) => void): void {
  const giveUp = (reason: string, left: boolean) => {
    over();
    refuse({ reason, left });
    socket.destroy();
  };
  const timer = clock.setTimer(wireLimits.handshakeMs, () =>
    giveUp(`no TLS handshake within ${wireLimits.handshakeMs} ms`, false),
  );
  const over = () => {
    timer.cancel();
    socket.off("close", over);
  };
  socket.on("close", over);
  socket.once("readable", () => {
    if (socket.readableLength === 0) return giveUp("it ended before the TLS handshake", true);
    over();
    serve();
  });
}

function tlsGuard<T>(name: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`remote '${name}': the TLS files do not serve: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  return error instanceof UserError ? error.message : explain(error as Error);
}

function peerName(kind: string, socket: Socket): string {
  const { remoteAddress: host = "?", remotePort: port } = socket;
  return `${kind}:${host.includes(":") ? `[${host}]` : host}:${port ?? "?"}`;
}

type Address = { path: string } | { port: number; host: string; reusePort?: boolean };

function addressOf({ port, host = "0.0.0.0" }: ListenRemote): Address {
  return { port, host };
}

function bind(server: Server, remote: PassiveRemote, address: Address, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(bindError(remote, error));
    server.once("error", refuse);
    server.listen({ ...address, backlog: wireLimits.listenBacklog }, () => {
      server.off("error", refuse);
      // Such as too many open files: that connection is lost, the listener stays.
      server.on("error", (error) => log.error(`${formatRemote(remote)}: cannot accept: ${explain(error)}`));
      resolve();
    });
  });
}

function bindError(remote: PassiveRemote, error: NodeJS.ErrnoException): UserError {
  const reason =
    error.code === "EADDRINUSE"
      ? "in use by another process; stop it or choose another address"
      : error.code === "EADDRNOTAVAIL"
        ? "this machine does not have that address"
        : explain(error);
  return new UserError(`cannot listen on ${formatRemote(remote)}: ${reason}`);
}

/** A socket file whose server died (kill -9) is replaced; one that answers, or a file of another kind, is left alone. */
async function removeStaleSocket(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) {
    // The system's own error for this would be "permission denied".
    if (existsSync(dirname(path))) return;
    throw new UserError(`cannot listen on punix:${path}: its directory does not exist`);
  }
  if (!stat.isSocket()) throw new UserError(`cannot listen on punix:${path}: a file that is no socket is in the way`);
  if (await refusesConnections(path)) unlinkSync(path);
}

function refusesConnections(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectNet({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}

function closeServer(server: Server): Promise<void> {
  // `close` calls back when the last accepted connection is gone; that is their owner's business, not ours.
  server.close();
  return Promise.resolve();
}
