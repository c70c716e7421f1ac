/** `steering_btm_params` and its kin: what a BTM request says, by name. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { BtmSettings } from "@opensync-ts/wireless/steering/settings";

export type Tell = (column: string, value: string, reason: string) => void;

type Params = ReadonlyMap<string, string>;

export function btmSettings(column: string, params: Params, defaults: BtmSettings, tell: Tell): BtmSettings {
  const read = new ParamReader(column, params, tell);
  const settings: BtmSettings = {
    target: read.mac("bssid"),
    disassocImminent: read.flag("disassoc_imminent"),
    abridged: read.flag("abridged") ?? defaults.abridged,
    pref: read.flag("pref") ?? defaults.pref,
    includeNeighbors: read.flag("inc_neigh") ?? defaults.includeNeighbors,
    bssTermination: read.number("bss_term", 0, 65_535) ?? defaults.bssTermination,
    validInterval: read.number("valid_interval", 1, 255) ?? defaults.validInterval,
    maxRetries: read.number("btm_max_retries", 0, 8) ?? defaults.maxRetries,
    retryInterval: seconds(read.number("btm_retry_interval", 1, 10)) ?? defaults.retryInterval,
  };
  read.tellUnknown();
  return settings;
}

/** Reads values of a map by key, and names those that make no sense. */
export class ParamReader {
  readonly #column: string;
  readonly #params: Params;
  readonly #tell: Tell;
  readonly #known = new Set<string>();

  constructor(column: string, params: Params, tell: Tell) {
    this.#column = column;
    this.#params = params;
    this.#tell = tell;
  }

  text(key: string): string | null {
    this.#known.add(key);
    return this.#params.get(key) ?? null;
  }

  mac(key: string): Mac | null {
    const text = this.text(key);
    if (text === null || text === "") return null;
    const mac = parseMac(text);
    if (!mac) this.wrong(key, "not a MAC address (aa:bb:cc:dd:ee:ff); left out");
    return mac ?? null;
  }

  flag(key: string): boolean | null {
    const number = this.number(key, 0, Number.MAX_SAFE_INTEGER);
    return number === null ? null : number !== 0;
  }

  number(key: string, least: number, most: number): number | null {
    const text = this.text(key);
    if (text === null || text === "") return null;
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    this.wrong(key, `not a whole number from ${least} to ${most}; left out`);
    return null;
  }

  wrong(key: string, reason: string): void {
    this.#tell(this.#column, `${key}=${this.#params.get(key)}`, reason);
  }

  tellUnknown(): void {
    const unknown = [...this.#params.keys()].filter((key) => !this.#known.has(key));
    if (unknown.length > 0) this.#tell(this.#column, unknown.sort().join(" "), "unknown; without effect");
  }
}

function seconds(number: number | null): number | null {
  return number === null ? null : number * 1_000;
}
