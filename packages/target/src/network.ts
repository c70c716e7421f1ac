/** The southbound network: links, their carrier and addresses. What NM, WANO and CM see of the outside. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";

export type LinkType = "eth" | "bridge" | "vif" | "vlan" | "gre";

export interface Link {
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
  /** A cable is plugged (or the radio link stands). */
  readonly carrier: boolean;
  /** IPv4 address as dotted text, `null` while there is none. */
  readonly address: string | null;
  readonly netmask: string | null;
  readonly gateway: string | null;
}

export interface Network {
  links(): readonly Link[];
  onChange(listener: (link: Link) => void): Unsubscribe;
  /** Asks for an address by DHCP on a link with carrier; the link changes when there is one. */
  requestAddress(link: string): void;
}
