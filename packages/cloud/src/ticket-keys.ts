/**
 * What TLS sessions are sealed with that nodes take home (tickets), in a file beside the certificates: a cloud that is started again goes on
 * with them. Node.js knows one key at a time, so a new one ends all tickets before it.
 */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import { writeFileAtomic } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { TicketKeys } from "@opensync-ts/ovsdb/tls-sessions";
import * as limits from "./limits.ts";

const keyBytes = 48;

export interface TicketFileOptions {
  /** That of the certificates; there already. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class TicketFile implements TicketKeys {
  readonly lifeMs = limits.ticketKeyLifeMs;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events = new Emitter<{ change: Buffer }>();
  #key: Buffer;
  #timer: Timer | undefined;

  constructor({ directory, clock, log }: TicketFileOptions) {
    this.#file = join(directory, "ticket.key");
    this.#clock = clock;
    this.#log = log;
    const kept = this.#read();
    this.#key = kept?.key ?? this.#make();
    this.#arm(kept ? kept.until - clock.wallTime() : this.lifeMs);
  }

  get current(): Buffer {
    return this.#key;
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  onChange(listener: (keys: Buffer) => void): () => void {
    return this.#events.on("change", listener);
  }

  close(): void {
    this.#timer?.cancel();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#key = this.#make();
      this.#events.emit("change", this.#key);
      this.#arm(this.lifeMs);
    });
  }

  /** A new key. Where it cannot be written it serves this process all the same: nothing but a faster handshake is lost. */
  #make(): Buffer {
    const key = randomBytes(keyBytes);
    try {
      writeFileAtomic(this.#file, `${new Date(this.#clock.wallTime()).toISOString()} ${key.toString("hex")}\n`);
    } catch (error) {
      this.#log.warning(`${this.#file}: cannot be written (${messageOf(error)}); TLS sessions end with this process`);
    }
    return key;
  }

  /** The key of before; undefined where there is none, it is too old, from the future, or no key at all. */
  #read(): { readonly key: Buffer; readonly until: number } | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch {
      return undefined;
    }
    const [, made = "", hex = ""] = /^(\S+) ([0-9a-f]{96})\n?$/.exec(text) ?? [];
    const age = this.#clock.wallTime() - Date.parse(made);
    // Not a number where the text is no time.
    if (!(age >= 0 && age < this.lifeMs)) return undefined;
    return { key: Buffer.from(hex, "hex"), until: Date.parse(made) + this.lifeMs };
  }
}
