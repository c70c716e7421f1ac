/**
 * A scenario as data: the building, the clients with their habits, what else is on the air. Plain JSON; nothing here
 * is checked beyond what a world needs to stay within its bounds (files are validated where they are read).
 */

import type { Dbm, Mhz } from "@opensync-ts/base/units";
import type { Joining, Manners, Measurement, Probing, Sleep } from "./device-class.ts";
import type { Place, Slab, Wall } from "./geometry.ts";
import type { Generation } from "./rates.ts";
import type { SecurityTerms } from "./security.ts";
import type { Band } from "./spectrum.ts";
import type { TrafficKind, TrafficSpec } from "./traffic.ts";

export interface WorldSpec {
  readonly propagation?: { readonly exponent?: number; readonly shadowing?: number };
  readonly walls?: readonly Wall[];
  readonly slabs?: readonly Slab[];
  /** Names that `PlaceRef`s may use. */
  readonly places?: { readonly [name: string]: Place };
  readonly interferers?: readonly InterfererSpec[];
  readonly clients?: readonly ClientSpec[];
}

/** A place, or the name of one of `WorldSpec.places`. */
export type PlaceRef = Place | string;

/** Something that is not ours and keeps a channel busy: a microwave oven, or, with a `bssid`, a neighbour's network. */
export interface InterfererSpec {
  /** Unique among them. */
  readonly name: string;
  readonly place: PlaceRef;
  readonly band: Band;
  /** Centres of the 20 MHz pieces it occupies, its primary first. */
  readonly segments: readonly Mhz[];
  readonly power: Dbm;
  /** Fraction of time, 0 to 1. */
  readonly airtime: number;
  /** `aa:bb:cc:dd:ee:ff`: it is a network, which scans hear by its beacons. */
  readonly bssid?: string;
  /** Its name; without one it is hidden. Only with `bssid`. */
  readonly ssid?: string;
  /** Default `ax`. */
  readonly generation?: Generation;
  /** Spatial streams, default 2. */
  readonly streams?: number;
  /** Default: WPA2 personal. */
  readonly security?: Partial<SecurityTerms>;
  /** False: it is off until `World.setOnAir`. */
  readonly onAir?: boolean;
}

export interface ClientSpec {
  readonly name: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  readonly place: PlaceRef;
  /** The networks it knows, preferred first. */
  readonly networks: readonly ClientNetworkSpec[];
  /** A class of `devices/*.json`: what it can do and how it behaves, but for what is said here. Default: none of them. */
  readonly device?: string;
  /** Default: that of the class, else 2.4G and 5G; likewise what follows. */
  readonly bands?: readonly Band[];
  /** Default `ax`. */
  readonly generation?: Generation;
  /** Spatial streams, default 2. */
  readonly streams?: number;
  /** MHz, default 80. */
  readonly maxWidth?: Mhz;
  /** Radiated power, default 15 dBm. */
  readonly power?: Dbm;
  /** Default: WPA2 personal, with `sae` WPA3 personal too, protected management frames optional. */
  readonly security?: Partial<SecurityTerms>;
  readonly habits?: HabitsSpec;
  readonly joining?: Partial<Joining>;
  readonly probing?: Partial<Probing>;
  /** 802.11k, v and r; `null`: none of it. Members left out are those of the class, or of a device that means well. */
  readonly measurement?: Partial<Measurement> | null;
  readonly transition?: Partial<Manners> | null;
  readonly sae?: boolean;
  readonly fastTransition?: boolean;
  readonly sleep?: Sleep | null;
  /** Links at a time with a multi-link device, default 1. */
  readonly links?: number;
  /** Default `web`. */
  readonly traffic?: TrafficKind | TrafficSpec;
  readonly walk?: WalkSpec;
  /** It is part of the device at this site (a backhaul station): it never joins that device's own BSSs. */
  readonly site?: string;
}

export interface ClientNetworkSpec {
  readonly ssid: string;
  /** Absent: an open network. */
  readonly psk?: string;
  /** Only this BSS of it. */
  readonly bssid?: string;
}

export interface HabitsSpec {
  readonly roamBelow?: Dbm;
  readonly roamHysteresis?: number;
  readonly stickiness?: number;
  readonly bandPreference?: { readonly [B in Band]?: number };
  /** Seconds. */
  readonly scanInterval?: number;
}

export interface WalkSpec {
  /** Where it is, seconds after it appeared; ascending. Between two waypoints it moves evenly. */
  readonly waypoints: readonly { readonly at: number; readonly place: PlaceRef }[];
  /** Starts again after the last waypoint. */
  readonly repeat?: boolean;
}
