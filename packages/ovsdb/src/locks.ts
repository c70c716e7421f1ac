/** Named locks (RFC 7047 §4.1.8): a queue for each, its head owns the lock. */

interface Claim<Owner> {
  readonly owner: Owner;
  /** Came by `steal`: when stolen in turn, the lock is not waited for. */
  readonly stolen: boolean;
}

export class LockTable<Owner> {
  readonly #queues = new Map<string, Claim<Owner>[]>();

  owns(lock: string, owner: Owner): boolean {
    return this.#queues.get(lock)?.[0]?.owner === owner;
  }

  /** Joins the queue; true when the lock is owned at once. */
  lock(lock: string, owner: Owner): boolean {
    const queue = this.#queue(lock);
    queue.push({ owner, stolen: false });
    return queue.length === 1;
  }

  /** Goes to the queue's head; returns who loses the lock. One that had asked by `lock` now waits for it again. */
  steal(lock: string, owner: Owner): Owner | undefined {
    const queue = this.#queue(lock);
    const victim = queue[0];
    if (victim?.stolen) queue.shift();
    queue.unshift({ owner, stolen: true });
    return victim?.owner;
  }

  /** Leaves the queue; returns who owns the lock from now on, if that changed. */
  unlock(lock: string, owner: Owner): Owner | undefined {
    const queue = this.#queues.get(lock);
    const position = queue?.findIndex((claim) => claim.owner === owner) ?? -1;
    if (!queue || position < 0) return undefined;
    queue.splice(position, 1);
    if (queue.length === 0) this.#queues.delete(lock);
    return position === 0 ? queue[0]?.owner : undefined;
  }

  #queue(lock: string): Claim<Owner>[] {
    const queue = this.#queues.get(lock) ?? [];
    this.#queues.set(lock, queue);
    return queue;
  }
}
