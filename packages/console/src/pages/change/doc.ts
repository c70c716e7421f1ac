/** A location's document as the page works on it, and its parts. */

import type { ShownDocument } from "@opensync-ts/cloud/model/shown-document";

export type Doc = ShownDocument;
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
