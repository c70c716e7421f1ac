import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { describe, it } from "node:test";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { FakeBroker } from "@opensync-ts/managers/qm/testing/fake-broker";
import type { ActiveRemote } from "@opensync-ts/ovsdb/remote";
import type { Destination, Obstacle, WayOut } from "@opensync-ts/target/network";
import { ConnectionGuard } from "./way-out.ts";

class Path implements WayOut {
  blocked: Obstacle | null = null;
  readonly asked: Destination[] = [];
  readonly #events = new Emitter<{ change: null }>();

  obstacle(destination: Destination): Obstacle | null {
    this.asked.push(destination);
    return this.blocked;
  }

  onChange(listener: () => void) {
    return this.#events.on("change", listener);
  }

  set(obstacle: Obstacle | null): void {
    this.blocked = obstacle;
    this.#events.emit("change", null);
  }

  get listeners(): number {
    return this.#events.listenerCount("change");
  }
}

class Echo implements AsyncDisposable {
  readonly #server: Server;
  ended = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Echo> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("close", () => echo.ended++);
      socket.pipe(socket);
    });
    const echo = new Echo(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return echo;
  }

  get remote(): ActiveRemote {
    const address = this.#server.address();
    return { kind: "tcp", host: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const clock = new RealClock();
const options = { clock, timeoutMs: 2_000 };

describe("a connection of a simulated node", () => {
  it("is refused, has no route, or gets no answer, as the way out has it", async () => {
    await using echo = await Echo.listen();
    const path = new Path();
    const guard = new ConnectionGuard(path, clock);
    path.set("refused");
    await assert.rejects(guard.dial(echo.remote, options), /connection refused; nothing listens there/);
    path.set("unreachable");
    await assert.rejects(guard.dial(echo.remote, options), /the network is unreachable/);
    path.set("lost");
    await assert.rejects(guard.dial(echo.remote, { clock, timeoutMs: 30 }), /no connection within 30 ms/);
    const cancelled = new AbortController();
    const attempt = guard.dial(echo.remote, { ...options, signal: cancelled.signal });
    cancelled.abort();
    await assert.rejects(attempt, /cancelled/);
    assert.equal(path.listeners, 0);
  });

  it("comes about when the way is free again before its deadline", async () => {
    await using echo = await Echo.listen();
    const path = new Path();
    const guard = new ConnectionGuard(path, clock);
    path.set("lost");
    const attempt = guard.dial(echo.remote, options);
    path.set(null);
    const transport = await attempt;
    assert.equal(path.asked[0]?.host, "127.0.0.1");
    transport.destroy();
    guard.close();
  });

  it("that stands falls silent while packets are lost, and is reset by a cloud that goes down", async () => {
    await using echo = await Echo.listen();
    const path = new Path();
    const guard = new ConnectionGuard(path, clock);
    const transport = await guard.dial(echo.remote, options);
    let read = "";
    const closed = Promise.withResolvers<void>();
    let answered = Promise.withResolvers<void>();
    transport.start({
      data(chunk) {
        read += Buffer.from(chunk).toString();
        answered.resolve();
      },
      ended() {},
      drained() {},
      closed: () => closed.resolve(),
    });
    transport.write("one ");
    await answered.promise;
    path.set("lost");
    transport.write("two");
    await clock.sleep(20);
    assert.equal(read, "one ");
    answered = Promise.withResolvers();
    path.set(null);
    await answered.promise;
    assert.equal(read, "one two");
    path.set("refused");
    await closed.promise;
    assert.equal(path.listeners, 0);
  });

  it("does not outlive its node on the peer's side", async () => {
    await using echo = await Echo.listen();
    const path = new Path();
    const guard = new ConnectionGuard(path, clock);
    const transport = await guard.dial(echo.remote, options);
    transport.start({ data() {}, ended() {}, drained() {}, closed() {} });
    path.set("unreachable");
    transport.destroy();
    await clock.sleep(20);
    assert.equal(echo.ended, 0);
    guard.close();
    while (echo.ended === 0) await clock.sleep(5);
  });
});

describe("the resolver of a simulated node", () => {
  it("gets no answer without a way out, but knows a literal address", async () => {
    const path = new Path();
    const resolver = new ConnectionGuard(path, clock).resolver(async () => ({ ipv4: ["192.0.2.1"], ipv6: [] }));
    path.set("lost");
    await assert.rejects(resolver("cloud.example.com"), /no name server answers \(lost\)/);
    assert.deepEqual((await resolver("192.0.2.9")).ipv4, ["192.0.2.1"]);
    assert.deepEqual((await resolver("2001:db8::1")).ipv4, ["192.0.2.1"]);
    path.set(null);
    assert.deepEqual((await resolver("cloud.example.com")).ipv4, ["192.0.2.1"]);
  });
});

describe("the broker of a simulated node", () => {
  it("is out of reach, or lost, as the way out has it", async () => {
    const virtual = new VirtualClock();
    const path = new Path();
    const broker = new FakeBroker();
    const connector = new ConnectionGuard(path, virtual).mqtt(broker);
    const events: string[] = [];
    const connect = () =>
      connector.connect({ host: "127.0.0.1", port: 1883, tls: false }, "node", {
        connected: () => events.push("connected"),
        closed: (reason) => events.push(reason),
      });
    path.set("unreachable");
    const none = connect();
    await assert.rejects(none.publish("topic", new Uint8Array(1), 0), /out of reach \(unreachable\)/);
    await virtual.advance(0);
    assert.deepEqual(events.splice(0), ["the broker is out of reach (unreachable)"]);
    path.set(null);
    connect();
    await virtual.advance(1_000);
    assert.deepEqual(events.splice(0), ["connected"]);
    path.set("lost");
    path.set(null);
    await virtual.advance(1_000);
    assert.deepEqual(events, ["the connection broke (lost)"]);
    assert.equal(path.listeners, 0);
  });
});
