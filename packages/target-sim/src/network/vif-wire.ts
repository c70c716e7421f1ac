/** A vif of a radio, as far as the network cares. */

import type { Mac } from "@opensync-ts/base/units";

export interface VifWire {
  readonly name: string;
  readonly mac: Mac;
  readonly type: "ap" | "sta" | "ap_vlan";
  /** The access point is on the air; the station is associated. */
  readonly up: boolean;
  /** Of a station: the BSS that it is associated with. */
  readonly parent: Mac | null;
  /** The bridge that its driver puts it into; "": none. */
  readonly bridge: string;
  /** Of an access point: its stations do not hear each other. */
  readonly isolated: boolean;
  /** Frames of others pass through it; a station needs four addresses for that (WDS). */
  readonly bridgeable: boolean;
  /** Of an `ap_vlan`: the access point whose backhaul stations it holds. */
  readonly of: string | null;
}
