/**
 * Who is plugged into a port, by the DHCP packets that come in (the plug-in ethclient): a machine that wants an address is a
 * client, unless a server or a second machine speaks up as well. A state machine without effects.
 *
 * | state  | the port                                                               |
 * |--------|------------------------------------------------------------------------|
 * | quiet  | nothing has been heard since it was reset                              |
 * | heard  | one machine asks for an address; it has not yet been long, or often    |
 * | client | has a client and nothing else                                          |
 * | wan    | leads to a network: a server answers, or there are several machines    |
 * | node   | leads to another OpenSync device: a loop may be                        |
 */

import type { Mac } from "@opensync-ts/base/units";
import type { DhcpHeard } from "@opensync-ts/target/network";
import { clientSightings, clientWait } from "./limits.ts";

export type EthClient =
  | { readonly kind: "quiet" }
  | { readonly kind: "heard"; readonly mac: Mac; readonly sightings: number; readonly since: number }
  | { readonly kind: "client"; readonly mac: Mac }
  | { readonly kind: "wan" }
  | { readonly kind: "node" };

export type Heard = Pick<DhcpHeard, "mac" | "message" | "vendorClass">;

export const quietPort: EthClient = { kind: "quiet" };

/** `isNode`: whether a vendor class is one of OpenSync devices. */
export function hear(state: EthClient, heard: Heard, now: number, isNode: (vendorClass: string) => boolean): EthClient {
  if (state.kind === "wan" || state.kind === "node") return state;
  // A server where there is a client: it is no client's port, whatever was thought of it.
  if (heard.message === "offer" || heard.message === "ack") return { kind: "wan" };
  if (isNode(heard.vendorClass)) return { kind: "node" };
  if (state.kind === "client") return state;
  if (state.kind === "quiet") return { kind: "heard", mac: heard.mac, sightings: 1, since: now };
  if (state.mac !== heard.mac) return { kind: "wan" };
  const sightings = state.sightings + 1;
  return sightings >= clientSightings ? { kind: "client", mac: state.mac } : { ...state, sightings };
}

/** What time makes of it. */
export function passTime(state: EthClient, now: number): EthClient {
  const deadline = decisionAt(state);
  return state.kind === "heard" && deadline !== null && now >= deadline ? { kind: "client", mac: state.mac } : state;
}

/** When to look again (clock, ms). */
export function decisionAt(state: EthClient): number | null {
  return state.kind === "heard" ? state.since + clientWait : null;
}
