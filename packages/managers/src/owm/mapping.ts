/**
 * The form of the mapping tables (`radio-mapping.ts`, `ap-mapping.ts`, `sta-mapping.ts`). One row says which columns of a
 * configuration row ask for which attributes of the radio model, and which columns of the state row show them. What the
 * rows say is what happens: configuration and state are composed from them, `docs/confsync.md` is written from them.
 */

import type { ApMode, ApRates, ApState, PhyState, StaNetwork, StaVifState, Wpa } from "@opensync-ts/target/radio";
import { apAttributeLabel, apAttributeNames, apModeLabels } from "@opensync-ts/wireless/ap-attributes";
import { phyAttributeNames, phyAttributes } from "@opensync-ts/wireless/phy-attributes";

/** By its place in the radio model. */
export type Attribute =
  | `phy.${keyof PhyState}`
  | `vif.${"name" | "type" | "mac" | "enabled" | "txPower" | "stations"}`
  | `ap.${Exclude<keyof ApState, "mode" | "rates">}`
  | `ap.mode.${keyof ApMode}`
  | `ap.rates.${keyof ApRates}`
  | `ap.wpa.${keyof Wpa}`
  | `link.${keyof StaVifState["link"]}`
  | `sta.mld`
  | `network.${keyof StaNetwork}`;

export interface MappingRow<Config, State, Asking, Asked, Facts> {
  readonly config: readonly (keyof Config & string)[];
  /** None: the column is not of the radio model, the note says whose it is. */
  readonly attributes: readonly Attribute[];
  readonly state: readonly (keyof State & string)[];
  /** Values, units, exceptions; for `docs/confsync.md`. */
  readonly note: string;
  /** What the columns ask for; nothing where they are unset. */
  apply?(row: Config, asking: Asking): Asked;
  /** The state columns, from what drivers report. */
  report?(facts: Facts): Partial<State>;
}

/**
 * Makes rows of one table. A row's functions see and give the columns that it names and no others, so that it cannot say
 * one thing and do another.
 */
export function rowsOf<Config, State, Asking, Asked, Facts>() {
  return <const C extends keyof Config & string = never, const S extends keyof State & string = never>(row: {
    readonly config?: readonly C[];
    readonly attributes?: readonly Attribute[];
    readonly state?: readonly S[];
    readonly note?: string;
    apply?(row: Pick<Config, NoInfer<C>>, asking: Asking): Asked;
    report?(facts: Facts): Pick<State, NoInfer<S>>;
  }): MappingRow<Config, State, Asking, Asked, Facts> => {
    const { config = [], attributes = [], state = [], note = "", ...functions } = row;
    // Some columns of `State` are a `Partial<State>`, which the compiler does not see while `State` is open.
    return { config, attributes, state, note, ...functions } as unknown as MappingRow<
      Config,
      State,
      Asking,
      Asked,
      Facts
    >;
  };
}

/** Columns of a table that have no row, each with the reason. */
export type LeftOut<Row> = { readonly [Column in keyof Row]?: string };

/** The name in logs and dumps: `ap.ssidHidden` is `ssid_hidden`. */
export function attributeLabel(attribute: Attribute): string {
  const [owner = "", name = "", member] = attribute.split(".");
  if (owner === "ap") {
    const known = apAttributeNames.find((each) => each === name);
    const label = known ? apAttributeLabel(known) : snakeCase(name);
    if (member === undefined) return label;
    return `${label}.${name === "mode" ? apModeLabels[member as keyof ApMode] : snakeCase(member)}`;
  }
  if (owner === "phy") {
    const known = phyAttributeNames.find((each) => each === name);
    return `phy.${known ? phyAttributes[known].label : snakeCase(name)}`;
  }
  return `${owner}.${name === "txPower" ? "tx_power_dbm" : snakeCase(name)}`;
}

/** An object with this member, or without any where the value is unset. */
export function given<K extends string, V>(name: K, value: V | null): { readonly [Name in K]?: V } {
  return (value === null ? {} : { [name]: value }) as { readonly [Name in K]?: V };
}

/** The value that all have; `null` when there are none or they differ. */
export function common<T>(values: readonly T[], same: (a: T, b: T) => boolean = Object.is): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => same(value, first)) ? first : null;
}

/** For columns whose bound is 1: what is not positive is unset. */
export function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
