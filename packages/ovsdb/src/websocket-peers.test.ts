/**
 * Over real WebSockets: the server behind the package `ws`, the client on Node.js's own WebSocket, and in a browser, which gets
 * the sources as they are but for their types.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { RealClock, withDeadline } from "@opensync-ts/base/clock";
import { SystemRandom } from "@opensync-ts/base/random";
import { type WebSocket, WebSocketServer } from "ws";
import { database, integer64, string, table } from "./declare.ts";
import { ReconnectingClient } from "./reconnecting-client.ts";
import { type TestServer, testServer } from "./test-server.ts";
import { temporaryDirectory, without } from "./test-support.ts";
import { WebSocketTransport, webSocketEndpoint } from "./websocket-transport.ts";

const clock = new RealClock();

const schema = database({
  name: "Test",
  version: "1.0.0",
  tables: { Radio: table({ columns: { name: string(), counter: integer64() } }) },
});

interface Gate {
  readonly url: string;
  readonly http: Server;
  readonly ovsdb: TestServer;
  /** The server's ends of the connections. */
  readonly sockets: Set<WebSocket>;
}

/** An OVSDB server that is reached by WebSocket only. */
async function openGate(
  test: TestContext,
  serve: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end(),
): Promise<Gate> {
  const ovsdb = testServer({ clock });
  const http = createServer(serve);
  const sockets = new Set<WebSocket>();
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    ovsdb.server.accept(new WebSocketTransport(socket, "ws", clock));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  test.after(async () => {
    await ovsdb.server.close();
    http.close();
    http.closeAllConnections();
  });
  return { url: `127.0.0.1:${(http.address() as AddressInfo).port}`, http, ovsdb, sockets };
}

function connect(test: TestContext, gate: Gate): ReconnectingClient<typeof schema> {
  const client = new ReconnectingClient([webSocketEndpoint(`ws://${gate.url}`, { clock })], schema, {
    clock,
    random: new SystemRandom(),
    minBackoffMs: 10,
  });
  test.after(() => client.close());
  return client;
}

/** Waits until it is so; for what nobody announces. */
async function until(holds: () => boolean, what: string): Promise<void> {
  for (const begin = clock.now(); !holds(); await clock.sleep(5)) {
    assert.ok(clock.now() - begin < 20_000, `never came: ${what}`);
  }
}

describe("over real WebSockets", { timeout: 60_000 }, () => {
  it("a client transacts, and its replica follows what others do", async (test) => {
    const gate = await openGate(test);
    const [client, other] = [connect(test, gate), connect(test, gate)];
    const replica = await client.replicate({ Radio: {} });
    const insert = { name: "größer ☃", counter: 2n ** 62n };
    await other.transact((builder) => builder.insert("Radio", insert), { connectWithinMs: 10_000 });
    await until(() => replica.table("Radio").rows.size === 1, "the inserted row");
    const [row] = replica.table("Radio").rows.values();
    assert.deepEqual([row?.name, row?.counter], ["größer ☃", 2n ** 62n]);
  });

  it("a message of megabytes arrives whole, in either direction", async (test) => {
    const gate = await openGate(test);
    const client = connect(test, gate);
    const name = "x".repeat(3_000_000);
    await client.transact((builder) => builder.insert("Radio", { name }), { connectWithinMs: 10_000 });
    const replica = await client.replicate({ Radio: {} });
    assert.equal([...replica.table("Radio").rows.values()][0]?.name, name);
  });

  it("a connection that is lost is made again, and nothing is missed", async (test) => {
    const gate = await openGate(test);
    const client = connect(test, gate);
    const replica = await client.replicate({ Radio: {} });
    for (const socket of gate.sockets) socket.terminate();
    const { uuid } = await insertDirectly(gate, "while it was away");
    await until(() => replica.table("Radio").rows.has(uuid), "the row of the time without connection");
    await client.transact((builder) => builder.insert("Radio", { name: "after" }));
    await until(() => replica.table("Radio").rows.size === 2, "the row inserted after");
  });
});

async function insertDirectly(gate: Gate, name: string) {
  const execution = gate.ovsdb.database.execute([{ op: "insert", table: "Radio", row: { name } }]);
  assert.ok(execution.kind === "committed");
  return execution.results[0] as { uuid: string & never };
}

const packages = join(import.meta.dirname, "../..");

/** What the page's modules import, by the path of its address: sources without their types. */
function sourceOf(path: string): string | undefined {
  const [, name, file = ""] = /^\/(ovsdb|base)\/([\w-]+)(?:\.ts)?$/.exec(path) ?? [];
  return name && stripTypeScriptTypes(readFileSync(join(packages, name, "src", `${file}.ts`), "utf8"));
}

const baseModules = ["clock", "emitter", "errors", "log", "queue", "random", "shared-values", "work-queue"];
const page = `<!doctype html><title>OVSDB</title>
<script type="importmap">${JSON.stringify({
  imports: Object.fromEntries(baseModules.map((name) => [`@opensync-ts/base/${name}`, `/base/${name}`])),
})}</script>
<script type="module">
const tell = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
const client = "/ovsdb/browser";
try {
  const { RealClock, ReconnectingClient, database, integer, string, table, webSocketEndpoint } = await import(client);
  const clock = new RealClock();
  const schema = database({ name: "Test", version: "1.0.0", tables: { Radio: table({ columns: { name: string(), counter: integer() } }) } });
  const ovsdb = new ReconnectingClient([webSocketEndpoint("ws://" + location.host, { clock })], schema, { clock, random: { next: Math.random } });
  const replica = await ovsdb.replicate({ Radio: {} });
  await ovsdb.transact((builder) => builder.insert("Radio", { name: navigator.userAgent, counter: 2n ** 62n }));
  while (replica.table("Radio").rows.size === 0) await clock.sleep(5);
  const [row] = replica.table("Radio").rows.values();
  await tell({ name: row.name, counter: String(row.counter) });
} catch (error) {
  await tell({ error: String(error?.stack ?? error) });
}
</script>`;

describe("in a browser", { timeout: 120_000, skip: without("chromium") }, () => {
  it("the client transacts and replicates, with 64-bit integers exact", async (test) => {
    const { promise: result, resolve: take } = Promise.withResolvers<string>();
    const gate = await openGate(test, (request, response) => {
      const { url = "/" } = request;
      if (url === "/result") {
        let text = "";
        request.on("data", (chunk) => {
          text += chunk;
        });
        request.on("end", () => {
          response.end();
          take(text);
        });
        return;
      }
      const source = sourceOf(url);
      if (url === "/") response.setHeader("content-type", "text/html").end(page);
      else if (source !== undefined) response.setHeader("content-type", "text/javascript").end(source);
      else response.writeHead(404).end();
    });
    const browser = spawn(
      "chromium",
      [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        `--user-data-dir=${temporaryDirectory(test)}`,
        `http://${gate.url}/`,
      ],
      { stdio: "ignore", detached: true },
    );
    test.after(async () => {
      const gone = new Promise((resolve) => browser.once("exit", resolve));
      // With all the processes that it has started.
      if (browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
      await gone;
    });
    const { error, name, counter } = JSON.parse(await withDeadline(clock, result, 60_000, "the page's result"));
    assert.equal(error, undefined);
    assert.match(name, /Chrome/);
    assert.equal(counter, String(2n ** 62n));
  });
});
