/** What is known of a client, for people and the API. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import { type Classification, classificationText } from "../classify.ts";
import type { Evidence, HomeBand } from "../evidence.ts";
import type { ClientState } from "../optimiser/state.ts";
import type { KnownClient } from "./known-client.ts";
import type { Wish } from "./wishes.ts";

export interface ClientView extends Classification {
  readonly mac: Mac;
  /** ms since 1970. */
  readonly seenAt: number;
  readonly at: { readonly bssid: Mac; readonly node: string | null } | null;
  readonly network: string | null;
  readonly evidence: Evidence;
  /** By which nodes steer it: that of its class, unless the home says another. */
  readonly profile: string;
  readonly mobility: { readonly verdict: "static" | "mobile" | "unknown"; readonly reason: string };
  /** By policy. */
  readonly band: { readonly prefer: HomeBand; readonly only: boolean; readonly until: number | null } | null;
  readonly unsteered: boolean;
  /** Of the optimiser: nobody is asked before `notBefore` (ms since 1970). */
  readonly failures: number;
  readonly notBefore: number;
  readonly moving: { readonly to: Mac; readonly askedAt: number; readonly arrivedAt: number | null } | null;
  /** The same in words. */
  readonly lines: readonly string[];
}

export function clientView(
  client: KnownClient,
  wish: Wish | undefined,
  known: ClientState | undefined,
  at: ClientView["at"],
): ClientView {
  const { mac, seenAt, network, evidence, classification, mobility } = client;
  const band = wish?.band ?? null;
  const profile = wish?.profile ?? classification.class;
  const { failures = 0, notBefore = 0, move = null } = known ?? {};
  return {
    ...{ ...classification, mac, seenAt, at, network, evidence, profile },
    mobility: { verdict: mobility.mobility, reason: mobility.reason },
    ...{ band, unsteered: wish?.unsteered ?? false, failures, notBefore },
    moving: move && { to: move.to, askedAt: move.askedAt, arrivedAt: move.arrivedAt },
    lines: [
      `class: ${classificationText(classification)}`,
      `mobility: ${mobility.mobility}: ${mobility.reason}`,
      ...(profile === classification.class ? [] : [`profile: ${profile}, as the home says`]),
      ...(band
        ? [`band: ${band.only ? "only" : "rather"} ${band.prefer}${untilText(band.until)}, as the home says`]
        : []),
      ...(wish?.unsteered ? ["steered by nobody, as the home says"] : []),
      ...(wish?.problems ?? []).map(({ stated, reason }) => `${stated}: ${reason}`),
    ],
  };
}

function untilText(until: number | null): string {
  return until === null ? "" : ` until ${new Date(until).toISOString()}`;
}
