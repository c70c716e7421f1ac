/** What the optimiser remembers between two looks: plain JSON, bounded, and all there is of it. */

import type { Mac } from "@opensync-ts/base/units";
import { z } from "zod";
import { mac } from "../../wifi-fields.ts";
import * as limits from "../limits.ts";

const instant = z.number().min(0).max(8.64e15);
const figure = z.number().min(0).max(1e6);

const moveSchema = z.strictObject({
  from: mac,
  to: mac,
  askedAt: instant,
  /** When it was first seen there; null: on its way. From then on it is watched. */
  arrivedAt: instant.nullable(),
  /** Mbit/s that it could have, as far as it wants: before, and as predicted. */
  scoreBefore: figure,
  scorePredicted: figure,
  /** dB, before anything that was learned. */
  snrPredicted: z.number().min(-40).max(140),
});

const clientStateSchema = z.strictObject({
  mac,
  /** When it was last in a snapshot. */
  seenAt: instant,
  move: moveSchema.nullable(),
  failures: z.int().min(0).max(1000),
  notBefore: instant,
  blocked: z.array(z.strictObject({ from: mac, to: mac, until: instant })).max(limits.blockedPerClient),
  /** By how much it is heard better there than predicted. */
  learned: z.array(z.strictObject({ bssid: mac, offsetDb: z.number().min(-20).max(20) })).max(limits.learnedPerClient),
  /** Where a move that worked has put it. */
  placed: mac.nullable(),
});

export const stateSchema = z.strictObject({ clients: z.array(clientStateSchema).max(limits.clients) });

export type OptimiserState = z.output<typeof stateSchema>;
export type ClientState = z.output<typeof clientStateSchema>;
export type Move = z.output<typeof moveSchema>;

export const emptyState: OptimiserState = { clients: [] };

export function freshClient(mac: Mac, at: number): ClientState {
  return { mac, seenAt: at, move: null, failures: 0, notBefore: 0, blocked: [], learned: [], placed: null };
}

/** The moves under way, for the rows of the nodes. */
export function movesOf(state: OptimiserState): ReadonlyMap<Mac, Move> {
  return new Map(state.clients.flatMap(({ mac, move }) => (move ? [[mac, move] as const] : [])));
}
