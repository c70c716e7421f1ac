/** A wireless core on a virtual clock with dummy drivers, its log kept. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { Wireless } from "../contract.ts";
import type { Mutator } from "../mutators.ts";
import type { StatsModule } from "../stats/module.ts";
import { startWireless } from "../wireless.ts";
import { DummyDriver } from "./dummy-driver.ts";

export interface Rig {
  readonly clock: VirtualClock;
  readonly driver: DummyDriver;
  readonly wireless: Wireless;
  /** `SEVERITY text`, oldest first. */
  log(): string[];
  /** Every transition so far: `IDLE>REQUESTING`. */
  readonly transitions: string[];
  /** Lets what is under way happen, up to a second of it. */
  settle(): Promise<void>;
}

interface RigOptions {
  readonly phys?: readonly PhyState[];
  readonly vifs?: readonly VifState[];
  readonly more?: (clock: VirtualClock) => DummyDriver[];
  readonly mutators?: readonly Mutator[];
  readonly prepare?: (driver: DummyDriver) => void;
  readonly statsModules?: readonly StatsModule[];
  readonly strict?: boolean;
  readonly onBark?: (reason: Error) => void;
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const clock = new VirtualClock();
  const ring = new LogRing(10_000);
  const log = Log.create({
    name: "OW",
    sink: ring.sink,
    wallTime: () => clock.wallTime(),
    levels: { base: "DEBUG", modules: new Map() },
  });
  const driver = new DummyDriver({ clock });
  for (const phy of options.phys ?? []) driver.setPhy(phy);
  for (const vif of options.vifs ?? []) driver.setVif(vif);
  options.prepare?.(driver);
  const { mutators = [], statsModules = [], strict = false, onBark } = options;
  const drivers = [driver, ...(options.more?.(clock) ?? [])];
  const wireless = startWireless({ drivers, clock, log, mutators, statsModules, strict, ...(onBark && { onBark }) });
  const transitions: string[] = [];
  wireless.confsync.events.on("transition", ({ from, to }) => transitions.push(`${from}>${to}`));
  await clock.advance(1_000);
  return {
    clock,
    driver,
    wireless,
    transitions,
    log: () => ring.records().map(({ severity, text }) => `${severity} ${text}`),
    settle: () => clock.advance(1_000),
  };
}
