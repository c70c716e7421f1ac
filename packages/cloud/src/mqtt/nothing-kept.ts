/**
 * What the broker's engine keeps and distributes: nothing but the identifiers of QoS 2 publications under way. Nodes publish
 * to the cloud and to nobody else, so there are no subscriptions, no retained messages, no wills and no sessions that
 * outlive a connection, and no memory for them.
 */

import { Readable } from "node:stream";

interface Connection {
  readonly id: string;
}

interface Numbered {
  readonly messageId?: number;
}

/** The store that the engine asks; its bound is `maxInflightInbound` for each connection. */
export class NothingKept {
  readonly #unreleased = new Map<string, Set<number>>();

  async setup(): Promise<void> {}
  async destroy(): Promise<void> {}

  /** Rejects for one that is not under way: that is how the engine asks. */
  async incomingGetPacket({ id }: Connection, { messageId = 0 }: Numbered): Promise<Numbered> {
    if (this.#unreleased.get(id)?.has(messageId)) return { messageId };
    throw new Error("no such packet");
  }

  async incomingStorePacket({ id }: Connection, { messageId = 0 }: Numbered): Promise<void> {
    const known = this.#unreleased.get(id) ?? new Set();
    this.#unreleased.set(id, known.add(messageId));
  }

  async incomingDelPacket({ id }: Connection, { messageId = 0 }: Numbered): Promise<void> {
    const known = this.#unreleased.get(id);
    known?.delete(messageId);
    if (known?.size === 0) this.#unreleased.delete(id);
  }

  async cleanIncoming({ id }: Connection): Promise<void> {
    this.#unreleased.delete(id);
  }

  /** Connections with a publication under way. */
  get size(): number {
    return this.#unreleased.size;
  }

  async storeRetained(): Promise<void> {}
  async addSubscriptions(): Promise<void> {}
  async removeSubscriptions(): Promise<void> {}
  async cleanSubscriptions(): Promise<void> {}
  async outgoingEnqueue(): Promise<void> {}
  async outgoingEnqueueCombi(): Promise<void> {}
  async outgoingUpdate(): Promise<void> {}
  async outgoingClearMessageId(): Promise<void> {}
  async putWill(): Promise<void> {}
  async getWill(): Promise<void> {}
  async delWill(): Promise<void> {}

  async subscriptionsByClient(): Promise<readonly never[]> {
    return [];
  }

  async subscriptionsByTopic(): Promise<readonly never[]> {
    return [];
  }

  async countOffline(): Promise<{ subsCount: number; clientsCount: number }> {
    return { subsCount: 0, clientsCount: 0 };
  }

  outgoingStream(): Readable {
    return Readable.from([]);
  }

  createRetainedStream(): Readable {
    return Readable.from([]);
  }

  createRetainedStreamCombi(): Readable {
    return Readable.from([]);
  }

  streamWill(): Readable {
    return Readable.from([]);
  }

  getClientList(): Readable {
    return Readable.from([]);
  }
}

type Done = (() => void) | undefined;

/** The engine's way from publishers to subscribers: it leads nowhere. */
export const noDelivery = {
  on(_topic: string, _listener: unknown, done?: Done): void {
    if (done) setImmediate(done);
  },
  removeListener(_topic: string, _listener: unknown, done?: Done): void {
    if (done) setImmediate(done);
  },
  emit(_packet: unknown, done?: Done): void {
    if (done) setImmediate(done);
  },
  close(done?: Done): void {
    if (done) setImmediate(done);
  },
};
