/** Who answers at a port of a router that forwards it. */

import type { PortForward } from "@opensync-ts/target/network";
import type { Fabric } from "./fabric.ts";
import { parseIpv4 } from "./ipv4.ts";
import type { Machine } from "./netdev.ts";

export interface Service {
  readonly protocol: PortForward["protocol"];
  readonly address: number;
  readonly port: number;
}

export interface Answering {
  readonly machine: Machine;
  readonly port: number;
}

/** `from`: a host of the home (by loopback), or a provider's router for the Internet. `null`: nobody answers. */
export function answeringAt(fabric: Fabric, from: Machine, { protocol, address, port }: Service): Answering | null {
  const way = fabric.trace(from, address);
  const router = "reached" in way ? fabric.deviceOf(way.reached) : null;
  if (!router) return null;
  const netdev = [...router.netdevs()].find(({ subnet }) => subnet?.address === address);
  const forward = netdev && router.forwardOf(netdev, protocol, port);
  if (!forward || (from.kind === "host" && !forward.loopback)) return null;
  const inside = targetOf(fabric, router, forward);
  // What comes from far away is answered by the host's own way out.
  if (!inside || (from.kind !== "host" && "obstacle" in fabric.trace(inside, "internet"))) return null;
  return { machine: inside, port: forward.toPort };
}

function targetOf(fabric: Fabric, router: Machine, { toAddress }: PortForward): Machine | null {
  const address = parseIpv4(toAddress);
  const way = address === undefined ? undefined : fabric.trace(router, address);
  return way && "reached" in way && way.reached !== router ? way.reached : null;
}
