/** What happens, numbered, for those who follow it; some of the past is kept for those who come back. */

import { Emitter } from "@opensync-ts/base/emitter";
import * as limits from "../limits.ts";

export interface LiveMessage {
  readonly number: number;
  /** Null: of nobody's, for who sees the whole cloud. */
  readonly tenant: string | null;
  readonly location: string | null;
  /** As it goes over the wire, made once for all. */
  readonly text: string;
}

export interface LiveTopic {
  readonly kind: "node" | "caller" | "change" | "event" | "alert";
  readonly tenant: string | null;
  readonly location: string | null;
}

export class LiveHub {
  readonly messages: Pick<Emitter<{ message: LiveMessage }>, "on" | "listenerCount">;
  readonly #emitter = new Emitter<{ message: LiveMessage }>();
  readonly #epoch: string;
  /** The oldest first. */
  readonly #kept: LiveMessage[] = [];
  #number = 0;

  /** `epoch` tells this run of the cloud from others, whose numbers mean nothing here. */
  constructor(epoch: string) {
    this.#epoch = epoch;
    this.messages = this.#emitter;
  }

  get lastId(): string {
    return `${this.#epoch}-${this.#number}`;
  }

  publish({ kind, tenant, location }: LiveTopic, data: unknown): void {
    const number = ++this.#number;
    const json = JSON.stringify(data);
    const shown = json.length <= limits.eventBytes ? json : JSON.stringify({ location, truncated: true });
    const text = `id: ${this.#epoch}-${number}\nevent: ${kind}\ndata: ${shown}\n\n`;
    const message = { number, tenant, location, text };
    this.#kept.push(message);
    if (this.#kept.length > limits.keptEvents) this.#kept.shift();
    this.#emitter.emit("message", message);
  }

  /** What has come after `lastId`; undefined: some of it is no longer known. */
  since(lastId: string): readonly LiveMessage[] | undefined {
    const [, epoch, digits] = /^(.{1,64})-(\d{1,15})$/.exec(lastId) ?? [];
    const number = Number(digits);
    if (epoch !== this.#epoch || number > this.#number) return undefined;
    const first = this.#kept[0]?.number ?? this.#number + 1;
    if (number + 1 < first) return undefined;
    return this.#kept.slice(number + 1 - first);
  }
}
