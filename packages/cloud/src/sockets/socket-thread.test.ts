import assert from "node:assert/strict";
import { connect } from "node:net";
import { afterEach, describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { checkFree } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { SocketThread } from "./socket-thread.ts";
import { SocketThreads } from "./socket-threads.ts";

const clock = new RealClock();
const unshared = process.platform === "linux" ? false : "only Linux shares ports";
const anyPort: ListenRemote = { kind: "ptcp", port: 0, host: "127.0.0.1" };

/** Connects to `port`, asks for echo and sets the flag when it is answered; in a thread of its own, for ours is busy. */
const asking = `
  const { workerData } = require("node:worker_threads");
  const flag = new Int32Array(workerData.shared);
  const socket = require("node:net").connect(workerData.port, "127.0.0.1");
  socket.write('{"method":"echo","params":[],"id":1}');
  socket.on("data", () => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    socket.destroy();
  });
`;

describe("threads of the sockets", () => {
  const ring = new LogRing(100);
  const log = Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 });
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  function start(): SocketThread {
    const thread = new SocketThread({ share: 1, tickets: undefined, clock, log });
    stops.push(() => thread.close());
    return thread;
  }

  function startSeveral(): SocketThreads {
    const threads = new SocketThreads({ count: 2, tickets: undefined, clock, log });
    stops.push(() => threads.close());
    return threads;
  }

  /** Listens, and echoes back whatever arrives, in capitals. */
  async function listen(thread: SocketThread | SocketThreads, remote = anyPort) {
    const transports: Transport[] = [];
    const ends: (Error | undefined)[] = [];
    const accept = (transport: Transport) => {
      transports.push(transport);
      transport.start({
        data: (bytes) => transport.write(Buffer.from(bytes).toString().toUpperCase()),
        ended: () => transport.close(),
        drained() {},
        closed: (error) => ends.push(error),
      });
    };
    const listener = await thread.listen(remote, { accept, refused() {}, tls: undefined });
    return { port: (listener.remote as ListenRemote).port, listener, transports, ends };
  }

  function dial(port: number) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    stops.push(async () => void socket.destroy());
    let received = "";
    socket.on("data", (bytes) => {
      received += bytes.toString();
    });
    const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    return { socket, received: () => received, ended };
  }

  /** Until nobody listens there any more. */
  async function refused(port: number): Promise<void> {
    for (let isOpen = true; isOpen; ) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      isOpen = await promise;
      socket.destroy();
    }
  }

  async function until(what: () => boolean): Promise<void> {
    while (!what()) await clock.sleep(5, AbortSignal.timeout(10_000));
  }

  it("carries a connection both ways, and its end", async () => {
    const { port, transports, ends } = await listen(start());
    const { socket, received, ended } = dial(port);
    socket.write('["hello"]');
    await until(() => received() === '["HELLO"]');
    assert.match(transports[0]?.name ?? "", /^tcp:127\.0\.0\.1:\d+$/);
    socket.end();
    await ended;
    await until(() => ends.length === 1);
    assert.deepEqual(ends, [undefined]);
  });

  it("answers echo while this thread does nothing but wait", async () => {
    const { port } = await listen(start());
    const shared = new SharedArrayBuffer(4);
    const client = new Worker(asking, { eval: true, workerData: { port, shared } });
    stops.push(async () => void (await client.terminate()));
    assert.notEqual(Atomics.wait(new Int32Array(shared), 0, 0, 30_000), "timed-out");
  });

  it("is started again when it ends by itself, and listens on the same port", async () => {
    const thread = start();
    const { port, transports, ends } = await listen(thread);
    const lost = dial(port);
    await until(() => transports.length === 1);
    await thread.crash();
    await until(() => ends.length === 1);
    assert.match(ends[0]?.message ?? "", /thread ended/);
    await lost.ended;
    let answered = "";
    await until(() => {
      const next = dial(port);
      next.socket.write('["again"]');
      next.socket.on("data", () => {
        answered = next.received();
      });
      return answered === '["AGAIN"]';
    });
    assert.ok(ring.records().some(({ text }) => text.includes("a thread of the sockets ended")));
  });

  it("refuses a port that is taken, in the words of any listener", async () => {
    const { port } = await listen(start());
    await assert.rejects(listen(start(), { ...anyPort, port }), {
      name: "UserError",
      message: `cannot listen on ptcp:${port}:127.0.0.1: in use by another process; stop it or choose another address`,
    });
  });

  it("share a port, and the end of one takes only its own connections with it", { skip: unshared }, async () => {
    const threads = startSeveral();
    const { port, transports, ends } = await listen(threads);
    const dialled = Array.from({ length: 64 }, () => dial(port));
    await until(() => transports.length === dialled.length);
    await threads.crash();
    await until(() => ends.length > 0);
    const open = dialled.filter(({ socket }) => !socket.destroyed);
    assert.ok(ends.length < dialled.length && open.length > 0, `${ends.length} of ${dialled.length} ended`);
    for (const { socket } of dialled) socket.write("[]");
    await until(() => dialled.filter(({ received }) => received() === "[]").length === dialled.length - ends.length);
  });

  it("do not share a port with another cloud", { skip: unshared }, async () => {
    const { port } = await listen(startSeveral());
    await assert.rejects(listen(startSeveral(), { ...anyPort, port }), {
      name: "UserError",
      message: `cannot listen on ptcp:${port}:127.0.0.1: in use by another process; stop it or choose another address`,
    });
  });

  it("close a listener in each of them", { skip: unshared }, async () => {
    const threads = startSeveral();
    const { port, listener } = await listen(threads);
    await listener.close();
    // Each does so in its own time.
    const isFree = () =>
      checkFree({ ...anyPort, port }, log).then(
        () => true,
        () => false,
      );
    while (!(await isFree())) await clock.sleep(5, AbortSignal.timeout(10_000));
  });

  it("takes no more connections at a listener that is closed, and goes on with those it has", async () => {
    const { port, listener, transports } = await listen(start());
    const old = dial(port);
    await until(() => transports.length === 1);
    await listener.close();
    await refused(port);
    old.socket.write("[]");
    await until(() => old.received() === "[]");
  });
});
