/**
 * Where a broadcast goes: a search over interfaces, each with the VLAN tag that the frame bears there. Nothing is sent twice
 * through the same interface with the same tag, so loops end.
 */

import type { Frame } from "./frame-filter.ts";
import type { Netdev } from "./netdev.ts";

export interface FloodOptions {
  /** 0: untagged. */
  readonly vlan?: number;
  /** False: not through tunnels (they do not carry each other). */
  readonly tunnels?: boolean;
  /** What is sent, for those who filter; left out: nobody does. */
  readonly frame?: Frame;
}

/** The interfaces whose own machine receives a broadcast that `from` sends; not `from` itself. */
export function flood(from: Netdev, options: FloodOptions = {}): ReadonlySet<Netdev> {
  const search = new Search(options.tunnels ?? true, options.frame);
  search.send(from, options.vlan ?? 0);
  search.run();
  search.delivered.delete(from);
  return search.delivered;
}

class Search {
  readonly delivered = new Set<Netdev>();
  readonly #tunnels: boolean;
  readonly #frame: Frame | undefined;
  readonly #sent = new Map<number, Set<Netdev>>();
  readonly #received = new Map<number, Set<Netdev>>();
  /** In pieces, not by recursion: a chain of bridges may be long. */
  readonly #steps: (() => void)[] = [];

  constructor(tunnels: boolean, frame: Frame | undefined) {
    this.#tunnels = tunnels;
    this.#frame = frame;
  }

  run(): void {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step();
  }

  /** A frame leaves through an interface. */
  send(netdev: Netdev, vlan: number): void {
    if (!netdev.usable || !first(this.#sent, netdev, vlan)) return;
    this.#steps.push(() => this.#transmit(netdev, vlan));
  }

  #transmit(netdev: Netdev, vlan: number): void {
    const { joints } = netdev;
    switch (netdev.type) {
      case "bridge":
        for (const port of joints.ports()) this.send(port, vlan);
        return;
      case "vlan": {
        const below = joints.parent();
        // A tag upon a tag is more than the simulation has.
        if (below && vlan === 0) this.send(below.netdev, below.vlan);
        return;
      }
      case "gre": {
        const far = this.#tunnels ? joints.farEnd() : null;
        if (far) this.#receive(far, vlan, netdev);
        return;
      }
      default:
        for (const peer of joints.peers()) this.#receive(peer, vlan, netdev);
    }
  }

  /** A frame comes in at an interface, from a peer. */
  #receive(netdev: Netdev, vlan: number, from: Netdev): void {
    if (!netdev.usable || !first(this.#received, netdev, vlan)) return;
    const { joints } = netdev;
    if (joints.relays) for (const peer of joints.peers()) if (peer !== from) this.#receive(peer, vlan, netdev);
    const child = vlan === 0 ? null : joints.child(vlan);
    const bridge = joints.bridge();
    if (child) this.#receive(child, 0, netdev);
    else if (bridge) this.#enter(bridge, vlan, netdev);
    else if (vlan === 0) this.delivered.add(netdev);
  }

  /** A frame comes into a bridge by one of its ports, and goes to all others and to the bridge's own machine. */
  #enter(bridge: Netdev, vlan: number, by: Netdev): void {
    if (!bridge.usable) return;
    const frame = this.#frame;
    for (const port of bridge.joints.ports()) {
      if (port !== by && (!frame || bridge.owner.bridges(frame, by, port))) this.send(port, vlan);
    }
    this.#receive(bridge, vlan, by);
  }
}

function first(seen: Map<number, Set<Netdev>>, netdev: Netdev, vlan: number): boolean {
  let set = seen.get(vlan);
  if (!set) {
    set = new Set();
    seen.set(vlan, set);
  }
  if (set.has(netdev)) return false;
  set.add(netdev);
  return true;
}
