/**
 * The way of packets at layer 3: from machine to machine by their routes, through address translation, and back. A walk over
 * what stands at this moment; nothing is kept.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Obstacle } from "@opensync-ts/target/network";
import { isPrivate } from "./ipv4.ts";
import { maxHops } from "./limits.ts";
import type { Destination, Machine, Netdev, NextHop } from "./netdev.ts";

export interface Neighbors {
  /** The interface that answers for an address in the broadcast domain of `netdev`; `null`: nobody does. */
  neighbor(netdev: Netdev, address: number): Netdev | null;
}

export type Trace =
  /** `translators`: machines that keep the state of the connection, nearest first, with the address that each lends. */
  | { readonly reached: Machine; readonly translators: readonly Translator[] }
  | { readonly obstacle: Exclude<Obstacle, "refused">; readonly at: Machine };

export interface Translator {
  readonly machine: Machine;
  readonly address: number;
}

export interface TraceOptions {
  /** The first step, instead of the route. */
  readonly first?: NextHop;
}

/** A part of the way on which packets bear the same source address. */
interface Stage {
  readonly from: Machine;
  readonly source: number;
  readonly to: Machine;
}

/** Whether packets come there and answers back. */
export function trace(
  neighbors: Neighbors,
  from: Machine,
  destination: Destination,
  options: TraceOptions = {},
): Trace {
  const way = forward(neighbors, from, destination, { translate: true, ...options });
  if ("obstacle" in way) return way;
  for (const { from: start, source, to } of way.stages) {
    const back = start === to || returns(neighbors, to, source, start);
    if (!back) return { obstacle: "lost", at: to };
  }
  const { stages, reached } = way;
  return { reached, translators: stages.slice(1).map(({ from: machine, source: address }) => ({ machine, address })) };
}

function returns(neighbors: Neighbors, from: Machine, source: number, to: Machine): boolean {
  const way = forward(neighbors, from, source, { translate: false });
  return "reached" in way && way.reached === to;
}

type Way =
  | { readonly reached: Machine; readonly stages: readonly Stage[] }
  | { readonly obstacle: Exclude<Obstacle, "refused">; readonly at: Machine };

function forward(
  neighbors: Neighbors,
  from: Machine,
  destination: Destination,
  options: TraceOptions & { readonly translate: boolean },
): Way {
  const stages: Stage[] = [];
  let stage: { from: Machine; source: number } | null = null;
  let at = from;
  /** What the packet bears as it comes in: every router puts its own address on it. */
  let sender: Mac | null = null;
  for (let hop = 0; hop < maxHops; hop++) {
    if (isAt(at, destination)) {
      return { reached: at, stages: stage ? [...stages, { ...stage, to: at }] : stages };
    }
    if (hop > 0 && !at.forwards) return { obstacle: "lost", at };
    const next = (hop === 0 && options.first) || at.nextHop(destination);
    const source = next?.netdev.subnet?.address;
    const address = next?.via ?? destination;
    // Others who have no way on drop what they are given.
    if (!next || source === undefined || address === "internet") {
      return { obstacle: at === from ? "unreachable" : "lost", at };
    }
    if (sender !== null && at.holdsBack(sender, next)) return { obstacle: "lost", at };
    const neighbor = neighbors.neighbor(next.netdev, address);
    if (!neighbor) return { obstacle: "lost", at };
    if (!stage) {
      stage = { from: at, source };
    } else if (options.translate && at.translates(next.netdev) && stage.source !== source) {
      stages.push({ ...stage, to: at });
      stage = { from: at, source };
    }
    at = neighbor.owner;
    sender = next.netdev.mac;
  }
  return { obstacle: "lost", at };
}

function isAt(machine: Machine, destination: Destination): boolean {
  if (destination === "internet") return machine.internet;
  for (const { subnet } of machine.netdevs()) if (subnet?.address === destination) return true;
  return machine.internet && machine.kind === "isp" && !isPrivate(destination) && !onLink(machine, destination);
}

function onLink(machine: Machine, destination: number): boolean {
  const next = machine.nextHop(destination);
  return next !== null && next.via === null;
}
