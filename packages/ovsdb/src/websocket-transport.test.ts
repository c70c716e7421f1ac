import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { database, integer, string, table } from "./declare.ts";
import { ReconnectingClient } from "./reconnecting-client.ts";
import { nextTurn, testServer } from "./test-server.ts";
import type { TransportHandlers } from "./transport.ts";
import {
  type WebSocketEvent,
  type WebSocketLike,
  WebSocketTransport,
  webSocketEndpoint,
} from "./websocket-transport.ts";

const declaration = database({
  name: "Test",
  version: "1.0.0",
  tables: { Radio: table({ isRoot: true, columns: { name: string(), counter: integer() } }) },
});

/** Two ends of one WebSocket. Frames come one turn later, as text. */
class FakeSocket implements WebSocketLike {
  readyState = 1;
  bufferedAmount = 0;
  binaryType = "blob";
  other: FakeSocket | undefined;
  readonly sent: string[] = [];
  readonly #listeners = new Map<string, Set<(event: WebSocketEvent) => void>>();

  static pair(): [FakeSocket, FakeSocket] {
    const [a, b] = [new FakeSocket(), new FakeSocket()];
    a.other = b;
    b.other = a;
    return [a, b];
  }

  addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(listener));
  }

  removeEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    this.#listeners.get(type)?.delete(listener);
  }

  emit(type: string, event: WebSocketEvent = {}): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(event);
  }

  send(text: string): void {
    this.sent.push(text);
    setImmediate(() => this.other?.emit("message", { data: text }));
  }

  close(code = 1005): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    setImmediate(() => {
      this.emit("close", { code });
      const { other } = this;
      if (other && other.readyState !== 3) {
        other.readyState = 3;
        other.emit("close", { code });
      }
    });
  }
}

function started(socket: FakeSocket, clock = new VirtualClock()) {
  const transport = new WebSocketTransport(socket, "ws://x", clock);
  const seen = { data: "", drained: 0, closed: [] as (string | undefined)[] };
  const handlers: TransportHandlers = {
    data: (chunk) => {
      seen.data += new TextDecoder().decode(chunk);
    },
    ended() {},
    drained: () => seen.drained++,
    closed: (error) => seen.closed.push(error?.message),
  };
  return { transport, seen, handlers, clock };
}

describe("a WebSocket transport", () => {
  it("carries a client's and a server's messages", async () => {
    const { server, clock, database: engine } = testServer();
    const endpoint = webSocketEndpoint("ws://server/db", {
      clock,
      open: () => {
        const [near, far] = FakeSocket.pair();
        setImmediate(() => {
          server.accept(new WebSocketTransport(near, "ws://client", clock));
          far.emit("open");
        });
        return far;
      },
    });
    const client = new ReconnectingClient([endpoint], declaration, { clock, random: new SeededRandom(1) });
    const replica = await client.replicate({ Radio: {} });
    await client.transact((t) => t.insert("Radio", { name: "größer 📡", counter: 7 }), { connectWithinMs: 1000 });
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    assert.equal(replica.table("Radio").find((row) => row.counter === 7)?.name, "größer 📡");
    assert.equal(engine.rows("Radio").size, 1);
    client.close();
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    assert.equal(server.connections, 0);
  });

  it("takes text and bytes, and holds what comes while it is paused", async () => {
    const [socket] = FakeSocket.pair();
    const { transport, seen, handlers } = started(socket);
    socket.emit("message", { data: "early " });
    transport.start(handlers);
    assert.equal(seen.data, "early ");
    transport.pause();
    socket.emit("message", { data: new TextEncoder().encode("ß").buffer });
    assert.equal(seen.data, "early ");
    transport.resume();
    assert.equal(seen.data, "early ß");
  });

  it("says when what it had to send has left", async () => {
    const [socket] = FakeSocket.pair();
    const { transport, seen, handlers, clock } = started(socket);
    transport.start(handlers);
    transport.write("x");
    socket.bufferedAmount = 1000;
    transport.write("y");
    assert.equal(transport.waiting, 1000);
    await clock.advance(100);
    assert.equal(seen.drained, 0);
    socket.bufferedAmount = 0;
    await clock.advance(100);
    assert.equal(seen.drained, 1);
  });

  it("tells once why it ended", async () => {
    for (const [event, expected] of [
      [{ code: 1000 }, undefined],
      [{ code: 1006 }, "closed (code 1006)"],
      [{ code: 1011, reason: "overload" }, "closed (code 1011: overload)"],
    ] as const) {
      const [socket] = FakeSocket.pair();
      const { transport, seen, handlers } = started(socket);
      transport.start(handlers);
      socket.emit("close", event);
      socket.emit("close", event);
      assert.deepEqual(seen.closed, [expected]);
    }
  });

  it("ends at once when destroyed, though the peer does not answer", async () => {
    const socket = new FakeSocket();
    socket.close = () => {};
    const { transport, seen, handlers } = started(socket);
    transport.start(handlers);
    transport.destroy();
    await nextTurn();
    assert.deepEqual(seen.closed, [undefined]);
  });

  it("ends when it is sent what is neither text nor bytes", async () => {
    const [socket] = FakeSocket.pair();
    const { transport, seen, handlers } = started(socket);
    transport.start(handlers);
    socket.emit("message", { data: { blob: true } });
    await nextTurn();
    assert.deepEqual(seen.closed, ["sent a frame that is neither text nor bytes"]);
  });

  it("names the URL when there is no connection", async () => {
    const clock = new VirtualClock();
    const refused = webSocketEndpoint("ws://nobody/", {
      clock,
      open: () => {
        const socket = new FakeSocket();
        setImmediate(() => socket.emit("close", { code: 1006 }));
        return socket;
      },
    });
    const { signal } = new AbortController();
    await assert.rejects(refused.dial(signal), /ws:\/\/nobody\/: the connection was refused \(code 1006\)/);
    const silent = webSocketEndpoint("ws://silent/", { clock, connectTimeoutMs: 50, open: () => new FakeSocket() });
    const attempt = assert.rejects(silent.dial(signal), /ws:\/\/silent\/: no connection within 50 ms/);
    await clock.advance(50);
    await attempt;
    const cancelled = new AbortController();
    const dialling = assert.rejects(silent.dial(cancelled.signal), /cancelled/);
    cancelled.abort();
    await dialling;
  });
});
