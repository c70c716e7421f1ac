import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import type { Row } from "./datum.ts";
import { type Listener, listen } from "./listener.ts";
import { formatRemote, type PassiveRemote, parseRemote } from "./remote.ts";
import { connectRpc } from "./rpc-client.ts";
import { makeCertificates, withoutOpenssl } from "./test-certificates.ts";
import { nextTurn, TestConnection, type TestServer, testServer, until, unusedPort } from "./test-server.ts";
import type { TlsFiles } from "./tls-files.ts";
import type { Transport } from "./transport.ts";

const column = "db:Test,Root,managers";

/** A controller that a node's server dials. */
class Controller {
  readonly connections: Transport[] = [];
  #listener: Listener | undefined;

  async start(remote = "ptcp:0:127.0.0.1", tls?: TlsFiles): Promise<string> {
    this.#listener = await listen(parseRemote(remote) as PassiveRemote, {
      log: Log.create({ name: "C", sink: () => {}, wallTime: () => 0 }),
      tls: tls && (() => tls),
      accept: (transport) => this.connections.push(transport),
    });
    return formatRemote(this.#listener.remote).replace(/^p(tcp|ssl):(\d+):(.*)$/, "$1:$3:$2");
  }

  async stop(): Promise<void> {
    for (const transport of this.connections.splice(0)) transport.destroy();
    await this.#listener?.close();
  }
}

async function setManager(server: TestServer, row: object): Promise<void> {
  const writer = server.connect();
  await writer.transact(
    { op: "delete", table: "Root", where: [] },
    { op: "insert", table: "Manager", row, "uuid-name": "m" },
    { op: "insert", table: "Root", row: { managers: ["named-uuid", "m"] } },
  );
  writer.transport.close();
  await nextTurn();
}

function manager(server: TestServer): Row {
  const [row] = server.database.rows("Manager").values();
  assert.ok(row, "there is a Manager row");
  return row;
}

const status = (server: TestServer, key: string) => (manager(server).status as ReadonlyMap<string, string>).get(key);

