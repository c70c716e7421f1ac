/** A client device as the world runs it: its specification with every default filled in. */

import { UserError } from "@opensync-ts/base/errors";
import { type Mac, mac } from "@opensync-ts/base/units";
import { type Abilities, checkAbilities, plainAbilities, willing } from "./device-class.ts";
import { deviceClass } from "./device-classes.ts";
import type { Place } from "./geometry.ts";
import { maxNetworksPerClient, maxWaypoints } from "./limits.ts";
import type { SecurityTerms } from "./security.ts";
import type { ClientNetworkSpec, ClientSpec, PlaceRef, WorldSpec } from "./spec.ts";
import type { Walk } from "./walk.ts";

export interface Device extends Abilities {
  readonly name: string;
  /** The class that it is of; `null`: none. */
  readonly deviceClass: string | null;
  readonly mac: Mac;
  readonly place: Place;
  readonly security: SecurityTerms;
  readonly networks: readonly KnownNetwork[];
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

function securityOf({ sae, fastTransition }: Abilities): SecurityTerms {
  const plain = ["psk", "psk_sha256", ...(sae ? (["sae"] as const) : [])] as const;
  const fast = fastTransition ? (["ft_psk", ...(sae ? (["ft_sae"] as const) : [])] as const) : [];
  return { akms: [...plain, ...fast], pairwise: ["ccmp", "gcmp256"], pmf: "optional" };
}

/** Throws a `UserError` naming the client and what of it cannot be. */
export function deviceOf(spec: ClientSpec, places: WorldSpec["places"]): Device {
  const who = `client '${spec.name}'`;
  const walk = spec.walk ? walkOf(spec, places) : null;
  const abilities = abilitiesOf(spec, who);
  return {
    ...abilities,
    name: spec.name,
    deviceClass: spec.device ?? null,
    mac: addressOf(who, "mac", spec.mac),
    place: walk?.waypoints[0]?.place ?? resolvePlace(spec.place, places, who),
    security: { ...securityOf(abilities), ...spec.security },
    networks: knownNetworks(spec.name, spec.networks),
    walk,
    site: spec.site ?? null,
  };
}

/** Those of its class, but for what its specification says. */
function abilitiesOf(spec: ClientSpec, who: string): Abilities {
  const base: Abilities = spec.device === undefined ? plainAbilities : deviceClass(spec.device, who);
  const { bandPreference, ...habits } = spec.habits ?? {};
  return checkAbilities(
    {
      bands: spec.bands ?? base.bands,
      generation: spec.generation ?? base.generation,
      streams: spec.streams ?? base.streams,
      maxWidth: spec.maxWidth ?? base.maxWidth,
      power: spec.power ?? base.power,
      traffic: spec.traffic ?? base.traffic,
      habits: {
        ...base.habits,
        ...habits,
        bandPreference: { ...base.habits.bandPreference, ...bandPreference },
      },
      joining: { ...base.joining, ...spec.joining },
      probing: { ...base.probing, ...spec.probing },
      measurement: overlaid(spec.measurement, base.measurement, willing.measurement),
      transition: overlaid(spec.transition, base.transition, willing.transition),
      sae: spec.sae ?? base.sae,
      fastTransition: spec.fastTransition ?? base.fastTransition,
      sleep: spec.sleep === undefined ? base.sleep : spec.sleep,
      links: spec.links ?? base.links,
    },
    who,
  );
}

function overlaid<T>(said: Partial<T> | null | undefined, base: T | null, otherwise: T): T | null {
  if (said === undefined) return base;
  return said === null ? null : { ...(base ?? otherwise), ...said };
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
