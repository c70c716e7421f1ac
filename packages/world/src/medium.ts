/** How strongly what is sent at one place arrives at another, in this building, on this seed. */

import type { Db, Dbm } from "@opensync-ts/base/units";
import type { Building, Place } from "./geometry.ts";
import { defaultPropagation, type Propagation, pathLoss, shadowing } from "./path-loss.ts";
import type { WorldSpec } from "./spec.ts";
import type { AirChannel } from "./spectrum.ts";

export interface Site {
  readonly name: string;
  readonly place: Place;
}

export class Medium {
  readonly #seed: string;
  readonly #building: Building;
  readonly #propagation: Propagation;

  constructor(seed: string, spec: WorldSpec) {
    this.#seed = seed;
    this.#building = { walls: spec.walls ?? [], slabs: spec.slabs ?? [] };
    this.#propagation = { ...defaultPropagation, ...spec.propagation };
  }

  /** What arrives at `place` of `power` radiated at `site`; the same the other way round. */
  received(power: Dbm, site: Site, place: Place, channel: AirChannel): Dbm {
    return power - this.#loss(site, place, channel);
  }

  #loss(site: Site, place: Place, channel: AirChannel): Db {
    const { band, control } = channel;
    return (
      pathLoss(this.#propagation, this.#building, site.place, place, band, control) +
      shadowing(this.#seed, site.name, place, this.#propagation.shadowing)
    );
  }
}
