/** For tests: an MQTT 3.1.1 client of a few lines, which can also do what a library would not. */

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { loadTls, type TlsFiles } from "@opensync-ts/ovsdb/tls-files";

export interface ConnectOptions {
  readonly keepAlive?: number;
  readonly clean?: boolean;
  readonly will?: { readonly topic: string; readonly payload: string };
}

export class MqttClient {
  readonly socket: Socket;
  /** Packets received: the first byte, and the rest without its length. */
  readonly received: { readonly type: number; readonly body: Buffer }[] = [];
  #buffer = Buffer.alloc(0);
  #closed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      // What a broker sends to a publisher is short.
      while (this.#buffer.length >= 2 && this.#buffer.length >= 2 + (this.#buffer[1] as number)) {
        const end = 2 + (this.#buffer[1] as number);
        this.received.push({ type: this.#buffer[0] as number, body: this.#buffer.subarray(2, end) });
        this.#buffer = this.#buffer.subarray(end);
      }
      this.#wake();
    });
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static dial(port: number, tls?: TlsFiles): Promise<MqttClient> {
    return new Promise((resolve, reject) => {
      const socket = tls
        ? connectTls({ host: "127.0.0.1", port, ...loadTls(tls), servername: "localhost" })
        : connectTcp({ host: "127.0.0.1", port });
      socket.once("error", reject);
      socket.once(tls ? "secureConnect" : "connect", () => {
        socket.off("error", reject);
        resolve(new MqttClient(socket));
      });
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves with the return code of CONNACK; -1 when the connection ends without. */
  async connect(id: string, { keepAlive = 180, clean = true, will }: ConnectOptions = {}): Promise<number> {
    const flags = (clean ? 2 : 0) | (will ? 4 : 0);
    const payload = [id, ...(will ? [will.topic, will.payload] : [])].map(text);
    this.send(0x10, Buffer.concat([text("MQTT"), Buffer.of(4, flags, keepAlive >> 8, keepAlive & 255), ...payload]));
    const answer = await this.until(() => this.received.find(({ type }) => type === 0x20));
    return answer?.body[1] ?? -1;
  }

  publish(
    topic: string,
    payload: Uint8Array | string,
    { qos = 0, id = 1, retain = false }: { qos?: 0 | 1 | 2; id?: number; retain?: boolean } = {},
  ): void {
    const number = qos > 0 ? Buffer.of(id >> 8, id & 255) : Buffer.alloc(0);
    const body = Buffer.concat([text(topic), number, Buffer.from(payload as string)]);
    this.send(0x30 | (qos << 1) | Number(retain), body);
  }

  /** Resolves with what the broker says to a subscription: the QoS granted, 128 for none. */
  async subscribe(topic: string): Promise<number> {
    this.send(0x82, Buffer.concat([Buffer.of(0, 7), text(topic), Buffer.of(0)]));
    const answer = await this.until(() => this.received.find(({ type }) => type === 0x90));
    return answer?.body[2] ?? -1;
  }

  /** Resolves once what went before has been read; of that, what has a QoS may still be under way. */
  async ping(): Promise<void> {
    const before = this.received.filter(({ type }) => type === 0xd0).length;
    this.send(0xc0, Buffer.alloc(0));
    await this.until(() => this.received.filter(({ type }) => type === 0xd0).length > before || undefined);
  }

  send(type: number, body: Uint8Array): void {
    this.socket.write(Buffer.concat([Buffer.of(type, ...lengthOf(body.length)), body]));
  }

  /** Resolves with the first value that is not undefined, undefined when the connection has ended without. */
  until<T>(look: () => T | undefined): Promise<T | undefined> {
    return new Promise((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined && !this.#closed) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  async ended(): Promise<void> {
    await this.until(() => undefined);
  }

  close(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}

/** A length as MQTT writes it (2.2.3). */
export function lengthOf(length: number): number[] {
  const bytes: number[] = [];
  for (let left = length; ; left = Math.floor(left / 128)) {
    bytes.push((left % 128) | (left >= 128 ? 0x80 : 0));
    if (left < 128) return bytes;
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
}
