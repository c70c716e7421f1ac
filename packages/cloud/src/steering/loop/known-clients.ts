/** The clients of one location that are remembered. Bounded: who has not been seen for the longest time goes first. */

import type { Mac } from "@opensync-ts/base/units";
import * as limits from "../limits.ts";
import type { Profiles } from "../profiles.ts";
import { type KnownClient, newClient } from "./known-client.ts";

export class KnownClients implements Iterable<KnownClient> {
  readonly #profiles: Profiles;
  readonly #clients = new Map<Mac, KnownClient>();
  /** To be written. */
  readonly #changed = new Set<Mac>();
  /** To be deleted. */
  readonly #forgotten = new Set<Mac>();

  constructor(profiles: Profiles) {
    this.#profiles = profiles;
  }

  get size(): number {
    return this.#clients.size;
  }

  [Symbol.iterator](): Iterator<KnownClient> {
    return this.#clients.values();
  }

  get(mac: Mac): KnownClient | undefined {
    return this.#clients.get(mac);
  }

  /** As it was written. */
  restore(client: KnownClient): void {
    if (!this.#clients.has(client.mac)) this.#clients.set(client.mac, client);
  }

  /** Somebody is there: new, or seen again. Says whether its class or the way it moves is another than before. */
  update(mac: Mac, at: number, change: (client: KnownClient) => KnownClient): boolean {
    const known = this.#clients.get(mac);
    const before = known ?? newClient(mac, at, this.#profiles);
    const after = change({ ...before, seenAt: Math.max(before.seenAt, at) });
    this.#clients.set(mac, after);
    this.#changed.add(mac);
    this.#forgotten.delete(mac);
    if (!known) this.#evict();
    return (
      !known ||
      after.classification.class !== before.classification.class ||
      after.mobility.mobility !== before.mobility.mobility ||
      after.network !== before.network ||
      after.key !== before.key
    );
  }

  /** Of one that is there already; who has not been seen is not seen by that. */
  replace(client: KnownClient): void {
    if (this.#clients.get(client.mac) === client) return;
    this.#clients.set(client.mac, client);
    this.#changed.add(client.mac);
  }

  forget(mac: Mac): void {
    if (!this.#clients.delete(mac)) return;
    this.#changed.delete(mac);
    this.#forgotten.add(mac);
  }

  /** What is to be written since the last time; the caller gives it back by `unwritten` when it could not. */
  takeChanges(): { readonly changed: readonly KnownClient[]; readonly forgotten: readonly Mac[] } {
    const changed = [...this.#changed].flatMap((mac) => this.#clients.get(mac) ?? []);
    const forgotten = [...this.#forgotten];
    this.#changed.clear();
    this.#forgotten.clear();
    return { changed, forgotten };
  }

  unwritten({
    changed,
    forgotten,
  }: {
    readonly changed: readonly KnownClient[];
    readonly forgotten: readonly Mac[];
  }): void {
    for (const { mac } of changed) if (this.#clients.has(mac)) this.#changed.add(mac);
    for (const mac of forgotten) if (!this.#clients.has(mac)) this.#forgotten.add(mac);
  }

  #evict(): void {
    if (this.#clients.size <= limits.clients) return;
    let oldest: KnownClient | undefined;
    for (const client of this.#clients.values()) if (!oldest || client.seenAt < oldest.seenAt) oldest = client;
    if (oldest) this.forget(oldest.mac);
    // Of those that the store has; more than that cannot have come since the last writing but by somebody who makes addresses up.
    for (const mac of this.#forgotten) {
      if (this.#forgotten.size <= limits.clients) break;
      this.#forgotten.delete(mac);
    }
  }
}
