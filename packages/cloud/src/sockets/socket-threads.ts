/**
 * Several threads of sockets that listen on the same ports: the system shares the connections out, so that what very many nodes do at once, all
 * ending or all calling, keeps a thread busy for a part of the time only.
 */

import { checkFree, type Listener } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import { SocketThread, type SocketThreadOptions, type ThreadListenOptions } from "./socket-thread.ts";

export interface SocketThreadsOptions extends Omit<SocketThreadOptions, "share"> {
  /** Wanted; where the system does not share ports there is one. */
  readonly count: number;
}

/** Node.js offers it on more systems than this; on none of them has it been tried here. */
const systemSharesPorts = process.platform === "linux";

export class SocketThreads {
  readonly #options: SocketThreadsOptions;
  readonly #threads: readonly [SocketThread, ...SocketThread[]];

  constructor({ count, ...options }: SocketThreadsOptions) {
    const share = systemSharesPorts ? count : 1;
    this.#options = { count: share, ...options };
    const thread = () => new SocketThread({ ...options, share });
    this.#threads = [thread(), ...Array.from({ length: share - 1 }, thread)];
  }

  /** As `listen` of the OVSDB package. */
  async listen(remote: ListenRemote, options: ThreadListenOptions): Promise<Listener> {
    const { count, log } = this.#options;
    // The system would let another cloud of the same user share the port, too.
    if (count > 1 && remote.port !== 0) await checkFree(remote, log);
    const [first, ...others] = this.#threads;
    const listeners = [await first.listen(remote, options)];
    const close = async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    };
    const [{ remote: opened }] = listeners as [Listener];
    try {
      for (const other of others) listeners.push(await other.listen(opened as ListenRemote, options));
    } catch (error) {
      await close();
      throw error;
    }
    return { remote: opened, close };
  }

  /** For tests: as if one of them had run out of memory. */
  async crash(): Promise<void> {
    await this.#threads[0].crash();
  }

  /** Cuts what connections there still are. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
