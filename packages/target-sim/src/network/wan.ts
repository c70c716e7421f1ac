/** The uplink of a device, and what can be wrong with it: switched by whoever plays a story. It outlasts a reboot. */

import { UserError } from "@opensync-ts/base/errors";
import type { Fabric } from "./fabric.ts";
import { portKey } from "./wires.ts";

/**
 * `cable`: it is out. `line`: there is a carrier, and nothing answers. `internet`: the provider's router answers, and there is
 * nothing behind it.
 */
export type WanState = "ok" | "cable" | "line" | "internet";

export const wanStates: readonly WanState[] = ["ok", "cable", "line", "internet"];

export class SimWan {
  readonly #fabric: Fabric;
  readonly #key: string;

  constructor(fabric: Fabric, device: string, port: string) {
    this.#fabric = fabric;
    this.#key = portKey(device, port);
  }

  /** Throws a `UserError` where nothing is plugged in, or, for `internet`, something else than a provider. */
  set(state: WanState): void {
    const { wires } = this.#fabric;
    const wire = wires.wireOf(this.#key);
    if (wire === null) throw new UserError(`${this.#key}: nothing is plugged in here; plug it into something first`);
    const { isp } = this.#fabric.segment(wire);
    if (state === "internet" && !isp) {
      throw new UserError(`${this.#key}: no provider is at this wire; say 'internet' at the gateway's uplink`);
    }
    if (isp) isp.internet = state !== "internet";
    wires.set(this.#key, state === "cable" ? "pulled" : state === "line" ? "dead" : "ok");
    this.#fabric.changed();
  }

  /** Whether anything is at the other end. */
  get plugged(): boolean {
    return this.#fabric.wires.wireOf(this.#key) !== null;
  }

  /** Whether a provider is at the other end. */
  get hasProvider(): boolean {
    const wire = this.#fabric.wires.wireOf(this.#key);
    return wire !== null && this.#fabric.segment(wire).isp !== null;
  }

  /** `cable` where nothing is plugged in. */
  get state(): WanState {
    const { wires } = this.#fabric;
    const wire = wires.wireOf(this.#key);
    const plug = wires.state(this.#key);
    if (wire === null || plug === "pulled") return "cable";
    if (plug === "dead") return "line";
    return this.#fabric.segment(wire).isp?.internet === false ? "internet" : "ok";
  }
}
