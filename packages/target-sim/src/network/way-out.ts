/** What lies between a simulated device's own connections and the world outside: what its network really is like. */

import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import type { Destination, Obstacle, WayOut } from "@opensync-ts/target/network";
import type { Fabric } from "./fabric.ts";
import type { Machine } from "./netdev.ts";

export class SimWayOut implements WayOut {
  readonly #fabric: Fabric;
  readonly #machine: Machine;
  readonly #events = new Emitter<{ change: null }>();
  #shown: string | undefined;

  constructor(fabric: Fabric, machine: Machine) {
    this.#fabric = fabric;
    this.#machine = machine;
  }

  /** Where on the Internet does not matter: all of it is reached by the same way. */
  obstacle({ purpose }: Pick<Destination, "purpose">): Obstacle | null {
    const way = this.#fabric.trace(this.#machine, "internet");
    if ("obstacle" in way) return way.obstacle;
    return purpose === "cloud" && this.#fabric.cloud === "down" ? "refused" : null;
  }

  onChange(listener: () => void): Unsubscribe {
    this.#shown ??= this.#now();
    return this.#events.on("change", listener);
  }

  /** Tells its listeners, if it is another way than it was. */
  announce(): void {
    if (this.#shown === undefined) return;
    const now = this.#now();
    if (now === this.#shown) return;
    this.#shown = now;
    this.#events.emit("change", null);
  }

  #now(): string {
    return `${this.obstacle({ purpose: "cloud" })} ${this.obstacle({ purpose: "dns" })}`;
  }
}
