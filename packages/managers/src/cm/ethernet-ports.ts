/**
 * Ethernet ports of a leaf, whose uplink is Wi-Fi: what is plugged in there is a client or a switch, not a WAN. A port
 * without a DHCP server behind it is marked as a loop for a while, so that a cable to the own network can show itself, and
 * then becomes a port of the LAN. Pure.
 */

import { cmLimits } from "./limits.ts";
import type { Uplink } from "./uplinks.ts";

/** `waiting`: the loop's time is not over. */
export type EthernetPorts = ReadonlyMap<
  string,
  { readonly state: "waiting" | "in the LAN"; readonly dueAt: number | null }
>;

export interface EthernetPortsStep {
  readonly ports: EthernetPorts;
  /** `loop` to write. */
  readonly loops: ReadonlyMap<string, boolean>;
  /** Into the LAN bridge, and out of it. */
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

export function nextEthernetPorts(
  before: EthernetPorts,
  seen: {
    readonly now: number;
    /** The uplink in use is Wi-Fi. */
    readonly leaf: boolean;
    /** With a connection to the cloud the wait is short. */
    readonly connected: boolean;
    readonly uplinks: readonly Uplink[];
  },
): EthernetPortsStep {
  const ports = new Map<string, { state: "waiting" | "in the LAN"; dueAt: number | null }>();
  const loops = new Map<string, boolean>();
  const join: string[] = [];
  for (const uplink of seen.uplinks) {
    const name = uplink.if_name;
    const known = before.get(name);
    const clientPort = seen.leaf && uplink.if_type === "eth" && uplink.has_L2 === true && uplink.has_L3 !== true;
    if (!clientPort) continue;
    if (known?.state === "in the LAN" || uplink.eth_client === true) {
      ports.set(name, { state: "in the LAN", dueAt: null });
      if (uplink.loop === true && uplink.eth_client === true) loops.set(name, false);
      join.push(name);
      continue;
    }
    // Somebody else has found another device of ours there.
    if (!known && uplink.loop === true) continue;
    // Whether there is a server is not known before WANO has said that there is none.
    if (!known && uplink.has_L3 !== false) continue;
    const delay = seen.connected ? cmLimits.ethernetShortDelayMs : cmLimits.ethernetLongDelayMs;
    const dueAt = known?.dueAt ?? seen.now + delay;
    if (known && seen.now >= dueAt) {
      ports.set(name, { state: "in the LAN", dueAt: null });
      if (uplink.loop !== false) loops.set(name, false);
      join.push(name);
    } else {
      ports.set(name, { state: "waiting", dueAt });
      if (uplink.loop !== true && !known) loops.set(name, true);
    }
  }
  const leave = [...before]
    .filter(([name, { state }]) => state === "in the LAN" && !ports.has(name))
    .map(([name]) => name);
  const dropped = [...before].filter(([name, { state }]) => state === "waiting" && !ports.has(name));
  for (const [name] of dropped)
    if (seen.uplinks.some((each) => each.if_name === name && each.loop)) loops.set(name, false);
  return { ports, loops, join, leave };
}
