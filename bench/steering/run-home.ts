/** One home under one contender: the same seed, world, clients and traffic each time. What counts is what the world has seen. */

import { startCloud, startEager } from "./cloud.ts";
import { homePlan } from "./home-plan.ts";
import { type LiveHome, startHome } from "./live-home.ts";
import { Moves } from "./moves.ts";
import { startOurs } from "./ours.ts";
import type { Steerer, SteerLog } from "./steerer.ts";
import { startThreshold } from "./threshold.ts";

export const contenders = ["none", "threshold", "ours", "cloud", "eager"] as const;
export type Contender = (typeof contenders)[number];

const starts: Readonly<Record<Contender, (home: LiveHome, log: SteerLog) => Steerer>> = {
  none: () => ({ stop: () => {} }),
  threshold: startThreshold,
  ours: startOurs,
  cloud: startCloud,
  eager: startEager,
};

export interface ClientResult {
  readonly name: string;
  readonly asked: number;
  readonly delivered: number;
  /** Seconds, without the time before the first association. */
  readonly interrupted: number;
}

export interface HomeResult {
  readonly seed: number;
  readonly contender: Contender;
  readonly nodes: number;
  readonly walkers: number;
  readonly hours: number;
  readonly clients: readonly ClientResult[];
  /** Mean share of time that the channels of the home's BSSs were busy. */
  readonly airtime: number;
  readonly steers: number;
  readonly failed: number;
  /** Steers between two access points between which the same client was steered within the five minutes before. */
  readonly pingPong: number;
  /** Steers whose client went back by itself within five minutes. */
  readonly leftAgain: number;
  readonly moves: number;
  readonly returns: number;
  readonly results: Readonly<Record<string, number>>;
}

/** Clients come and find their places; only what follows counts. */
const warmUp = 60_000;
/** How often the air is looked at, ms. */
const sampling = 10_000;

export async function runHome(seed: number, contender: Contender, minutes: number): Promise<HomeResult> {
  const home = await startHome(homePlan(seed), { vacant: true });
  const { world, clock, plan } = home;
  const moves = new Moves(home);
  const steerer = starts[contender](home, moves);
  home.populate();
  await clock.advance(warmUp);
  const before = new Map(world.snapshot().clients.map((client) => [client.mac, client]));
  moves.begin();
  let busy = 0;
  let samples = 0;
  const end = clock.now() + minutes * 60_000;
  while (clock.now() < end) {
    await clock.advance(sampling);
    for (const { utilisation } of world.snapshot().bsses) {
      busy += utilisation;
      samples++;
    }
  }
  const clients = world.snapshot().clients.map((now): ClientResult => {
    const then = before.get(now.mac);
    const lost = (view: typeof now | undefined) =>
      view ? view.service.time.interrupted + view.service.time.outage + view.service.time.waiting : 0;
    return {
      name: now.name,
      asked: bytes(now.asked) - bytes(then?.asked),
      delivered: bytes(now.delivered) - bytes(then?.delivered),
      interrupted: (lost(now) - lost(then)) / 1_000,
    };
  });
  const counts = moves.counts();
  steerer.stop();
  home.stop();
  return {
    ...{ seed, contender, nodes: plan.nodes.length, walkers: plan.walkers, hours: minutes / 60, clients, ...counts },
    airtime: busy / Math.max(1, samples),
  };
}

function bytes(volume: { readonly down: number; readonly up: number } | undefined): number {
  return volume ? volume.down + volume.up : 0;
}
