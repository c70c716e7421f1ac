/** How warm a radio is: it warms up with what it has to do, and cools down, both slowly. */

export interface RadioLoad {
  readonly enabled: boolean;
  /** Antennas in use. */
  readonly chains: number;
  /** Radiated while it transmits, dBm; null: it does not. */
  readonly power: number | null;
  /** Fractions of time, 0 to 1. */
  readonly tx: number;
  readonly rx: number;
}

/** Where a radio is. */
export interface Surroundings {
  readonly fanRpm: number;
  /** °C on top of everything. */
  readonly overheat: number;
}

const still: Surroundings = { fanRpm: 0, overheat: 0 };

/** Revolutions per minute that carry away half of the warmth. */
const halfwayRpm = 8_000;

/** Degrees Celsius inside the housing. */
const inside = 38;
/** Milliseconds in which most of a change (63 %) shows. */
const inertia = 180_000;

/** Where a radio with this load ends up, °C. Amplifiers turn several times into heat what they radiate. */
export function finalTemperature(
  { enabled, chains, power, tx, rx }: RadioLoad,
  { fanRpm, overheat }: Surroundings = still,
): number {
  if (!enabled) return inside + overheat;
  const watts = power === null ? 0 : 10 ** (power / 10) / 1000;
  const warmth = 5 + 1.5 * chains + 70 * watts * tx + 4 * rx;
  return inside + warmth / (1 + fanRpm / halfwayRpm) + overheat;
}

export class Thermometer {
  #at: number;
  #now = inside;
  #goal = inside;

  constructor(at: number) {
    this.#at = at;
  }

  /** °C at `at` ms; from then on it goes to where `load` leads. */
  read(at: number, load: RadioLoad, surroundings: Surroundings = still): number {
    this.#now = this.#goal + (this.#now - this.#goal) * Math.exp((this.#at - at) / inertia);
    this.#at = at;
    this.#goal = finalTemperature(load, surroundings);
    return this.#now;
  }
}
