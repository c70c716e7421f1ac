/** A client device as the world runs it: its specification with every default filled in. */

import { UserError } from "@opensync-ts/base/errors";
import { type Dbm, type Mac, type Mhz, mac } from "@opensync-ts/base/units";
import { defaultHabits, type Habits } from "./choice.ts";
import type { Place } from "./geometry.ts";
import { maxNetworksPerClient, maxWaypoints } from "./limits.ts";
import type { Generation } from "./rates.ts";
import type { SecurityTerms } from "./security.ts";
import type { ClientNetworkSpec, ClientSpec, PlaceRef, TrafficSpec, WorldSpec } from "./spec.ts";
import type { Band } from "./spectrum.ts";
import { trafficKinds } from "./traffic.ts";
import type { Walk } from "./walk.ts";

export interface Device {
  readonly name: string;
  readonly mac: Mac;
  readonly place: Place;
  readonly bands: readonly Band[];
  readonly generation: Generation;
  readonly streams: number;
  readonly maxWidth: Mhz;
  readonly power: Dbm;
  readonly security: SecurityTerms;
  readonly networks: readonly KnownNetwork[];
  readonly habits: Habits;
  readonly traffic: TrafficSpec;
  readonly walk: Walk | null;
  /** The device it is part of. */
  readonly site: string | null;
}

export interface KnownNetwork {
  readonly ssid: string;
  /** `null`: open. */
  readonly psk: string | null;
  readonly bssid: Mac | null;
  /** Higher is preferred. */
  readonly priority: number;
}

const defaultSecurity: SecurityTerms = {
  akms: ["psk", "psk_sha256", "sae"],
  pairwise: ["ccmp", "gcmp256"],
  pmf: "optional",
};

/** Throws a `UserError` naming the client where its MAC, place, walk or number of networks cannot be. */
export function deviceOf(spec: ClientSpec, places: WorldSpec["places"]): Device {
  const walk = spec.walk ? walkOf(spec, places) : null;
  return {
    name: spec.name,
    mac: addressOf(`client '${spec.name}'`, "mac", spec.mac),
    place: walk?.waypoints[0]?.place ?? resolvePlace(spec.place, places, `client '${spec.name}'`),
    bands: spec.bands ?? ["2.4G", "5G"],
    generation: spec.generation ?? "ax",
    streams: spec.streams ?? 2,
    maxWidth: spec.maxWidth ?? 80,
    power: spec.power ?? 15,
    security: { ...defaultSecurity, ...spec.security },
    networks: knownNetworks(spec.name, spec.networks),
    habits: {
      ...defaultHabits,
      ...spec.habits,
      bandPreference: { ...defaultHabits.bandPreference, ...spec.habits?.bandPreference },
    },
    traffic: typeof spec.traffic === "object" ? spec.traffic : trafficKinds[spec.traffic ?? "web"],
    walk,
    site: spec.site ?? null,
  };
}

export function knownNetworks(client: string, networks: readonly ClientNetworkSpec[]): KnownNetwork[] {
  if (networks.length > maxNetworksPerClient) {
    throw new UserError(
      `client '${client}': knows ${networks.length} networks; at most ${maxNetworksPerClient} are possible`,
    );
  }
  return networks.map((network, index) => ({
    ssid: network.ssid,
    psk: network.psk ?? null,
    bssid: network.bssid === undefined ? null : addressOf(`client '${client}'`, "bssid", network.bssid),
    priority: networks.length - index,
  }));
}

/** Throws a `UserError` naming `who` where there is no such place. */
export function resolvePlace(ref: PlaceRef, places: WorldSpec["places"], who: string): Place {
  if (typeof ref !== "string") return ref;
  const place = places?.[ref];
  if (place) return place;
  const known = Object.keys(places ?? {}).join(", ") || "none";
  throw new UserError(`${who}: there is no place '${ref}' (places: ${known})`);
}

function walkOf(spec: ClientSpec, places: WorldSpec["places"]): Walk {
  const waypoints = (spec.walk?.waypoints ?? []).map(({ at, place }) => ({
    at: at * 1000,
    place: resolvePlace(place, places, `client '${spec.name}'`),
  }));
  const ascending = waypoints.every(({ at }, index) => at >= 0 && at >= (waypoints[index - 1]?.at ?? 0));
  if (waypoints.length === 0 || waypoints.length > maxWaypoints || !ascending) {
    throw new UserError(
      `client '${spec.name}': walk.waypoints must be 1 to ${maxWaypoints}, with 'at' ascending from 0`,
    );
  }
  return { waypoints, repeat: spec.walk?.repeat ?? false };
}

/** Throws a `UserError` naming `who` and the field where it is no MAC address. */
export function addressOf(who: string, field: string, text: string): Mac {
  try {
    return mac(text);
  } catch (error) {
    throw new UserError(`${who}: ${field} ${(error as Error).message}`);
  }
}
