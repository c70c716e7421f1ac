import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, LogRing } from "@opensync-ts/base/log";
import { type Listener, listenForSockets, type SocketOptions } from "./listener.ts";
import { peerCertificateOf } from "./peer-certificate.ts";
import type { ListenRemote } from "./remote.ts";
import { dial } from "./socket-transport.ts";
import { makeCertificates, type TestCertificates, withoutOpenssl } from "./test-certificates.ts";
import { until } from "./test-server.ts";
import { type TicketKeys, TlsSessions } from "./tls-sessions.ts";

const clock = new RealClock();
const day = 86_400_000;

class TestTickets implements TicketKeys {
  readonly lifeMs = day;
  readonly #events = new Emitter<{ change: Buffer }>();
  current = randomBytes(48);
  ahead = 0;

  wallTime(): number {
    return clock.wallTime() + this.ahead;
  }

  onChange(listener: (keys: Buffer) => void): () => void {
    return this.#events.on("change", listener);
  }

  rotate(): void {
    this.current = randomBytes(48);
    this.#events.emit("change", this.current);
  }
}

describe("TLS sessions that are gone on with", { skip: withoutOpenssl }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-sessions-"));
  const lines = new LogRing(100);
  const log = Log.create({ name: "TEST", sink: lines.sink, wallTime: () => 0 });
  const listeners: Listener[] = [];
  const sockets: Socket[] = [];
  let files: TestCertificates;
  before(() => {
    files = makeCertificates(directory);
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    for (const listener of listeners) await listener.close();
    rmSync(directory, { recursive: true });
  });

  async function server(tickets: TicketKeys, options: Partial<SocketOptions> = {}, port = 0) {
    const accepted: { readonly resumed: boolean; readonly commonName: string | undefined }[] = [];
    const accept = (socket: Socket) => {
      sockets.push(socket.on("error", () => {}));
      const { commonName } = peerCertificateOf(socket) ?? {};
      accepted.push({ resumed: (socket as TLSSocket).isSessionReused(), commonName });
      socket.write("hello");
    };
    const asked: ListenRemote = { kind: "pssl", port, host: "127.0.0.1" };
    const listener = await listenForSockets(asked, { accept, log, tls: () => files.server, tickets, ...options });
    listeners.push(listener);
    const { port: bound } = listener.remote as ListenRemote;
    return { accepted, port: bound, close: () => listener.close() };
  }

  /** Connects and hangs up once it has read something, so that it has the tickets as well. */
  async function call(port: number, sessions: TlsSessions): Promise<string | undefined> {
    const remote = { kind: "ssl", host: "127.0.0.1", port } as const;
    const transport = await dial(remote, { clock, timeoutMs: 5000, tls: files.client, sessions });
    await new Promise<void>((resolve) =>
      transport.start({
        data: () => transport.destroy(),
        ended: () => transport.destroy(),
        drained() {},
        closed: () => resolve(),
      }),
    );
    return transport.peerCertificate?.commonName;
  }

  it("survive a restart of the listener, and both sides still know who the other is", async () => {
    const tickets = new TestTickets();
    const sessions = new TlsSessions(clock);
    const first = await server(tickets);
    assert.equal(await call(first.port, sessions), "server");
    await first.close();
    const second = await server(tickets, {}, first.port);
    assert.equal(await call(second.port, sessions), "server");
    assert.equal(await call(second.port, sessions), "server");
    assert.deepEqual(
      [...first.accepted, ...second.accepted].map(({ resumed }) => resumed),
      [false, true, true],
    );
    assert.equal(second.accepted[0]?.commonName, "client");
  });

  it("end with the keys of the tickets", async () => {
    const tickets = new TestTickets();
    const sessions = new TlsSessions(clock);
    const { port, accepted } = await server(tickets);
    await call(port, sessions);
    tickets.rotate();
    await call(port, sessions);
    await call(port, sessions);
    assert.deepEqual(
      accepted.map(({ resumed }) => resumed),
      [false, false, true],
    );
  });

  it("end with the certificate, on either side", async () => {
    const tickets = new TestTickets();
    const sessions = new TlsSessions({ wallTime: () => clock.wallTime() });
    const { port, accepted } = await server(tickets);
    await call(port, sessions);
    tickets.ahead = 3 * day;
    assert.equal(await call(port, sessions), "server");
    await until(
      () => lines.records().some(({ text }) => /refused: its certificate has expired/.test(text)),
      "a refusal",
    );
    assert.equal(accepted.length, 1);
  });

  it("end with the trust in their authority", async () => {
    const tickets = new TestTickets();
    const sessions = new TlsSessions(clock);
    const trusted = join(directory, "trusted.pem");
    copyFileSync(files.server.caCert, trusted);
    const { port, accepted } = await server(tickets, { tls: () => ({ ...files.server, caCert: trusted }) });
    await call(port, sessions);
    copyFileSync(join(directory, "other-ca.pem"), trusted);
    await call(port, sessions).catch(() => {});
    assert.equal(accepted.length, 1);
    copyFileSync(files.server.caCert, trusted);
    await call(port, sessions);
    assert.equal(accepted.length, 2, "and begin anew");
  });

  it("are those of one peer and one set of files", async () => {
    const tickets = new TestTickets();
    const sessions = new TlsSessions(clock);
    const [one, other] = [await server(tickets), await server(tickets)];
    await call(one.port, sessions);
    await call(other.port, sessions);
    assert.equal(other.accepted[0]?.resumed, false);
  });
});

describe("TLS handshakes", { skip: withoutOpenssl }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-admit-"));
  const log = Log.create({ name: "TEST", sink: () => {}, wallTime: () => 0 });
  after(() => rmSync(directory, { recursive: true }));

  it("begin when they are admitted, say when they are over, and end the connection when they are not admitted", async (t) => {
    const files = makeCertificates(directory);
    const asked: { name: string; resolve: (release: () => void) => void; reject: (error: Error) => void }[] = [];
    const released: string[] = [];
    const accepted: string[] = [];
    const listener = await listenForSockets(
      { kind: "pssl", port: 0, host: "127.0.0.1" },
      {
        log,
        tls: () => files.server,
        gate: {
          clock,
          admit: (name) => new Promise((resolve, reject) => asked.push({ name, resolve, reject })),
        },
        accept: (socket, name) => {
          accepted.push(name);
          socket.on("error", () => {}).destroy();
        },
      },
    );
    t.after(() => listener.close());
    const remote = { kind: "ssl", host: "127.0.0.1", port: (listener.remote as ListenRemote).port } as const;
    const connect = (tls = files.client) =>
      dial(remote, { clock, timeoutMs: 5000, tls }).then(
        () => "connected",
        (error: Error) => error.message,
      );
    const outcomes = [connect(), connect()];
    await until(() => asked.length === 2, "both connections");
    assert.deepEqual(accepted, []);
    asked[0]?.resolve(() => released.push("first"));
    asked[1]?.reject(new Error("too many"));
    assert.equal(await outcomes[0], "connected");
    assert.match(await (outcomes[1] as Promise<string>), /closed|reset|disconnected/);
    await until(() => released.length === 1 && accepted.length === 1, "the end of the first handshake");
    const stranger = connect(files.stranger);
    await until(() => asked.length === 3, "the third connection");
    asked[2]?.resolve(() => released.push("third"));
    await stranger;
    await until(() => released.includes("third"), "the end of a handshake that fails");
    assert.equal(accepted.length, 1);
  });
});
