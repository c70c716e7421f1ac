/**
 * The cables of a home. A wire joins what is plugged into it, as a switch without a mind of its own does; plugs are known by name, so that
 * they stay where they are while a device reboots.
 */

import { UserError } from "@opensync-ts/base/errors";
import { maxPlugs, maxWires } from "./limits.ts";
import type { Netdev } from "./netdev.ts";

/** `pulled`: no carrier. `dead`: a carrier, but nothing comes through. */
export type PlugState = "ok" | "pulled" | "dead";

/** A port of a machine, present or not: `gateway/eth1`. */
export type PortKey = string;

export function portKey(machine: string, port: string): PortKey {
  return `${machine}/${port}`;
}

interface Wire {
  readonly name: string;
  readonly plugs: Map<PortKey, PlugState>;
}

export class Wires {
  readonly #wires = new Map<string, Wire>();
  readonly #wireOf = new Map<PortKey, Wire>();
  /** Ports whose machines are switched on. */
  readonly #present = new Map<PortKey, Netdev>();

  /** A port of a machine that is on. */
  attach(key: PortKey, netdev: Netdev): void {
    this.#present.set(key, netdev);
  }

  detach(key: PortKey): void {
    this.#present.delete(key);
  }

  /** Puts a port's plug into a wire, out of any other; one that is in there stays as it is. Throws a `UserError` where there is no room. */
  plug(key: PortKey, name: string): void {
    const wire = this.#wires.get(name) ?? { name, plugs: new Map() };
    if (wire.plugs.has(key)) return;
    if (!this.#wires.has(name) && this.#wires.size >= maxWires) {
      throw new UserError(`no more than ${maxWires} wires fit into one home; use a wire that there is`);
    }
    if (wire.plugs.size >= maxPlugs) {
      throw new UserError(`no more than ${maxPlugs} plugs fit into wire '${name}'; use another`);
    }
    this.unplug(key);
    this.#wires.set(name, wire);
    this.#wireOf.set(key, wire);
    wire.plugs.set(key, "ok");
  }

  unplug(key: PortKey): void {
    const wire = this.#wireOf.get(key);
    if (!wire) return;
    this.#wireOf.delete(key);
    wire.plugs.delete(key);
    if (wire.plugs.size === 0) this.#wires.delete(wire.name);
  }

  /** No effect on a port that is in no wire. */
  set(key: PortKey, state: PlugState): void {
    this.#wireOf.get(key)?.plugs.set(key, state);
  }

  state(key: PortKey): PlugState | null {
    return this.#wireOf.get(key)?.plugs.get(key) ?? null;
  }

  /** The wire's name; `null`: the port is in none. */
  wireOf(key: PortKey): string | null {
    return this.#wireOf.get(key)?.name ?? null;
  }

  /** What is plugged into a wire, on or off. */
  plugsOf(name: string): readonly PortKey[] {
    return [...(this.#wires.get(name)?.plugs.keys() ?? [])];
  }

  /** Somebody who is on is at another end of the wire. */
  carrier(key: PortKey): boolean {
    const wire = this.#wireOf.get(key);
    if (!wire || wire.plugs.get(key) === "pulled") return false;
    for (const [other, state] of wire.plugs) {
      if (other !== key && state !== "pulled" && this.#present.has(other)) return true;
    }
    return false;
  }

  /** Whom a frame that leaves here reaches. */
  *peers(key: PortKey): Iterable<Netdev> {
    const wire = this.#wireOf.get(key);
    if (wire?.plugs.get(key) !== "ok") return;
    for (const [other, state] of wire.plugs) {
      const netdev = other !== key && state === "ok" ? this.#present.get(other) : undefined;
      if (netdev) yield netdev;
    }
  }
}
