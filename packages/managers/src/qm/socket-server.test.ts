import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  decodeResponse,
  encodeRequest,
  type QmRequest,
  type QmResponse,
  responseBytes,
} from "@opensync-ts/telemetry/qm-frame";
import { QmBench, settings } from "./testing/qm-bench.ts";

const request: QmRequest = {
  sequence: 1,
  command: "SEND",
  noResponse: false,
  sendDirect: false,
  acknowledge: false,
  sender: "raw-client",
  compression: "configured",
  dataType: "RAW",
  topic: "t",
  data: Buffer.from("x"),
};
const frame = (change: Partial<QmRequest> = {}) => Buffer.from(encodeRequest({ ...request, ...change }));

/** Waits for the network, which keeps its own time. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true`);
    await turn();
  }
}

class Client {
  readonly socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  closed = false;

  constructor(path: string) {
    this.socket = connect({ path });
    this.socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.closed = true;
    });
  }

  get responses(): QmResponse[] {
    const whole = Math.floor(this.#bytes.length / responseBytes);
    return Array.from({ length: whole }, (_, index) => {
      const response = decodeResponse(this.#bytes.subarray(index * responseBytes, (index + 1) * responseBytes));
      assert.ok(!("problem" in response), JSON.stringify(response));
      return response;
    });
  }

  async answers(count: number): Promise<QmResponse[]> {
    await until(() => this.responses.length >= count, `response ${count}`);
    return this.responses;
  }
}

class SocketBench implements AsyncDisposable {
  readonly directory: string;
  readonly qm: QmBench;
  readonly #clients: Client[] = [];

  private constructor(directory: string, qm: QmBench) {
    this.directory = directory;
    this.qm = qm;
  }

  static async start(prepare: (path: string) => void = () => {}): Promise<SocketBench> {
    const directory = mkdtempSync(join(tmpdir(), "qm-socket-"));
    const path = join(directory, "qm.sock");
    prepare(path);
    return new SocketBench(directory, await QmBench.start(settings, { socketPath: path }));
  }

  get path(): string {
    return join(this.directory, "qm.sock");
  }

  client(): Client {
    const client = new Client(this.path);
    this.#clients.push(client);
    return client;
  }

  /** A frame of a client of its own is answered: whatever happened before has cost nobody else anything. */
  async stillServes(): Promise<void> {
    const client = this.client();
    client.socket.write(frame({ sequence: 4711 }));
    const [response] = await client.answers(1);
    assert.deepEqual([response?.sequence, response?.response], [4711, "RECEIVED"]);
    client.socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#clients) socket.destroy();
    await this.qm.qm.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describe("QM's socket", () => {
  it("takes messages and tells how QM is, with every counter", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    client.socket.write(frame({ sequence: 7, data: Buffer.from("four") }));
    const [received] = await client.answers(1);
    assert.deepEqual(
      [received?.sequence, received?.response, received?.error, received?.queueLength, received?.queueBytes],
      [7, "RECEIVED", "NONE", 1, 4],
    );
    await bench.qm.clock.advance(10_000);
    client.socket.write(frame({ command: "STATUS", data: new Uint8Array(), topic: "" }));
    const [, status] = await client.answers(2);
    assert.deepEqual(status, {
      sequence: 1,
      response: "STATUS",
      error: "NONE",
      flags: 0,
      connection: "CONNECTED",
      queueLength: 0,
      queueBytes: 0,
      queueDropped: 0,
      logBytes: 0,
      logDropped: 0,
      sentMessages: 1,
      sentBytes: 4,
      errors: 0,
      runtimeSeconds: 10,
    });
  });

  it("says whether there is a broker, and one at the other end", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    const connection = async (count: number) => {
      client.socket.write(frame({ command: "STATUS" }));
      return (await client.answers(count)).at(-1)?.connection;
    };
    assert.equal(await connection(1), "CONNECTED");
    bench.qm.broker.mode = "refuse";
    bench.qm.broker.hangUp();
    assert.equal(await connection(2), "DISCONNECTED");
    client.socket.write(frame({ sendDirect: true }));
    const [, , direct] = await client.answers(3);
    assert.deepEqual([direct?.response, direct?.error], ["ERROR", "SEND"]);
    await bench.qm.configure({});
    assert.equal(await connection(4), "NO_CONF");
  });

  it("takes frames one byte at a time, and several in one write", async () => {
    await using bench = await SocketBench.start();
    const slow = bench.client();
    slow.socket.setNoDelay(true);
    for (const byte of frame({ topic: "a/topic" })) {
      slow.socket.write(Uint8Array.of(byte));
      await turn();
    }
    await slow.answers(1);
    const quick = bench.client();
    quick.socket.write(Buffer.concat([1, 2, 3].map((sequence) => frame({ sequence }))));
    assert.deepEqual(
      (await quick.answers(3)).map(({ sequence }) => sequence),
      [1, 2, 3],
    );
  });

  it("answers no frame that wants no answer, and takes it", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    client.socket.write(Buffer.concat([frame({ noResponse: true }), frame({ sequence: 2 })]));
    const [only] = await client.answers(1);
    assert.deepEqual([only?.sequence, only?.queueLength], [2, 2]);
  });

  it("obeys what a frame says of QoS, compression, topic and way", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    client.socket.write(frame({ qos: 2, compression: "force", topic: "own", sendDirect: true }));
    await client.answers(1);
    await bench.qm.settle();
    const [sent] = bench.qm.broker.received;
    assert.deepEqual([sent?.qos, sent?.topic, sent?.payload[0]], [2, "own", 0x78]);
  });

  it("acknowledges a frame without data and drops it, and counts log lines while the remote log is off", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    client.socket.write(Buffer.concat([frame({ data: new Uint8Array() }), frame({ dataType: "LOG" })]));
    const [empty, log] = await client.answers(2);
    assert.deepEqual([empty?.response, empty?.queueLength], ["RECEIVED", 0]);
    assert.deepEqual([log?.response, log?.queueLength, log?.logDropped, log?.logBytes], ["RECEIVED", 0, 1, 0]);
  });

  it("refuses what it cannot take, and goes on with the next frame", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    const unknown = frame();
    unknown.writeUInt32LE(9, 12);
    const huge = frame({ data: new Uint8Array(2 * 1024 * 1024) });
    huge.writeUInt32LE(2 * 1024 * 1024 + 1, 48);
    const longTopic = frame({ topic: "x".repeat(128) });
    longTopic.writeUInt32LE(200, 44);
    const frames = [unknown, huge, Buffer.alloc(1), longTopic, Buffer.alloc(71), frame({ topic: "all/#" }), frame()];
    client.socket.write(Buffer.concat(frames));
    const responses = await client.answers(5);
    assert.deepEqual(
      responses.map(({ response, error }) => `${response} ${error}`),
      ["ERROR INVALID", "ERROR QUEUE", "ERROR INVALID", "ERROR INVALID", "RECEIVED NONE"],
    );
    assert.deepEqual([responses.at(-1)?.errors, bench.qm.counter("refused")], [4, 4]);
    assert.equal(bench.qm.logged(/socket: client '\?': frame refused: unknown command 9/).length, 1);
  });

  it("takes a message of 2 MiB, for which older ones go", async () => {
    await using bench = await SocketBench.start();
    const client = bench.client();
    client.socket.write(Buffer.concat([frame(), frame({ data: new Uint8Array(2 * 1024 * 1024) })]));
    const [, large] = await client.answers(2);
    assert.deepEqual([large?.response, large?.queueLength, large?.queueDropped], ["RECEIVED", 1, 1]);
  });

  it("hangs up on a client that sends no frames, with one line for many", async () => {
    await using bench = await SocketBench.start();
    for (let count = 0; count < 5; count++) {
      const client = bench.client();
      client.socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: somebody\r\n\r\n");
      await until(() => client.closed, "the end of the connection");
    }
    assert.equal(bench.qm.counter("refused"), 5);
    assert.equal(bench.qm.logged(/disconnected: no frame: does not begin with QREQ/).length, 1);
    await bench.stillServes();
  });

  it("drops a frame that ends in the middle", async () => {
    await using bench = await SocketBench.start();
    for (const size of [1, 56, 57]) {
      const client = bench.client();
      client.socket.end(frame().subarray(0, size));
      await until(() => client.closed, "the end of the connection");
    }
    await until(() => bench.qm.counter("refused") === 3, "three refusals");
    assert.equal(bench.qm.logged(/a frame ended in the middle and is dropped/).length, 1);
    assert.equal(bench.qm.dumped("queue"), "0 messages, 0 bytes, 0 dropped");
    await bench.stillServes();
  });

  it("leaves a client that does not end its frame within 10 s, but not one that is silent between two", async () => {
    await using bench = await SocketBench.start();
    const silent = bench.client();
    silent.socket.write(frame());
    await silent.answers(1);
    const stuck = bench.client();
    stuck.socket.write(Buffer.concat([frame(), frame().subarray(0, 30)]));
    await stuck.answers(1);
    await bench.qm.clock.advance(60_000);
    await until(() => stuck.closed, "the end of the stuck one");
    assert.equal(bench.qm.logged(/client 'raw-client': disconnected: sends a frame without an end for 10 s/).length, 1);
    assert.ok(!silent.closed);
    silent.socket.write(frame());
    await silent.answers(2);
  });

  it("reads no more from a client that does not take its responses, and leaves it after 10 s", async () => {
    await using bench = await SocketBench.start();
    const greedy = bench.client();
    greedy.socket.pause();
    await until(() => bench.qm.dumped("socket") === "1 clients", "the client");
    const status = frame({ command: "STATUS", topic: "", data: new Uint8Array() });
    const many = Buffer.concat(Array.from({ length: 2_000 }, () => status));
    let written = 0;
    // Until nothing more is taken: by then the buffers of the system are full in both directions.
    for (let idle = 0; idle < 200; ) {
      if (greedy.socket.writableLength < many.length) {
        greedy.socket.write(many);
        written += many.length;
        idle = 0;
      } else {
        idle++;
      }
      await turn();
      assert.ok(written < 64 * 1024 * 1024, "it reads on and on");
    }
    await bench.qm.clock.advance(10_000);
    assert.equal(bench.qm.logged(/disconnected: does not take its responses for 10 s/).length, 1);
    await until(() => bench.qm.dumped("socket") === "0 clients", "its end");
    await bench.stillServes();
  });

  it("serves 20 clients, and turns away more until one leaves", async () => {
    await using bench = await SocketBench.start();
    const clients = Array.from({ length: 20 }, () => bench.client());
    for (const client of clients) client.socket.write(frame());
    for (const client of clients) await client.answers(1);
    const surplus = bench.client();
    await until(() => surplus.closed, "the end of the 21st");
    assert.equal(bench.qm.logged(/a client is turned away: 20 are connected/).length, 1);
    clients[0]?.socket.destroy();
    await until(() => bench.qm.dumped("socket") === "19 clients", "room");
    await bench.stillServes();
  });

  it("is for its owner only, takes the place of one that a dead process left, and goes with QM", async () => {
    await using bench = await SocketBench.start((path) => {
      // What a killed process leaves behind.
      const dead = createServer().listen(path);
      dead.close = () => dead;
      dead.unref();
    });
    assert.equal(statSync(bench.path).mode & 0o777, 0o600);
    await bench.stillServes();
    const client = bench.client();
    client.socket.write(frame());
    await client.answers(1);
    await bench.qm.qm.stop();
    await until(() => client.closed, "the end of the client");
    assert.ok(!existsSync(bench.path));
  });

  it("does without where something else is in its place, and says so; managers of the process go on", async () => {
    await using bench = await SocketBench.start((path) => writeFileSync(path, "a file"));
    assert.equal(bench.qm.logged(/qm\.sock: not served: a file that is no socket is in the way/).length, 1);
    assert.equal(bench.qm.send(), "NONE");
  });
});
