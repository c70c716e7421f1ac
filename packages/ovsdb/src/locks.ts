/** Named locks (RFC 7047 §4.1.8): a queue for each, its head owns the lock. */

export class LockTable<Owner> {
  readonly #queues = new Map<string, Owner[]>();

  owns(lock: string, owner: Owner): boolean {
    return this.#queues.get(lock)?.[0] === owner;
  }

  /** Joins the queue; true when the lock is owned at once. */
  lock(lock: string, owner: Owner): boolean {
    const queue = this.#queues.get(lock) ?? [];
    queue.push(owner);
    this.#queues.set(lock, queue);
    return queue.length === 1;
  }

  /** Goes to the queue's head; returns who loses the lock and now waits for it again. */
  steal(lock: string, owner: Owner): Owner | undefined {
    const queue = this.#queues.get(lock) ?? [];
    this.#queues.set(lock, queue);
    const victim = queue[0];
    queue.unshift(owner);
    return victim;
  }

  /** Leaves the queue; returns who owns the lock from now on, if that changed. */
  unlock(lock: string, owner: Owner): Owner | undefined {
    const queue = this.#queues.get(lock);
    const position = queue?.indexOf(owner) ?? -1;
    if (!queue || position < 0) return undefined;
    queue.splice(position, 1);
    if (queue.length === 0) this.#queues.delete(lock);
    return position === 0 ? queue[0] : undefined;
  }
}
