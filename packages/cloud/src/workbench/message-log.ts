/** The last messages of a session, both ways, from when somebody begins to look. */

import type { Clock } from "@opensync-ts/base/clock";
import { isObject, type JsonValue, parseJson, stringifyJson } from "@opensync-ts/ovsdb/json";
import type { WireMessage } from "@opensync-ts/ovsdb/jsonrpc";
import type { NodeWire } from "../node-wire.ts";
import * as limits from "./limits.ts";
import { maskMessage } from "./mask-message.ts";
import { Ring } from "./ring.ts";

export interface LoggedMessage {
  readonly number: number;
  /** Wall clock, ms. */
  readonly at: number;
  /** `sent`: to the node. */
  readonly direction: WireMessage["direction"];
  /** That of the request for a reply, where that was seen; null: it is not known. */
  readonly method: string | null;
  readonly kind: "request" | "reply" | "error" | "notification" | "unknown";
  readonly id: string | null;
  readonly bytes: number;
  /** JSON, secrets masked; null: it is too long to be taken apart. */
  readonly text: string | null;
  /** It goes on. */
  readonly isCut: boolean;
}

export class MessageLog {
  readonly wire: NodeWire;
  /** Another one for another connection, and another begin: numbers are of it. */
  readonly id: string;
  readonly #clock: Clock;
  readonly #ring = new Ring<LoggedMessage>(limits.messages, limits.messageLogBytes);
  readonly #stop: () => void;
  /** Methods of requests whose replies are still to come, by direction and id. */
  readonly #asked = new Map<string, string>();

  constructor(wire: NodeWire, clock: Clock) {
    this.wire = wire;
    this.#clock = clock;
    this.id = `${clock.wallTime()}-${Math.round(clock.now())}`;
    this.#stop = wire.observe((message) => this.#take(message));
  }

  after(number: number) {
    return this.#ring.after(number);
  }

  close(): void {
    this.#stop();
    this.#asked.clear();
  }

  #take({ direction, text }: WireMessage): void {
    const bytes = Buffer.byteLength(text);
    const message = text.length > limits.messageParsed ? undefined : parsedOrNothing(text);
    const about = message ? this.#about(direction, message) : ({ method: null, kind: "unknown", id: null } as const);
    // A schema has columns of secret names, and no secrets.
    const isSchema = ({ method, kind }: { method: string | null; kind: string }) =>
      method === "get_schema" && kind === "reply" && direction === "received";
    const shown = message && stringifyJson(isSchema(about) ? message : maskMessage(message));
    const cut = shown === undefined ? null : shown.slice(0, limits.messageText);
    const isCut = shown !== undefined && shown.length > limits.messageText;
    const at = this.#clock.wallTime();
    this.#ring.add(2 * (cut?.length ?? 0) + 200, (number) => ({
      ...{ number, at, direction, bytes, ...about },
      ...{ text: cut, isCut },
    }));
  }

  #about(direction: WireMessage["direction"], message: { readonly [name: string]: JsonValue }) {
    const { method, id = null } = message;
    const named = id === null ? null : stringifyJson(id).slice(0, 100);
    if (typeof method === "string") {
      if (named !== null) this.#ask(`${direction} ${named}`, method);
      return { method: method.slice(0, 100), kind: named === null ? "notification" : "request", id: named } as const;
    }
    const question = `${direction === "sent" ? "received" : "sent"} ${named}`;
    const asked = this.#asked.get(question) ?? null;
    this.#asked.delete(question);
    const isError = message.error !== null && message.error !== undefined;
    return { method: asked, kind: isError ? "error" : "reply", id: named } as const;
  }

  #ask(question: string, method: string): void {
    this.#asked.set(question, method.slice(0, 100));
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > limits.awaitedReplies && oldest !== undefined) this.#asked.delete(oldest);
  }
}

function parsedOrNothing(text: string): { readonly [name: string]: JsonValue } | undefined {
  try {
    const message = parseJson(text);
    return isObject(message) ? message : undefined;
  } catch {
    // What is no JSON ends the connection; its size is all there is to tell.
    return undefined;
  }
}
