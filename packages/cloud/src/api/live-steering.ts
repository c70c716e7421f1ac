/** What the API tells of steering, from the loops that run in the cloud. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { LocationSteering } from "../steering/loop/location-steering.ts";
import type { Steering } from "../steering/loop/steering.ts";
import { StoreRefusal } from "../store/errors.ts";
import type { SteeringQueries } from "./host.ts";

export function liveSteering(steering: Steering): SteeringQueries {
  const of = (location: string): LocationSteering => {
    const loop = steering.location(location);
    if (loop) return loop;
    throw new StoreRefusal("not-found", "no version of this location holds: nothing is steered; apply one");
  };
  return {
    mode: async (location) => of(location).mode,

    async setMode(location, mode, by) {
      await of(location).configure({ mode }, by);
    },

    async explain(location, mac) {
      const loop = of(location);
      const client = parseMac(mac);
      const account = client && (await loop.answers.account(client));
      // What follows is of the moment that the account is of.
      const view = client && loop.answers.classOf(client);
      if (!account || !view) return undefined;
      const { bands = [], bandsComplete = false } = view.evidence.radio;
      return {
        ...{ mac: client, mode: loop.mode, class: view.class, confidence: view.confidence },
        ...{ mobility: view.mobility.verdict, profile: view.profile, failures: view.failures },
        profiles: [...loop.profiles],
        ...{ decision: account.decision, wantsMbps: account.wantsMbps, leastSnrDb: account.leastSnrDb },
        ...{ bands: [...bands], bandsComplete, allowed: [...account.allowed] },
        closed: [...account.closed],
        on: [...account.on],
        offAir: [...account.offAir],
        candidates: account.candidates.map(({ measured, ...candidate }) => ({
          ...candidate,
          measured: measured && { ...measured, at: iso(measured.at) },
        })),
        moving: account.moving && {
          to: account.moving.to,
          askedAt: iso(account.moving.askedAt),
          arrivedAt: isoOrNull(account.moving.arrivedAt),
        },
        blocked: account.blocked.map(({ until, ...way }) => ({ ...way, until: iso(until) })),
        attempts: account.attempts.map(({ askedAt, endedAt, ...attempt }) => ({
          ...attempt,
          askedAt: iso(askedAt),
          endedAt: isoOrNull(endedAt),
        })),
        policies: account.policies.map(({ until, ...policy }) => ({ ...policy, until: isoOrNull(until) })),
        text: loop.answers.explain(client).split("\n"),
        notBefore: view.notBefore > 0 ? iso(view.notBefore) : null,
      };
    },

    async resetBackoff(location, mac, by) {
      const loop = of(location);
      const known = clientOf(loop, mac);
      if (!known) return false;
      await loop.resetBackoff(known.client, by);
      return true;
    },

    async journal(location, { from, to, mac, limit }) {
      const client = mac === undefined ? undefined : parseMac(mac);
      const entries = await of(location).answers.journal({
        from,
        to,
        limit,
        ...(client === undefined ? {} : { client }),
      });
      return entries.map(({ at, text, entry }) => ({
        at: new Date(at).toISOString(),
        digest: entry.digest,
        text: text.split("\n"),
      }));
    },

    async indicators(location, { from, to }) {
      const { btmAcceptance, ...figures } = await of(location).answers.indicators(from, to);
      return { ...figures, btmAcceptance: Object.fromEntries(btmAcceptance) };
    },
  };
}

function clientOf(loop: LocationSteering, mac: string) {
  const client: Mac | undefined = parseMac(mac);
  const view = client && loop.answers.classOf(client);
  return client && view ? { client, view } : undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
