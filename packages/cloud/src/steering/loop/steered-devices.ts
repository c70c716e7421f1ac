/** Which devices the nodes of a home steer, and how: those that were seen lately, and those that the home says something of. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Home } from "../../home.ts";
import type { Refusal } from "../../rows.ts";
import { rowId } from "../../rows.ts";
import * as limits from "../limits.ts";
import { movesOf, type OptimiserState } from "../optimiser/state.ts";
import type { Profiles } from "../profiles.ts";
import type { SteeredDevice } from "../steering-rows.ts";
import type { KnownClient } from "./known-client.ts";
import type { KnownClients } from "./known-clients.ts";
import { allowedBands, type Wish, wishOf } from "./wishes.ts";

export interface Steered {
  /** The most important first. */
  readonly devices: readonly SteeredDevice[];
  readonly refusals: readonly Refusal[];
  readonly wishes: ReadonlyMap<Mac, Wish>;
}

export interface SteeredInput {
  /** As it holds now. */
  readonly home: Home;
  readonly clients: KnownClients;
  readonly state: OptimiserState;
  readonly profiles: Profiles;
  /** Stations of the home's own nodes. */
  readonly stations: ReadonlySet<Mac>;
  readonly where: (mac: Mac) => Mac | null;
  readonly now: number;
}

const dayMs = 86_400_000;

export function steeredDevices(input: SteeredInput): Steered {
  const { home, clients, state, profiles, stations, where, now } = input;
  const named = namedDevices(home);
  const lately = [...clients].filter(({ seenAt }) => now - seenAt < limits.nightsKept * dayMs);
  // By days, so that who comes and goes does not change places with others all the time.
  lately.sort((a, b) => Math.floor(b.seenAt / dayMs) - Math.floor(a.seenAt / dayMs) || (a.mac < b.mac ? -1 : 1));
  const macs = [...new Set([...named, ...lately.map(({ mac }) => mac)])].filter((mac) => !stations.has(mac));
  const moves = movesOf(state);
  const placed = new Map(state.clients.map((each) => [each.mac, each.placed]));
  const refusals: Refusal[] = [];
  const wishes = new Map<Mac, Wish>();
  const devices = macs.slice(0, limits.clients).map((mac): SteeredDevice => {
    const client = clients.get(mac);
    const wish = wishOf(home, mac, client, profiles, now);
    wishes.set(mac, wish);
    const id = rowId("Band_Steering_Clients", { mac });
    refusals.push(...wish.problems.map((problem) => ({ id, ...problem })));
    return {
      ...{ mac, profile: wish.profile ?? client?.classification.class ?? "unknown" },
      mobility: client?.mobility.mobility ?? "unknown",
      ...bandOf(wish, client, where(mac), now),
      ...{ exempt: wish.unsteered, placed: placed.get(mac) ?? null, move: moves.get(mac) ?? null },
    };
  });
  return { devices, refusals, wishes };
}

function bandOf(
  wish: Wish,
  client: KnownClient | undefined,
  at: Mac | null,
  now: number,
): Pick<SteeredDevice, "band" | "hold"> {
  const { band } = wish;
  if (!band || (client && allowedBands(wish, client).length === 0)) return { band: null };
  const seconds = band.until === null ? Number.POSITIVE_INFINITY : Math.max(0, band.until - now) / 1000;
  return { band: band.prefer, ...(band.only && { hold: { seconds, at } }) };
}

/** Of whom the home says something that steering does: they are steered before they are seen. */
function namedDevices(home: Home): readonly Mac[] {
  const byPolicy = (home.policies ?? []).flatMap(({ scope, action }) =>
    scope.kind === "device" && (action.kind === "band" || action.kind === "profile") ? [scope.mac] : [],
  );
  const byProfile = (home.devices ?? []).flatMap(({ mac, profile }) => (profile === undefined ? [] : [mac]));
  return [...byPolicy, ...byProfile];
}
