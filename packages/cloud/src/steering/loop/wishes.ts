/** What the owner of a home wants of steering a client, by the policies in force and what the home says of the device. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import { zoneOf } from "../../client-facts.ts";
import type { Home } from "../../home.ts";
import { closedBands } from "../../key-bands.ts";
import { policyFor, type Subject } from "../../model/policies.ts";
import { holdingAt } from "../../model/schedule.ts";
import type { HomeBand } from "../evidence.ts";
import type { Profiles } from "../profiles.ts";
import type { KnownClient } from "./known-client.ts";

export interface Wish {
  /** Null: that of its class. */
  readonly profile: string | null;
  readonly band: {
    readonly prefer: HomeBand;
    /** Held to it. */
    readonly only: boolean;
    /** ms since 1970; null: until the policy is another. */
    readonly until: number | null;
  } | null;
  /** Bands of its network that its key does not open. */
  readonly closed: readonly HomeBand[];
  /** Nobody moves it. */
  readonly unsteered: boolean;
  /** Where the home says so, `policies[3]`: what of it cannot be, and why. */
  readonly problems: readonly { readonly stated: string; readonly reason: string }[];
}

/** `home`: as it holds at `now` (ms since 1970). `client`: undefined for a device that only the home knows. */
export function wishOf(home: Home, mac: Mac, client: KnownClient | undefined, profiles: Profiles, now: number): Wish {
  const subject = subjectOf(home, mac, client);
  const policies = home.policies ?? [];
  const device = home.devices?.findIndex((each) => each.mac === mac) ?? -1;
  const own = home.devices?.[device]?.profile;
  const byPolicy = policyFor(policies, "profile", subject);
  // What is said of the device goes before what is said of all in its network.
  const usesOwn = own !== undefined && byPolicy?.scope.kind !== "device";
  const named = usesOwn ? own : byPolicy?.action.profile;
  const stated = usesOwn ? `devices[${device}].profile` : byPolicy ? `policies[${policies.indexOf(byPolicy)}]` : "";
  const isKnown = named === undefined || profiles.has(named);
  const band = policyFor(policies, "band", subject);
  const reason = `there is no profile '${named}', so that the device is steered by its class; known: ${[...profiles.keys()].sort().join(", ")}`;
  return {
    profile: named !== undefined && isKnown ? named : null,
    band: band
      ? { prefer: band.action.prefer, only: band.action.only, until: holdingAt(band.schedule, now).until }
      : null,
    closed: closedBands(home, client?.network ?? null, client?.key ?? null),
    unsteered: policyFor(policies, "unsteered", subject) !== undefined,
    problems: isKnown ? [] : [{ stated, reason }],
  };
}

/** The bands that a client may be sent to; empty: all. A preference that the client cannot follow is none. */
export function allowedBands({ band, closed }: Wish, client: KnownClient): readonly HomeBand[] {
  if (!band || closed.includes(band.prefer)) return [];
  const { bands = [], bandsComplete } = client.evidence.radio;
  return bandsComplete && !bands.includes(band.prefer) ? [] : [band.prefer];
}

/** Whom policies reach by its network or key is reached as long as it is not seen in another. */
export function subjectOf(home: Home, mac: Mac, client: KnownClient | undefined): Subject {
  const { network = null, key = null } = client ?? {};
  return { mac, ssid: network, zone: network === null ? null : zoneOf(home, network, key) };
}
