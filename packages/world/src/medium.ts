/** How strongly what is sent at one place arrives at another, in this building, on this seed. */

import type { Db, Dbm, Mhz } from "@opensync-ts/base/units";
import type { Building, Place } from "./geometry.ts";
import { defaultPropagation, type Propagation, pathLoss, shadowing } from "./path-loss.ts";
import type { WorldSpec } from "./spec.ts";
import type { AirChannel } from "./spectrum.ts";

export interface Site {
  readonly name: string;
  readonly place: Place;
}

interface KnownLosses {
  /** Where the site was. */
  readonly from: Place;
  readonly byFrequency: Map<Mhz, Db>;
}

export class Medium {
  readonly #seed: string;
  readonly #building: Building;
  readonly #propagation: Propagation;
  /** Losses by place, site and frequency: who stays where it is asks for the same ones over and over. Goes with the place. */
  readonly #known = new WeakMap<Place, Map<string, KnownLosses>>();

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
    const { control } = channel;
    const bySite = this.#known.get(place) ?? new Map<string, KnownLosses>();
    if (bySite.size === 0) this.#known.set(place, bySite);
    let known = bySite.get(site.name);
    if (known?.from !== site.place) {
      known = { from: site.place, byFrequency: new Map() };
      bySite.set(site.name, known);
    }
    const loss = known.byFrequency.get(control) ?? this.#lossOf(site, place, channel);
    known.byFrequency.set(control, loss);
    return loss;
  }

  #lossOf(site: Site, place: Place, { band, control }: AirChannel): Db {
    return (
      pathLoss(this.#propagation, this.#building, site.place, place, band, control) +
      shadowing(this.#seed, site.name, place, this.#propagation.shadowing)
    );
  }
}
