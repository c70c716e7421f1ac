/** Clients that a simulated device keeps from the Internet, and what clients are called; both kept as a device keeps them. */

import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientRecords, Clients, Freeze } from "@opensync-ts/target/clients";
import type { PersistentStorage, PersistentStore } from "@opensync-ts/target/storage";
import { maxFrozenClients, maxNicknameLength, maxNicknames } from "./limits.ts";

export class SimClients implements Clients {
  readonly frozen: ClientRecords<Freeze>;
  readonly nicknames: ClientRecords<string>;

  /** `hold`: whom to keep from the Internet, and nobody else. */
  constructor(storage: PersistentStorage, hold: (clients: ReadonlySet<Mac>) => void) {
    const frozen = new Records<Freeze>({
      store: storage.open("frozen_clients"),
      most: maxFrozenClients,
      // What the cloud wants is told again by the cloud, if it still wants it then.
      format: ({ source, type }) => (source === "gw" ? (type ?? "always") : null),
      parse: (text) => (text === "always" || text === "schedule" ? { source: "gw", type: text } : null),
    });
    this.frozen = frozen;
    this.nicknames = new Records<string>({
      store: storage.open("client_nicknames"),
      most: maxNicknames,
      format: (text) => {
        if (text.length <= maxNicknameLength) return text;
        throw new UserError(`a nickname has at most ${maxNicknameLength} characters, not ${text.length}`);
      },
      parse: (text) => (text.length <= maxNicknameLength ? text : null),
    });
    const follow = () => hold(new Set(frozen.entries().keys()));
    if (frozen.entries().size > 0) follow();
    frozen.onChange(follow);
  }
}

interface RecordsOptions<Value> {
  readonly store: PersistentStore;
  readonly most: number;
  /** As it is kept; null: it is not kept. */
  readonly format: (value: Value) => string | null;
  /** null: no such value. */
  readonly parse: (text: string) => Value | null;
}

class Records<Value> implements ClientRecords<Value> {
  readonly #options: RecordsOptions<Value>;
  readonly #values = new Map<Mac, Value>();
  readonly #events = new Emitter<{ change: null }>();

  constructor(options: RecordsOptions<Value>) {
    this.#options = options;
    const { store, most, parse } = options;
    for (const key of store.keys()) {
      const mac = parseMac(key);
      const value = parse(store.get(key) ?? "");
      // Flash may hold anything.
      if (mac && value !== null && this.#values.size < most) this.#values.set(mac, value);
    }
  }

  entries(): ReadonlyMap<Mac, Value> {
    return this.#values;
  }

  set(mac: Mac, value: Value | null): void {
    const { store, most, format } = this.#options;
    const before = this.#values.get(mac);
    if (JSON.stringify(before ?? null) === JSON.stringify(value)) return;
    if (before === undefined && this.#values.size >= most) {
      throw new UserError(`${mac}: this device holds ${most} such clients at most; remove one first`);
    }
    const text = value === null ? null : format(value);
    store.write(new Map([[mac, text]]));
    if (value === null) this.#values.delete(mac);
    else this.#values.set(mac, value);
    this.#events.emit("change", null);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#events.on("change", listener);
  }
}
