/** A location's document as answers have it: secrets are null where they are not to be seen, which leaves them as they are in a draft. */

import type { Home } from "../home.ts";

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

export type ShownDocument = Typed<Omit<Home, "simulation" | "stats">> & {
  readonly simulation?: unknown;
  readonly stats?: unknown;
};
