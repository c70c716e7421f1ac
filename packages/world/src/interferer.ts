/** What else is on the air, as the world runs it: specifications with every default filled in, and which of them are on. */

import { UserError } from "@opensync-ts/base/errors";
import type { Dbm, Mac } from "@opensync-ts/base/units";
import { addressOf, resolvePlace } from "./device.ts";
import type { Place } from "./geometry.ts";
import { maxInterferers, maxSsidOctets } from "./limits.ts";
import type { Generation } from "./rates.ts";
import type { SecurityTerms } from "./security.ts";
import type { InterfererSpec, WorldSpec } from "./spec.ts";
import type { AirChannel } from "./spectrum.ts";

export interface Interferer {
  readonly name: string;
  readonly place: Place;
  readonly channel: AirChannel;
  readonly power: Dbm;
  readonly airtime: number;
  /** Null: noise. */
  readonly network: NeighbourNetwork | null;
}

export interface NeighbourNetwork {
  readonly bssid: Mac;
  /** "" = hidden. */
  readonly ssid: string;
  readonly generation: Generation;
  readonly streams: number;
  readonly security: SecurityTerms;
}

export class Interferers {
  readonly #all = new Map<string, { readonly interferer: Interferer; onAir: boolean }>();
  readonly #places: WorldSpec["places"];

  /** Throws a `UserError` naming the one that cannot be. */
  constructor(specs: readonly InterfererSpec[], places: WorldSpec["places"]) {
    this.#places = places;
    if (specs.length > maxInterferers) throw tooMany(specs.length);
    for (const spec of specs) {
      if (this.#all.has(spec.name))
        throw new UserError(`there are two interferers '${spec.name}'; give each its own name`);
      this.put(spec);
    }
  }

  get onAir(): readonly Interferer[] {
    return [...this.#all.values()].filter((each) => each.onAir).map(({ interferer }) => interferer);
  }

  /** One more, or another in the place of that of its name. Throws a `UserError` where it cannot be. */
  put(spec: InterfererSpec): void {
    const { name, onAir = true } = spec;
    if (!this.#all.has(name) && this.#all.size >= maxInterferers) throw tooMany(this.#all.size + 1);
    const interferer = interfererOf(spec, this.#places);
    const { network } = interferer;
    const twin = [...this.#all.values()].find(
      ({ interferer: other }) => network && other.name !== name && other.network?.bssid === network.bssid,
    );
    if (twin) {
      throw new UserError(`interferers '${twin.interferer.name}' and '${name}' have the same bssid; change one`);
    }
    this.#all.set(name, { interferer, onAir });
  }

  /** False where there is none of that name. */
  remove(name: string): boolean {
    return this.#all.delete(name);
  }

  /** False where there is none of that name. */
  setOnAir(name: string, onAir: boolean): boolean {
    const entry = this.#all.get(name);
    if (entry) entry.onAir = onAir;
    return entry !== undefined;
  }
}

function tooMany(count: number): UserError {
  return new UserError(`the world holds at most ${maxInterferers} interferers; this would be ${count}`);
}

const personal: SecurityTerms = { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" };

function interfererOf(spec: InterfererSpec, places: WorldSpec["places"]): Interferer {
  const { name, band, segments, power, airtime, ssid = "", generation = "ax", streams = 2, security } = spec;
  const who = `interferer '${name}'`;
  if (spec.bssid === undefined && spec.ssid !== undefined) {
    throw new UserError(`${who}: it has an ssid and no bssid; give it one, or leave the ssid out`);
  }
  if (Buffer.byteLength(ssid) > maxSsidOctets) {
    throw new UserError(`${who}: its ssid is longer than ${maxSsidOctets} octets; shorten it`);
  }
  return {
    name,
    place: resolvePlace(spec.place, places, who),
    channel: { band, control: segments[0] ?? 0, segments: segments.toSorted((a, b) => a - b) },
    power,
    airtime,
    network:
      spec.bssid === undefined
        ? null
        : {
            bssid: addressOf(who, "bssid", spec.bssid),
            ssid,
            generation,
            streams,
            security: { ...personal, ...security },
          },
  };
}
