/** A location's document as the page works on it: secrets are null where they are not to be seen, which leaves them as they are. */

import type { Home } from "@opensync-ts/cloud/home";

/** Where the cloud has a kind of its own for a text, here it is what was typed. */
type Typed<T> = T extends string
  ? string extends `${T}`
    ? string
    : T extends { readonly length: number; readonly [mark: symbol]: unknown }
      ? string
      : T
  : T extends readonly (infer E)[]
    ? readonly Typed<E>[]
    : T extends object
      ? {
          readonly [K in keyof T]: K extends "psk" | "password"
            ? string | null
            : K extends "mac"
              ? string
              : Typed<T[K]>;
        }
      : T;

export type Doc = Typed<Omit<Home, "simulation" | "stats">> & {
  readonly simulation?: unknown;
  readonly stats?: unknown;
};
export type Network = Doc["networks"][number];
export type Key = Network["security"]["keys"][number];
export type Policy = NonNullable<Doc["policies"]>[number];
export type Forward = NonNullable<Doc["forwards"]>[number];
export type WanWay = NonNullable<Doc["wan"]>[number];
export type Lan = NonNullable<Doc["lan"]>;
export type Reservation = NonNullable<NonNullable<Lan["dhcp"]>["reservations"]>[number];
export type RadioOpinion = Doc["radios"][number];
export type DocNode = Doc["nodes"][number];
export type Zone = NonNullable<Key["zone"]>;
export type Band = NonNullable<Network["bands"]>[number];

/** Of a network without a list of bands: all that its security is allowed on. */
export function bandsOf({ bands, security }: Network): readonly Band[] {
  return bands ?? (security.mode === "wpa2" ? ["2.4G", "5G"] : ["2.4G", "5G", "6G"]);
}
