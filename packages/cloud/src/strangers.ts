/** Sessions of nodes that no home states, found again when one comes to state them. */

import type { Home } from "./home.ts";
import type { ClaimedIdentity } from "./identity.ts";

export class Strangers<S> {
  readonly #names = new Map<S, readonly string[]>();
  readonly #byName = new Map<string, Set<S>>();

  /** `claimed`: what it says of itself now. */
  add(session: S, { id, serialNumber }: ClaimedIdentity): void {
    this.delete(session);
    const names = [id, serialNumber].filter((name) => name !== null);
    this.#names.set(session, names);
    for (const name of names) {
      const same = this.#byName.get(name);
      if (same) same.add(session);
      else this.#byName.set(name, new Set([session]));
    }
  }

  delete(session: S): void {
    for (const name of this.#names.get(session) ?? []) {
      const same = this.#byName.get(name);
      same?.delete(session);
      if (same?.size === 0) this.#byName.delete(name);
    }
    this.#names.delete(session);
  }

  /** Those that say they are nodes of the home. */
  of(home: Home): ReadonlySet<S> {
    const found = new Set<S>();
    for (const { id, serialNumber } of home.nodes) {
      for (const name of [id, serialNumber]) {
        for (const session of (name && this.#byName.get(name)) || []) found.add(session);
      }
    }
    return found;
  }
}
