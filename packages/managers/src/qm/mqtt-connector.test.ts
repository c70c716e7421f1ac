import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { MqttConnection } from "./connector.ts";
import { createMqttConnector } from "./mqtt-connector.ts";
import { Certificates, withoutOpenssl } from "./testing/certificates.ts";
import { freePort, Mosquitto, withoutMosquitto } from "./testing/mosquitto.ts";

const noFiles: TlsFiles = { privateKey: "", certificate: "", caCert: "" };
const clock = new RealClock();

function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "qm-mqtt-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

interface Attempt {
  readonly connection: MqttConnection;
  /** How it went: `connected`, or why not. */
  readonly outcome: Promise<string>;
  /** Why it ended. */
  readonly closed: Promise<string>;
}

function attempt(port: number, options: { host?: string; tls?: TlsFiles } = {}): Attempt {
  const { host = "127.0.0.1", tls } = options;
  const outcome = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<string>();
  const address = { host, port, tls: tls !== undefined };
  const connection = createMqttConnector({ clock, tls: tls ?? noFiles }).connect(address, "node-1", {
    connected: () => outcome.resolve("connected"),
    closed: (reason) => {
      outcome.resolve(reason);
      closed.resolve(reason);
    },
  });
  return { connection, outcome: outcome.promise, closed: closed.promise };
}

/** A server of our own making on loopback, that is a broker as far as `onData` makes it one. */
async function fakeServer(onData: (socket: Socket, bytes: Buffer) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => onData(socket, bytes));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const connack = Buffer.from([0x20, 2, 0, 0]);
const isConnect = (bytes: Buffer) => bytes[0] === 0x10;

describe("a connection to a broker", () => {
  it("asks for a clean session under the unit's name, with a keep-alive of 180 s, by MQTT 3.1.1", async () => {
    const got = Promise.withResolvers<Buffer>();
    await using server = await fakeServer((_, bytes) => got.resolve(bytes));
    const { connection } = attempt(server.port);
    assert.equal((await got.promise).toString("hex"), `1012${"00044d515454"}04${"02"}${"00b4"}0006${"6e6f64652d31"}`);
    await connection.end();
  });

  it("tells why there is none", async () => {
    const port = await freePort();
    assert.equal(await attempt(port).outcome, "connection refused; nothing listens there");
    assert.equal(await attempt(port, { host: "no-such-host.invalid" }).outcome, "the host name does not resolve");
    const missing = { ...noFiles, privateKey: "/nonexistent/client_dec.key" };
    assert.match(await attempt(port, { tls: missing }).outcome, /private key cannot be read: ENOENT.*client_dec\.key/);
    await using server = await fakeServer((socket) => socket.write(Buffer.from([0x20, 2, 0, 5])));
    assert.equal(await attempt(server.port).outcome, "Connection refused: Not authorized");
  });

  it("does not outlive its end, whatever the broker does or does not do", async () => {
    await using silent = await fakeServer(() => {});
    const { connection } = attempt(silent.port);
    while (silent.sockets.size === 0) await clock.sleep(5);
    await connection.end();
    while (silent.sockets.size > 0) await clock.sleep(5);
    // Before it has even begun.
    await attempt(silent.port).connection.end();
    await assert.rejects(connection.publish("t", Buffer.from("x"), 0), /not connected/);
  });

  it("confirms nothing that a broker has not, and rejects it at the end", async () => {
    await using server = await fakeServer((socket, bytes) => {
      if (!isConnect(bytes)) return;
      socket.write(connack);
      // It accepts, and then never reads again.
      socket.pause();
    });
    const { connection, outcome } = attempt(server.port);
    assert.equal(await outcome, "connected");
    const settled: string[] = [];
    const published = ([0, 1, 2] as const).map((qos) =>
      connection.publish("t", Buffer.alloc(500_000), qos).then(
        () => settled.push("confirmed"),
        (error: Error) => settled.push(error.message),
      ),
    );
    await clock.sleep(100);
    assert.deepEqual(settled, []);
    await connection.end();
    await Promise.all(published);
    assert.deepEqual(settled, Array(3).fill("the connection was ended"));
  });

  it("confirms QoS 0 when the ping after it is answered; one ping serves all that is published together", async () => {
    const seen: string[] = [];
    await using server = await fakeServer((socket, bytes) => {
      if (isConnect(bytes)) {
        socket.write(connack);
        return;
      }
      for (let at = 0; at < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
        seen.push((bytes[at] ?? 0) >> 4 === 12 ? "ping" : "publish");
        if (seen.at(-1) === "ping") socket.write(Buffer.from([0xd0, 0]));
      }
    });
    const { connection, outcome } = attempt(server.port);
    await outcome;
    await Promise.all([1, 2, 3].map(() => connection.publish("t", Buffer.from("x"), 0)));
    assert.deepEqual(seen, ["publish", "publish", "publish", "ping"]);
    await connection.publish("t", Buffer.from("x"), 0);
    assert.deepEqual(seen.slice(4), ["publish", "ping"]);
    await connection.end();
  });

  const hostile: readonly (readonly [string, Buffer, RegExp])[] = [
    ["sends a message that nobody subscribed to", Buffer.from([0x30, 4, 0, 1, 0x74, 0x78]), /sends 'publish'/],
    [
      "announces a packet of 256 MiB",
      Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(9_000)]),
      /sends more than confirmations/,
    ],
    ["sends what is no packet", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /./],
    ["accepts twice", connack, /duplicate CONNACK/],
  ];
  for (const [what, bytes, reason] of hostile) {
    it(`leaves a broker that ${what}`, async () => {
      await using server = await fakeServer((socket, data) => {
        if (isConnect(data)) socket.write(Buffer.concat([connack, bytes]));
      });
      const { outcome, closed } = attempt(server.port);
      await outcome;
      assert.match(await closed, reason);
      while (server.sockets.size > 0) await clock.sleep(5);
    });
  }
});

