/** What DHCP clients and servers tell each other (RFC 2131), as far as the simulation carries it. */

import type { Mac } from "@opensync-ts/base/units";
import { formatIpv4 } from "./ipv4.ts";

/** Who asks. */
export interface DhcpIdentity {
  readonly mac: Mac;
  readonly hostname: string;
  /** Option 60. */
  readonly vendorClass: string;
  /** Option 55: what it asks for, in its own order. */
  readonly requested: readonly number[];
}

/**
 * `discover`: any address (with the one it would like). `reboot`: the address it had, of any server. `renew`: the
 * address it has, of the server that gave it. `rebind`: likewise of any server.
 */
export type DhcpRequest =
  | { readonly kind: "discover"; readonly address: number | null }
  | { readonly kind: "reboot" | "rebind"; readonly address: number }
  | { readonly kind: "renew"; readonly address: number; readonly server: number };

export type DhcpAnswer = { readonly kind: "ack"; readonly grant: Grant } | { readonly kind: "nak" };

export interface Grant {
  readonly address: number;
  readonly prefix: number;
  /** Seconds; `Infinity`: for good. */
  readonly leaseTime: number;
  /** The server's own address (option 54). */
  readonly server: number;
  readonly gateway: number | null;
  readonly dns: readonly string[];
  /** What the client received, by number, as text; those of address, netmask, router and names of servers among them. */
  readonly options: ReadonlyMap<number, string>;
}

/** What clients of OpenSync devices ask for when nobody says otherwise. */
export const defaultRequested: readonly number[] = [1, 3, 6, 15, 28, 43];

/** Told whether asked for or not: without them there is no lease (RFC 2131 §4.3.1). */
const always: ReadonlySet<number> = new Set([1, 51, 54]);

/** Those of `told` that a client with this list gets. */
export function answeredOptions(
  told: ReadonlyMap<number, string>,
  requested: readonly number[],
): ReadonlyMap<number, string> {
  return new Map([...told].filter(([code]) => always.has(code) || requested.includes(code)));
}

/** Names of options in `Wifi_Inet_State.dhcpc`. */
const names: ReadonlyMap<number, string> = new Map([
  [1, "subnet"],
  [2, "timezone"],
  [3, "gateway"],
  [4, "timesrv"],
  [6, "dns"],
  [12, "hostname"],
  [15, "domain"],
  [23, "ipttl"],
  [26, "mtu"],
  [28, "broadcast"],
  [33, "routes"],
  [42, "ntpsrv"],
  [43, "vendorspec"],
  [51, "lease"],
  [54, "serverid"],
  [121, "staticroutes"],
  [249, "msstaticroutes"],
]);

const vendorSpecific = 43;

/** A grant as `Wifi_Inet_State.dhcpc` shows it. Options that have no name there are left out. */
export function dhcpOptionsOf({ address, options }: Grant): ReadonlyMap<string, string> {
  const shown = new Map([["ip", formatIpv4(address)]]);
  for (const [code, value] of [...options].sort(([a], [b]) => a - b)) {
    const name = names.get(code);
    if (name) shown.set(name, code === vendorSpecific ? Buffer.from(value).toString("base64") : value);
  }
  return shown;
}
