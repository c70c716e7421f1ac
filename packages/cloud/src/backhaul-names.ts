/** Names and addresses of a gateway's backhaul. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { RadioSuffix } from "./radio-bands.ts";

/**
 * The third byte of the network that each access point hands addresses out of (169.254.N.0/24): a station of every band may be
 * connected at once, so each has its own. Nothing on 6 GHz: WPA2 does not exist there.
 */
const subnets: Readonly<Partial<Record<RadioSuffix, number>>> = { "24": 2, "50": 5, l50: 5, u50: 6 };

export interface BackhaulSubnet {
  readonly accessPoint: string;
  readonly number: number;
  /** Of the access point: the first, where extenders look for the other end of their tunnel. */
  readonly address: string;
  readonly netmask: string;
  /** First and last that are given to stations. */
  readonly start: string;
  readonly stop: string;
}

/** `undefined`: there is no backhaul on such a radio. */
export function backhaulSubnet(suffix: RadioSuffix): BackhaulSubnet | undefined {
  const number = subnets[suffix];
  if (number === undefined) return undefined;
  const prefix = `169.254.${number}`;
  return {
    accessPoint: `bhaul-ap-${suffix}`,
    number,
    address: `${prefix}.1`,
    netmask: "255.255.255.0",
    start: `${prefix}.2`,
    stop: `${prefix}.254`,
  };
}

/** The tunnel to the station that has this address, `pgdX-Y` for 169.254.X.Y; `undefined` where it is none of this subnet's. */
export function tunnelTo(address: string, { number }: BackhaulSubnet): string | undefined {
  const host = /^169\.254\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (!host || Number(host[1]) !== number) return undefined;
  const last = Number(host[2]);
  return last >= 2 && last <= 254 ? `pgd${number}-${last}` : undefined;
}

/** Whether an interface is one of those the controller provisions where a home states a backhaul. */
export function isBackhaulAp(ifName: Datum | undefined): ifName is string {
  return typeof ifName === "string" && /^bhaul-ap-(24|50|l50|u50)$/.test(ifName);
}

export function isTunnel(ifName: Datum | undefined): ifName is string {
  return typeof ifName === "string" && /^pgd\d{1,3}-\d{1,3}$/.test(ifName);
}