describe("Mosquitto over TLS", { skip: withoutMosquitto || withoutOpenssl }, () => {
  it("is reached by its name and by its address, with the node's certificate", async () => {
    using directory = temporaryDirectory();
    const certificates = new Certificates(directory.path);
    certificates.authority("ca");
    const broker = certificates.issue("broker", "ca", { names: "DNS:localhost,IP:127.0.0.1" });
    const node = certificates.issue("node", "ca");
    await using mosquitto = await Mosquitto.start({ directory: directory.path, tls: broker });
    for (const host of ["127.0.0.1", "localhost"]) {
      const { connection, outcome } = attempt(mosquitto.port, { host, tls: node });
      assert.equal(await outcome, "connected");
      for (const qos of [0, 1, 2] as const) await connection.publish("t", Buffer.from("x"), qos);
      await connection.end();
      await mosquitto.says(/Received DISCONNECT from node-1/);
    }
  });

  it("is not believed, nor served by, when a certificate will not do", async () => {
    using directory = temporaryDirectory();
    const certificates = new Certificates(directory.path);
    certificates.authority("ca");
    certificates.authority("other-ca");
    const broker = certificates.issue("broker", "ca", { names: "DNS:broker.example.com,IP:127.0.0.1" });
    const node = certificates.issue("node", "ca");
    await using mosquitto = await Mosquitto.start({ directory: directory.path, tls: broker });
    const reason = (tls: TlsFiles, host?: string) => attempt(mosquitto.port, { tls, ...(host && { host }) }).outcome;

    const wrongCa = certificates.issue("trusts-other", "ca", { trusted: "other-ca" });
    assert.match(await reason(wrongCa), /certificate does not chain to our CA/);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      assert.match(await reason(wrongCa), /certificate does not chain to our CA/, "whatever the environment says");
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    assert.match(await reason(node, "localhost"), /localhost\. is not in the cert's altnames/);
    // The broker's words: it is the one who refuses.
    const stranger = certificates.issue("stranger", "other-ca", { trusted: "ca" });
    assert.match(await reason(stranger), /TLS: .*unknown ca|closed the connection/i);
    const expired = certificates.issue("expired", "ca", { days: -1 });
    assert.match(await reason(expired), /TLS: .*certificate expired|closed the connection/i);
    const broken = { ...node, privateKey: join(directory.path, "broken.key") };
    writeFileSync(broken.privateKey, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
    const told = await reason(broken);
    assert.match(told, /the TLS files do not serve/);
    assert.doesNotMatch(told, /secret/);
    assert.equal(await reason(node), "connected");
    assert.doesNotMatch(mosquitto.log, /Received PUBLISH/);
  });

  it("is not reached without TLS", async () => {
    using directory = temporaryDirectory();
    const certificates = new Certificates(directory.path);
    certificates.authority("ca");
    const broker = certificates.issue("broker", "ca", { names: "IP:127.0.0.1" });
    await using mosquitto = await Mosquitto.start({ directory: directory.path, tls: broker });
    assert.notEqual(await attempt(mosquitto.port).outcome, "connected");
  });
});
