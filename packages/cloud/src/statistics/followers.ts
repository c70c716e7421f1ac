/**
 * A socket on which whoever may read the cloud's directory follows the statistics live: a line of JSON for each payload as it
 * arrives. Who reads too slowly loses lines, and is told how many; the cloud waits for nobody.
 */

import { chmodSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { makePrivateDirectory } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import { type Listener, listenForSockets } from "@opensync-ts/ovsdb/listener";
import * as limits from "../limits.ts";
import type { PayloadKind } from "../mqtt/node-topics.ts";
import { Troubles } from "../troubles.ts";
import type { Publication, Statistics } from "./statistics.ts";

/** One line of the socket. */
export type FollowerLine =
  | {
      readonly kind: PayloadKind;
      readonly node: string;
      readonly topic: string;
      /** When the cloud got it: wall clock, ms since 1970. */
      readonly receivedMs: number;
      /** Without compression, in base64: the decoders of `telemetry` read it. */
      readonly payload: string;
    }
  /** So many lines did not reach this reader, which was too slow. */
  | { readonly kind: "lost"; readonly lines: number };

/** Of the cloud in `directory`. */
export function followerSocket(directory: string): string {
  return join(directory, "run", "stats.sock");
}

export interface Followers {
  close(): Promise<void>;
}

/** A socket that cannot be made is told in the log: the cloud serves its nodes all the same. */
export async function openFollowers(
  directory: string,
  statistics: Statistics,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Followers | undefined> {
  const path = followerSocket(directory);
  const troubles = new Troubles(clock, log);
  const followers = new Set<Follower>();
  const accept = (socket: Socket) => {
    socket.on("error", () => {});
    if (followers.size >= limits.followers) {
      troubles.tell("full", `${path}: refused: ${limits.followers} follow the statistics already`);
      socket.destroy();
      return;
    }
    const follower = new Follower(socket);
    followers.add(follower);
    socket.once("close", () => followers.delete(follower));
  };
  let listener: Listener;
  try {
    makePrivateDirectory(join(directory, "run"));
    listener = await listenForSockets({ kind: "punix", path }, { accept, log });
    chmodSync(path, 0o600);
  } catch (error) {
    log.warning(`${path}: no socket for followers: ${messageOf(error)}; 'opensync stats tail' does not work`);
    return undefined;
  }
  const stop = statistics.onPublication((publication) => {
    if (followers.size === 0) return;
    const line = lineOf(publication, clock.wallTime());
    for (const follower of followers) follower.tell(line);
  });
  return {
    async close() {
      stop();
      await listener.close();
      for (const follower of followers) follower.close();
    },
  };
}

function lineOf({ kind, node, topic, bytes }: Publication, receivedMs: number): string {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const line: FollowerLine = { kind, node, topic, receivedMs, payload };
  return `${JSON.stringify(line)}\n`;
}

class Follower {
  readonly #socket: Socket;
  #lost = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Nothing is expected of it but its end.
    socket.resume();
    socket.on("end", () => socket.destroy());
    socket.on("drain", () => this.#confess());
  }

  tell(line: string): void {
    if (this.#lost > 0 || this.#socket.writableLength + line.length > limits.followerBacklogBytes) {
      // Until all that waits is read: a line now and then in between would tell less than a gap.
      this.#lost++;
      return;
    }
    this.#socket.write(line);
  }

  close(): void {
    this.#confess();
    this.#socket.end();
    // Who does not read is not waited for.
    if (this.#socket.writableLength > 0) this.#socket.destroy();
  }

  #confess(): void {
    if (this.#lost === 0) return;
    const line: FollowerLine = { kind: "lost", lines: this.#lost };
    this.#lost = 0;
    this.#socket.write(`${JSON.stringify(line)}\n`);
  }
}
