/** Who answers at a port of a router that forwards it. */

import type { PortForward } from "@opensync-ts/target/network";
import { parseIpv4 } from "./ipv4.ts";
import type { Destination, Machine, Netdev } from "./netdev.ts";
import type { Trace } from "./trace.ts";

/** What is to be known of a home's network (of its fabric) for that. */
export interface Ways {
  trace(from: Machine, destination: Destination): Trace;
  /** The device that a machine is; null: it is something else. */
  deviceOf(machine: Machine): Router | null;
}

export interface Router extends Machine {
  /** The forward that holds for packets which come in by an interface. */
  forwardOf(netdev: Netdev, protocol: PortForward["protocol"], port: number): PortForward | null;
}

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
export function answeringAt(ways: Ways, from: Machine, { protocol, address, port }: Service): Answering | null {
  const way = ways.trace(from, address);
  const router = "reached" in way ? ways.deviceOf(way.reached) : null;
  if (!router) return null;
  const netdev = [...router.netdevs()].find(({ subnet }) => subnet?.address === address);
  const forward = netdev && router.forwardOf(netdev, protocol, port);
  if (!forward || (from.kind === "host" && !forward.loopback)) return null;
  const inside = targetOf(ways, router, forward);
  // What comes from far away is answered by the host's own way out.
  if (!inside || (from.kind !== "host" && "obstacle" in ways.trace(inside, "internet"))) return null;
  return { machine: inside, port: forward.toPort };
}

function targetOf(ways: Ways, router: Machine, { toAddress }: PortForward): Machine | null {
  const address = parseIpv4(toAddress);
  const way = address === undefined ? undefined : ways.trace(router, address);
  return way && "reached" in way && way.reached !== router ? way.reached : null;
}
