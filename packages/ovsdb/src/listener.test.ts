import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectSocket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { type Listener, listen } from "./listener.ts";
import { type ActiveRemote, formatRemote, type PassiveRemote, parseRemote } from "./remote.ts";
import { connectRpc } from "./rpc-client.ts";
import { dial } from "./socket-transport.ts";
import { makeCertificates, type TestCertificates, withoutOpenssl } from "./test-certificates.ts";
import { loadTls, type TlsFiles } from "./tls-files.ts";
import type { Transport } from "./transport.ts";

const clock = new RealClock();
const timeoutMs = 5000;

describe("listening and dialling", () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-listen-"));
  const lines = new LogRing(100);
  const log = Log.create({ name: "TEST", sink: lines.sink, wallTime: () => 0 });
  const listeners: Listener[] = [];
  const accepted: Transport[] = [];
  after(async () => {
    for (const transport of accepted) transport.destroy();
    for (const listener of listeners) await listener.close();
    rmSync(directory, { recursive: true });
  });

  /** A listener that answers every request with its parameters; the remote that reaches it. */
  async function echoServer(remote: string, tls?: TlsFiles): Promise<string> {
    const listener = await listen(parseRemote(remote) as PassiveRemote, { log, tls: tls && (() => tls), accept });
    listeners.push(listener);
    return formatRemote(listener.remote)
      .replace(/^p/, "")
      .replace(/^(tcp|ssl):(\d+):(.*)$/, "$1:$3:$2");
  }

  function accept(transport: Transport): void {
    accepted.push(transport);
    const peer = new JsonRpcPeer(transport, {
      clock,
      handlers: { request: (_, params, id) => peer.reply(id, params), notification() {}, closed() {} },
    });
  }

  async function ask(remote: string, tls?: TlsFiles): Promise<unknown> {
    const client = await connectRpc(remote, { clock, timeoutMs, ...(tls ? { tls } : {}) });
    try {
      return await client.request("echo", ["x"]);
    } finally {
      client.close();
    }
  }

  it("carries requests over a unix socket that only owner and group may use", async () => {
    const path = join(directory, "a.sock");
    assert.deepEqual(await ask(await echoServer(`punix:${path}`)), ["x"]);
    assert.equal(statSync(path).mode & 0o777, 0o660);
  });

  it("carries requests over TCP on a port that the system chose", async () => {
    const remote = await echoServer("ptcp:0:127.0.0.1");
    assert.match(remote, /^tcp:127\.0\.0\.1:[1-9]\d*$/);
    assert.deepEqual(await ask(remote), ["x"]);
  });

  it("serves three hundred connections that each ask once, as a start of all managers does", async () => {
    const remote = await echoServer(`punix:${join(directory, "storm.sock")}`);
    const answers = await Promise.all(Array.from({ length: 300 }, () => ask(remote)));
    assert.equal(answers.length, 300);
  });

  it("replaces the socket file that a dead server left behind", async () => {
    const path = join(directory, "stale.sock");
    // A name bound and never listened on refuses connections, as one whose server was killed.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { linkSync } = await import("node:fs");
    linkSync(path, `${path}.kept`);
    await new Promise((resolve) => server.close(resolve));
    linkSync(`${path}.kept`, path);
    assert.deepEqual(await ask(await echoServer(`punix:${path}`)), ["x"]);
  });

  it("refuses a socket that a living server uses, and a file that is no socket", async () => {
    const path = join(directory, "live.sock");
    const remote = await echoServer(`punix:${path}`);
    await assert.rejects(echoServer(`punix:${path}`), /cannot listen on punix:.*live\.sock: in use by another process/);
    assert.deepEqual(await ask(remote), ["x"], "the living server is not disturbed");
    const file = join(directory, "file");
    writeFileSync(file, "precious");
    await assert.rejects(echoServer(`punix:${file}`), /a file that is no socket is in the way/);
  });

  it("names the address and the cause when it cannot listen or connect", async () => {
    const remote = await echoServer("ptcp:0:127.0.0.1");
    const port = remote.split(":")[2];
    await assert.rejects(echoServer(`ptcp:${port}:127.0.0.1`), {
      name: "UserError",
      message: `cannot listen on ptcp:${port}:127.0.0.1: in use by another process; stop it or choose another address`,
    });
    await assert.rejects(echoServer(`punix:${directory}/none/x.sock`), /its directory does not exist/);
    await assert.rejects(ask(`unix:${directory}/none.sock`), /no such socket; is the server running\?/);
    await assert.rejects(ask("ptcp:1"), /a client connects to unix:, tcp: or ssl:/);
    await assert.rejects(ask("ssl:127.0.0.1:1"), /TLS needs a private key, a certificate and a CA certificate/);
  });

  describe("TLS", { skip: withoutOpenssl }, () => {
    let certificates: TestCertificates;
    let remote: string;
    before(async () => {
      certificates = makeCertificates(directory);
      remote = await echoServer("pssl:0:127.0.0.1", certificates.server);
    });

    it("proves both sides to each other", async () => {
      assert.deepEqual(await ask(remote, certificates.client), ["x"]);
      assert.equal(accepted.at(-1)?.peerCertificate?.commonName, "client");
      assert.equal(accepted.at(-1)?.peerCertificate?.issuer, "test-ca");
    });

    it("refuses a peer without a certificate with one line, and serves the others", async () => {
      const port = Number(remote.split(":")[2]);
      const { ca } = loadTls(certificates.client);
      const before = lines.records().length;
      const bare = connectTls({ host: "127.0.0.1", port, ca, checkServerIdentity: () => undefined });
      await new Promise((resolve) => bare.once("error", resolve));
      const refusals = lines.records().slice(before);
      assert.equal(refusals.length, 1);
      assert.match(refusals[0]?.text ?? "", /^ssl:127\.0\.0\.1:\d+: refused: TLS: peer did not return a certificate$/);
      assert.deepEqual(await ask(remote, certificates.client), ["x"]);
    });

    it("speaks the protocols and ciphers that are configured, and TLS 1.3 always", async () => {
      const suite = "ECDHE-ECDSA-AES256-GCM-SHA384";
      const strict = await echoServer("pssl:0:127.0.0.1", {
        ...certificates.server,
        protocols: "TLSv1.2",
        ciphers: `HIGH:!aNULL:!${suite}`,
      });
      const port = Number(strict.split(":")[2]);
      const spoken = (offer: ConnectionOptions) => {
        const tls = { ...loadTls(certificates.client), checkServerIdentity: () => undefined };
        const socket = connectTls({ host: "127.0.0.1", port, ...tls, ...offer });
        return new Promise<string | null>((resolve) => {
          socket.once("secureConnect", () => resolve(socket.getProtocol()));
          socket.once("error", () => resolve(null));
        }).finally(() => socket.destroy());
      };
      assert.equal(await spoken({}), "TLSv1.3");
      assert.equal(await spoken({ maxVersion: "TLSv1.2" }), "TLSv1.2");
      assert.equal(await spoken({ maxVersion: "TLSv1.2", ciphers: suite }), null);
      assert.equal(await spoken({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" }), null);
      await assert.rejects(
        echoServer("pssl:0:127.0.0.1", { ...certificates.server, protocols: "TLSv1.2,SSLv2" }),
        /the TLS protocols 'TLSv1.2,SSLv2' must be some of TLSv1, /,
      );
    });

    describe("with admission", () => {
      let admitting: string;
      let inside = 0;
      before(async () => {
        const admit = async () => {
          inside++;
          return () => void inside--;
        };
        const listener = await listen(parseRemote("pssl:0:127.0.0.1") as PassiveRemote, {
          ...{ log, accept, gate: { clock, work: new WorkQueue(clock, 0), admit }, tls: () => certificates.server },
        });
        listeners.push(listener);
        admitting = `ssl:127.0.0.1:${formatRemote(listener.remote).split(":")[1]}`;
      });

      it("serves whoever is admitted, whatever the size of the messages", async () => {
        const client = await connectRpc(admitting, { clock, timeoutMs, tls: certificates.client });
        const long = "x".repeat(1_000_000);
        assert.deepEqual(await client.request("echo", [long]), [long]);
        assert.deepEqual(await client.request("echo", ["x"]), ["x"]);
        client.close();
        assert.equal(inside, 0);
      });

      it("begins one handshake a turn, of all that come at the same time, and leaves out who has gone meanwhile", async () => {
        const port = Number(admitting.split(":")[2]);
        const asked = Array.from({ length: 8 }, () => ask(admitting, certificates.client));
        const fleeting = connectSocket({ host: "127.0.0.1", port }, () => fleeting.end("no handshake"));
        const gone = new Promise((resolve) => fleeting.on("error", () => {}).on("close", resolve));
        assert.deepEqual(await Promise.all(asked), Array(8).fill(["x"]));
        await gone;
        assert.equal(inside, 0);
      });

      it("serves a peer whose first bytes come in pieces", async () => {
        const relay = createServer((from) => {
          const to = connectSocket({ host: "127.0.0.1", port: Number(admitting.split(":")[2]), noDelay: true });
          for (const socket of [from, to]) socket.on("error", () => {});
          from.once("data", (hello: Buffer) => {
            to.write(hello.subarray(0, 1));
            setTimeout(() => to.write(hello.subarray(1)), 20);
            from.on("data", (more) => to.write(more));
          });
          to.pipe(from);
          from.on("close", () => to.destroy());
        });
        await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
        const { port } = relay.address() as AddressInfo;
        assert.deepEqual(await ask(`ssl:127.0.0.1:${port}`, certificates.client), ["x"]);
        relay.close();
      });

      it("tells in one line of a peer that ends before its handshake, and gives its place to others", async () => {
        const before = lines.records().length;
        const silent = connectSocket({ host: "127.0.0.1", port: Number(admitting.split(":")[2]) });
        silent.end();
        await new Promise((resolve) => silent.once("close", resolve));
        assert.match(lines.records().slice(before)[0]?.text ?? "", /: refused: it ended before the TLS handshake$/);
        assert.equal(lines.records().length, before + 1);
        assert.deepEqual(await ask(admitting, certificates.client), ["x"]);
        assert.equal(inside, 0);
      });
    });

    it("refuses a certificate of another CA, on either side", async () => {
      await assert.rejects(ask(remote, certificates.stranger), { name: "ConnectionError" });
      const strange = await echoServer("pssl:0:127.0.0.1", certificates.stranger);
      await assert.rejects(ask(strange, certificates.client), /does not chain to our CA/);
    });

    it("serves the next connection with files that were replaced, and goes on with the old ones when the new are no good", async () => {
      const files = {
        ...certificates.server,
        certificate: join(directory, "own.pem"),
        privateKey: join(directory, "own.key"),
      };
      copyFileSync(certificates.server.certificate, files.certificate);
      copyFileSync(certificates.server.privateKey, files.privateKey);
      const renewing = await echoServer("pssl:0:127.0.0.1", files);
      const shownName = async () => {
        const transport = await dial(parseRemote(renewing) as ActiveRemote, {
          clock,
          timeoutMs,
          tls: certificates.client,
        });
        transport.destroy();
        return transport.peerCertificate?.commonName;
      };
      assert.equal(await shownName(), "server");
      writeFileSync(files.certificate, "not a certificate");
      assert.equal(await shownName(), "server");
      assert.ok(lines.records().some(({ text }) => /the TLS files have changed and do not serve; going on/.test(text)));
      copyFileSync(certificates.client.certificate, files.certificate);
      copyFileSync(certificates.client.privateKey, files.privateKey);
      assert.equal(await shownName(), "client");
    });

    it("checks the host name only where one is demanded", async () => {
      const checked = { ...certificates.client, servername: "controller.example.com" };
      await assert.rejects(ask(remote, checked), /ssl:127\.0\.0\.1:\d+: .*controller\.example\.com/);
    });

    it("names the file that cannot be read or does not serve", async () => {
      const missing = { ...certificates.client, caCert: "/nonexistent.pem" };
      await assert.rejects(ask(remote, missing), /the CA certificate cannot be read: .*\/nonexistent\.pem/);
      const swapped = { ...certificates.server, privateKey: certificates.client.privateKey };
      await assert.rejects(
        echoServer("pssl:0:127.0.0.1", swapped),
        /the TLS files do not serve: .*key values mismatch/,
      );
    });
  });
});
