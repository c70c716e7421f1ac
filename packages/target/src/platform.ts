/** The platform of a device (OSP) as far as PM needs it: LEDs and cooling. */

/** `LED_Config.name`. */
export const ledStates = [
  "idle",
  "error",
  "connected",
  "connecting",
  "connectfail",
  "wps",
  "optimize",
  "locate",
  "hwerror",
  "thermal",
  "btconnectable",
  "btconnecting",
  "btconnected",
  "btconnectfail",
  "upgrading",
  "upgraded",
  "upgradefail",
  "hwtest",
  "iotalarm",
  "cloud",
] as const;

export type LedState = (typeof ledStates)[number];

export interface LedStep {
  /** ms */
  readonly duration: number;
  /** 0 to 255 each. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** ms over which the colour is reached. */
  readonly fade: number;
}

export interface Leds {
  readonly count: number;
  /** Priority that this device gives a state, 0 the highest; `null`: it does not show it. */
  priorityOf(state: LedState): number | null;
  /** `pattern`: of `cloud` only, repeated for ever; others are the device's own. */
  show(position: number, state: LedState, pattern: readonly LedStep[]): void;
}

/** One step of cooling: it holds from `above` on, of each temperature source, °C. */
export interface ThermalStep {
  readonly above: readonly number[];
  /** Per radio, by its name (`wifi0`): chainmask to transmit with; of the coolest step: all chains. */
  readonly txChainmasks: ReadonlyMap<string, number>;
  /** `null`: no fan. */
  readonly fanRpm: number | null;
}

export interface Thermal {
  /** Names of the temperature sources, in order of `ThermalStep.above`. */
  readonly sources: readonly string[];
  /** From the coolest on; at least one. */
  readonly steps: readonly ThermalStep[];
  /** °C by source; `null` where it cannot be read now. */
  readTemperatures(): Promise<readonly (number | null)[]>;
  /** Absent: there is none. */
  readonly fan?: { setRpm(rpm: number): Promise<void>; readRpm(): Promise<number | null> };
}

export interface Platform {
  readonly leds?: Leds;
  readonly thermal?: Thermal;
}
