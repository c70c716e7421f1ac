/** Which uplink the node uses: a decision over the rows of `Connection_Manager_Uplink`. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";

export type Uplink = Pick<
  Row<"Connection_Manager_Uplink">,
  "if_name" | "if_type" | "priority" | "has_L2" | "has_L3" | "is_used" | "loop" | "eth_client" | "ipv4" | "ipv6"
>;

export interface UplinkDecision {
  /** What has a link layer and no priority yet: its default one, by `if_name`. */
  readonly priorities: ReadonlyMap<string, number>;
  /** The uplink to use from now on, by `if_name`; null: none. */
  readonly used: string | null;
  readonly reason: string;
}

type Band = Row<"Wifi_Radio_State">["freq_band"];

const defaultPriorities: { readonly [type: string]: number } = {
  pppoe: 23,
  vlan: 22,
  eth: 21,
  vif: 3,
  gre: 3,
  lte: 2,
};

/** `band`: of the radio, for what goes over Wi-Fi. */
export function defaultPriority(type: string, band: Band | null = null): number {
  if (isWifi(type) && band) return band === "6G" ? 9 : band === "2.4G" ? 7 : band.startsWith("5G") ? 8 : 3;
  return defaultPriorities[type] ?? 1;
}

export function isWifi(type: string): boolean {
  return type === "vif" || type === "gre";
}

/** Ethernet and what runs over it. */
export function isWired(type: string): boolean {
  return type === "eth" || type === "vlan" || type === "pppoe";
}

/** It has a link and an address, and is no port with a client or another device of ours behind it. */
export function isCandidate(uplink: Uplink): boolean {
  return uplink.has_L2 === true && uplink.has_L3 === true && uplink.loop !== true && uplink.eth_client !== true;
}

/** A family does not lead out, and no other does. */
export function isDead({ ipv4, ipv6 }: Uplink): boolean {
  const out = (state: Uplink["ipv4"]) => state === "active" || state === "ready";
  const lost = (state: Uplink["ipv4"]) => state === "inactive" || state === "blocked" || state === "unblocking";
  return (lost(ipv4) && !out(ipv6)) || (lost(ipv6) && !out(ipv4));
}

/** Every family that it has is blocked: another is to be used if there is one. */
export function isBlocked({ ipv4, ipv6 }: Uplink): boolean {
  const states = [ipv4, ipv6].filter((state) => state !== null);
  return states.length > 0 && states.every((state) => state === "blocked" || state === "unblocking");
}

/**
 * The used uplink stays until another usable one's priority is strictly higher, or it is blocked, or has lost its link; among
 * several the highest priority wins, the first of equals. Without any usable one a dead one is better than none.
 */
export function decideUplink(uplinks: readonly Uplink[], bands: ReadonlyMap<string, Band> = new Map()): UplinkDecision {
  const priorities = new Map(
    uplinks
      .filter((uplink) => uplink.has_L2 === true && uplink.priority === null)
      .map((uplink) => [uplink.if_name, defaultPriority(uplink.if_type, bands.get(uplink.if_name) ?? null)]),
  );
  const priorityOf = (uplink: Uplink) => uplink.priority ?? priorities.get(uplink.if_name) ?? 0;
  const highest = (among: readonly Uplink[]) =>
    among.reduce<Uplink | undefined>(
      (leader, uplink) => (!leader || priorityOf(uplink) > priorityOf(leader) ? uplink : leader),
      undefined,
    );
  const candidates = uplinks.filter(isCandidate);
  const best = highest(candidates.filter((uplink) => !isDead(uplink)));
  const used = uplinks.find((uplink) => uplink.is_used === true && mayStay(uplink));
  const stays = (reason: string) => ({ priorities, used: used?.if_name ?? null, reason });
  if (!used) {
    const any = best ?? highest(candidates);
    if (!any) return stays("none has L2 and L3");
    return { priorities, used: any.if_name, reason: best ? "the best there is" : "none leads out" };
  }
  if (!best || best.if_name === used.if_name) return stays("in use");
  const change = (reason: string) => ({ priorities, used: best.if_name, reason });
  if (used.has_L3 === false) return change(`${used.if_name} has lost L3`);
  if (isBlocked(used)) return change(`${used.if_name} is blocked`);
  return priorityOf(best) > priorityOf(used) ? change(`priority above that of ${used.if_name}`) : stays("in use");
}

function mayStay(uplink: Uplink): boolean {
  return uplink.has_L2 === true && uplink.loop !== true && uplink.eth_client !== true;
}