describe("remotes named in a database", () => {
  const controller = new Controller();
  const servers: TestServer[] = [];
  function start(): TestServer {
    const server = testServer();
    servers.push(server);
    return server;
  }
  afterEach(async () => {
    await controller.stop();
    for (const { server } of servers.splice(0)) await server.close();
  });

  it("are dialled, serve the database, and are told of in is_connected and status", async () => {
    const server = start();
    await server.server.listen(column);
    const target = await controller.start();
    await setManager(server, { target });
    await until(() => controller.connections.length === 1, "the connection");
    await server.clock.advance(0);
    await until(() => server.server.connections > 0, "the session");
    await server.clock.advance(0);
    assert.equal(manager(server).is_connected, true);
    assert.equal(status(server, "state"), "ACTIVE");
    assert.equal(status(server, "sec_since_connect"), "0");
    const client = new TestConnection(controller.connections[0] as Transport);
    client.write('{"method":"list_dbs","params":[],"id":1}');
    await until(() => client.received.length > 0, "the reply");
    assert.deepEqual(client.received[0]?.result, ["Test", "_Server"]);
  });

  it("may be given before anybody listens: is_connected is false and last_error says why", async () => {
    const server = start();
    await server.server.listen(column);
    await setManager(server, { target: `tcp:127.0.0.1:${await unusedPort()}` });
    await until(() => server.log.records().some(({ text }) => /connection refused/.test(text)), "the failure");
    await server.clock.advance(2500);
    assert.equal(manager(server).is_connected, false);
    assert.match(
      status(server, "last_error") ?? "",
      /^tcp:127\.0\.0\.1:\d+: connection refused; nothing listens there$/,
    );
  });

  it("are dropped at once when the target changes or is emptied", async () => {
    const server = start();
    await server.server.listen(column);
    const target = await controller.start();
    await setManager(server, { target });
    await until(() => server.server.connections > 0 && controller.connections.length > 0, "the connection");
    const first = controller.connections[0] as Transport;
    const raw = new TestConnection(first);
    const writer = server.connect();
    await writer.transact({ op: "update", table: "Manager", where: [], row: { target: "" } });
    await until(() => raw.closed, "the end of the connection");
    await server.clock.advance(3000);
    assert.equal(manager(server).is_connected, false);
    assert.equal(status(server, "state"), "VOID");
    await writer.transact({ op: "update", table: "Manager", where: [], row: { target } });
    await until(() => controller.connections.length === 2, "a new connection");
  });

  it("are dialled again when the controller goes away, and last_error says what happened", async () => {
    const server = start();
    await server.server.listen(column);
    await setManager(server, { target: await controller.start() });
    await until(() => server.server.connections > 0 && controller.connections.length > 0, "the connection");
    controller.connections[0]?.destroy();
    await until(() => server.server.connections === 0, "the loss");
    await server.clock.advance(0);
    assert.equal(manager(server).is_connected, false);
    assert.equal(status(server, "state"), "BACKOFF");
    assert.match(status(server, "last_error") ?? "", /closed the connection|reset/);
    await server.clock.advance(1000);
    await until(() => controller.connections.length === 2, "a new connection");
  });

  it("are asked for a sign of life after inactivity_probe, and dropped when they give none", async () => {
    const server = start();
    await server.server.listen(column);
    await setManager(server, { target: await controller.start(), inactivity_probe: 3000 });
    await until(() => server.server.connections > 0 && controller.connections.length > 0, "the connection");
    const client = new TestConnection(controller.connections[0] as Transport);
    await server.clock.advance(3000);
    await until(() => client.received.length === 1, "the probe");
    assert.equal(client.received[0]?.method, "echo");
    client.write(JSON.stringify({ id: client.received.shift()?.id ?? null, result: [], error: null }));
    await until(() => server.server.connections === 1 && client.transport.waiting === 0, "the answer");
    // The answer has left our socket; once this is answered it has arrived as well.
    client.write('{"method":"list_dbs","params":[],"id":1}');
    await until(() => client.received.some(({ id }) => id === 1), "the reply");
    await server.clock.advance(3000);
    await until(() => client.received.some(({ method }) => method === "echo"), "the next probe");
    assert.equal(server.server.connections, 1);
    await server.clock.advance(3000);
    await until(() => server.server.connections === 0, "the drop");
    await server.clock.advance(0);
    assert.match(status(server, "last_error") ?? "", /no response to inactivity probe after 3 seconds/);
  });

  it("that make no sense are told of in status, and disturb nobody", async () => {
    const server = start();
    await server.server.listen(column);
    await setManager(server, { target: "http://controller" });
    await server.clock.advance(0);
    assert.equal(status(server, "state"), "VOID");
    assert.match(status(server, "last_error") ?? "", /remote 'http:\/\/controller': it must be one of/);
    await setManager(server, { target: "ssl:127.0.0.1:1" });
    await server.clock.advance(3000);
    assert.match(status(server, "last_error") ?? "", /TLS needs a private key/);
  });

  it("can listen", async () => {
    const server = start();
    await server.server.listen(column);
    await setManager(server, { target: "ptcp:0:127.0.0.1" });
    await until(() => server.log.records().some(({ text }) => text.includes("listening on")), "the listener");
    await server.clock.advance(3000);
    const port = status(server, "bound_port");
    const client = await connectRpc(`tcp:127.0.0.1:${port}`, { clock: new RealClock(), timeoutMs: 5000 });
    assert.deepEqual(await client.request("list_dbs", []), ["Test", "_Server"]);
    await server.clock.advance(0);
    assert.equal(manager(server).is_connected, true);
    client.close();
  });

  it("must be in a column that can hold them", async () => {
    const { server } = start();
    await assert.rejects(server.listen("db:Nope,Root,managers"), /no database named Nope/);
    await assert.rejects(server.listen("db:Test,Root,nope"), /table "Root" has no column "nope"/);
    await assert.rejects(server.listen("db:Test,Radio,counter"), /must hold strings, or references/);
  });

  it("use the TLS files that the database names when they dial", { skip: withoutOpenssl }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "ovsdb-remotes-"));
    after(() => rmSync(directory, { recursive: true }));
    const certificates = makeCertificates(directory);
    const server = start();
    const from = (name: string) => `db:Test,Root,${name}`;
    await server.server.listen(column, {
      privateKey: from("private_key"),
      certificate: from("certificate"),
      caCert: from("ca_cert"),
    });
    const target = await controller.start("pssl:0:127.0.0.1", certificates.server);
    await setManager(server, { target });
    await server.clock.advance(0);
    assert.match(status(server, "last_error") ?? "", /TLS needs a private key, and no file is configured/);
    const { privateKey, certificate, caCert } = certificates.client;
    const row = { private_key: privateKey, certificate, ca_cert: caCert };
    await server.connect().transact({ op: "update", table: "Root", where: [], row });
    await server.clock.advance(1000);
    await until(() => controller.connections.length === 1, "the connection");
    assert.equal(controller.connections[0]?.peerCertificate?.commonName, "client");
  });
});
