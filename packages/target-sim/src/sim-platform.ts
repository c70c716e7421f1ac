/**
 * The platform of a simulated device: an LED, the temperatures of its radios, and a fan where its model has one, which takes a
 * moment to get up to speed and keeps the radios cooler.
 */

import type { Clock } from "@opensync-ts/base/clock";
import {
  type LedState,
  type LedStep,
  type Leds,
  ledStates,
  type Platform,
  type Thermal,
  type ThermalStep,
} from "@opensync-ts/target/platform";
import type { ThermalReading } from "@opensync-ts/target/system";
import type { FaultSwitch } from "./faults.ts";
import type { RadioModel } from "./models.ts";

/** Milliseconds in which most of a change of speed (63 %) is done. */
const fanInertia = 2_000;
const fullSpeed = 5_000;

export class SimFan {
  readonly #clock: Clock;
  readonly #faults: FaultSwitch;
  #told = 0;
  #at: number;
  /** At `#at`, and where it goes from there. */
  #rpm = 0;
  #goal = 0;

  constructor(clock: Clock, faults: FaultSwitch) {
    this.#clock = clock;
    this.#faults = faults;
    this.#at = clock.now();
    faults.onChange(() => this.#follow());
  }

  get told(): number {
    return this.#told;
  }

  setRpm(rpm: number): void {
    this.#told = rpm;
    this.#follow();
  }

  rpm(): number {
    return this.#goal + (this.#rpm - this.#goal) * Math.exp((this.#at - this.#clock.now()) / fanInertia);
  }

  #follow(): void {
    this.#rpm = this.rpm();
    this.#at = this.#clock.now();
    this.#goal = this.#faults.ofDevice().fanStuck ? 0 : Math.min(this.#told, fullSpeed);
  }
}

export interface SimPlatformOptions {
  readonly radios: readonly RadioModel[];
  /** °C; `null`: its driver is down. */
  readonly temperature: (phy: string) => number | null;
  /** Absent: the device has none, and cools itself by sending less. */
  readonly fan?: SimFan;
}

export interface SimPlatform extends Platform {
  readonly leds: Leds;
  readonly thermal: Thermal;
  /** For statistics: fan and LEDs; absent where there is no fan. */
  readonly reading?: () => ThermalReading;
  /** For people: what each LED shows. */
  ledText(): string;
}

/** The lower, the more important. Bluetooth it has not. */
const ledPriorities: readonly LedState[] = [
  "hwtest",
  "hwerror",
  "thermal",
  "error",
  "upgradefail",
  "upgrading",
  "upgraded",
  "locate",
  "wps",
  "iotalarm",
  "cloud",
  "optimize",
  "connectfail",
  "connecting",
  "connected",
  "idle",
];

export function createSimPlatform({ radios, temperature, fan }: SimPlatformOptions): SimPlatform {
  const shown: { state: LedState; pattern: readonly LedStep[] }[] = [];
  const steps = thermalSteps(radios, fan !== undefined);
  const leds: Leds = {
    count: 1,
    priorityOf(state) {
      const priority = ledPriorities.indexOf(state);
      return priority < 0 ? null : priority;
    },
    show(position, state, pattern) {
      shown[position] = { state, pattern };
    },
  };
  const thermal: Thermal = {
    sources: radios.map(({ phy }) => phy),
    steps,
    readTemperatures: async () => radios.map(({ phy }) => temperature(phy)),
    ...(fan && {
      fan: {
        setRpm: async (rpm) => fan.setRpm(rpm),
        readRpm: async () => Math.round(fan.rpm()),
      },
    }),
  };
  const reading = (of: SimFan): ThermalReading => ({
    fanRpm: Math.round(of.rpm()),
    targetRpm: of.told,
    fanDutyCyclePercent: Math.min(100, Math.round((of.told / fullSpeed) * 100)),
    thermalState: Math.max(
      0,
      steps.findLastIndex(({ fanRpm }) => fanRpm !== null && fanRpm <= of.told),
    ),
    leds: shown.map(({ state }, position) => ({ position, value: ledStates.indexOf(state) })),
  });
  return {
    leds,
    thermal,
    ...(fan && { reading: () => reading(fan) }),
    ledText: () =>
      shown.length === 0
        ? "LED 0: dark\n"
        : shown.map(({ state, pattern }, position) => `LED ${position}: ${state}${patternText(pattern)}\n`).join(""),
  };
}

/** With a fan the radios send with fewer chains only when that does not help; without one that is all there is. */
function thermalSteps(radios: readonly RadioModel[], hasFan: boolean): readonly ThermalStep[] {
  const masks = (share: number) =>
    new Map(radios.map(({ phy, chains }) => [phy, (1 << Math.max(1, Math.ceil(chains * share))) - 1]));
  const all = masks(1);
  const step = (above: number, fanRpm: number | null, txChainmasks: ReadonlyMap<string, number>): ThermalStep => ({
    above: radios.map(() => above),
    txChainmasks,
    fanRpm,
  });
  return hasFan
    ? [
        step(0, 1_500, all),
        step(75, 2_500, all),
        step(85, 4_000, all),
        step(95, 4_500, masks(0.5)),
        step(105, fullSpeed, masks(0)),
      ]
    : [step(0, null, all), step(85, null, masks(0.5)), step(95, null, masks(0)), step(110, null, masks(0))];
}

function patternText(pattern: readonly LedStep[]): string {
  if (pattern.length === 0) return "";
  const steps = pattern.map(({ duration, red, green, blue }) => `#${hex(red)}${hex(green)}${hex(blue)} ${duration} ms`);
  const more = steps.length > shownSteps ? `, and ${steps.length - shownSteps} more` : "";
  return `: ${steps.slice(0, shownSteps).join(", ")}${more}`;
}

const shownSteps = 8;

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
