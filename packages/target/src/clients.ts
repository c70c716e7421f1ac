/**
 * What a device holds of single clients of its LAN for their owner: whom it keeps from the Internet (`target_client_freeze`) and
 * what they are called (`target_client_nickname`). Both may change at the device as well, by a page of its own or a button.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";

/** A client without Internet. The LAN stays, and its address with it; that it leaves and comes back changes nothing. */
export interface Freeze {
  /** Who wants it: the cloud, or somebody at the device; null: nobody says. */
  readonly source: "cloud" | "gw" | "init" | null;
  readonly type: "schedule" | "always" | null;
}

export interface ClientRecords<Value> {
  entries(): ReadonlyMap<Mac, Value>;
  /** Holds when it returns; null: no more. The same again changes nothing. Throws a `UserError` where there is no room. */
  set(mac: Mac, value: Value | null): void;
  /** By whomever. */
  onChange(listener: () => void): Unsubscribe;
}

export interface Clients {
  /** The device keeps across reboots what was frozen at the device; the rest lasts until it is told otherwise, or off. */
  readonly frozen: ClientRecords<Freeze>;
  /** Kept across reboots, whoever gave them. */
  readonly nicknames: ClientRecords<string>;
}
