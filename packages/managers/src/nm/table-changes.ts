/** What makes the tables show the leases and learned addresses that the network has. Pure. */

import { isDeepStrictEqual } from "node:util";
import type { Row } from "@opensync-ts/schema/opensync";
import type { LearnedMac } from "@opensync-ts/target/network";
import { type LeaseBook, neighborKey, neighborSource } from "./leases.ts";
import { ethernetDevicesTag, learningKey, learningRows, tagValuesOf } from "./mac-learning.ts";
import { type Change, rowChanges } from "./row-changes.ts";

/** Of neighbours only those that are NM's. */
export function leaseChanges(
  leased: readonly Row<"DHCP_leased_IP">[],
  neighbors: readonly Row<"IPv4_Neighbors">[],
  book: LeaseBook,
): readonly Change[] {
  const own = neighbors.filter(({ source }) => source === neighborSource);
  return [
    ...rowChanges("DHCP_leased_IP", leased, book.leased(), ({ hwaddr }) => hwaddr),
    ...rowChanges("IPv4_Neighbors", own, book.neighbors(), neighborKey),
  ];
}

/** `reporting`: interfaces with `mac_reporting`; `members`: ports of bridges. */
export function learningChanges(
  shown: {
    readonly learning: readonly Row<"OVS_MAC_Learning">[];
    readonly tags: readonly Pick<Row<"Openflow_Tag">, "_uuid" | "name" | "device_value">[];
  },
  learned: readonly LearnedMac[],
  reporting: ReadonlySet<string>,
  members: ReadonlySet<string>,
): readonly Change[] {
  const wanted = learningRows(learned, reporting);
  // A port outside every bridge learns nothing: a row about it is WANO's, which heard a client there.
  const isOthers = (row: Row<"OVS_MAC_Learning">) => !members.has(row.ifname) && !wanted.has(learningKey(row));
  const others = shown.learning.filter(isOthers);
  const own = shown.learning.filter((row) => !isOthers(row));
  const values = tagValuesOf([...wanted.values(), ...others].map(({ hwaddr = "" }) => ({ hwaddr })));
  const stale = shown.tags.filter(
    ({ name, device_value }) => name === ethernetDevicesTag && !isDeepStrictEqual([...device_value].sort(), values),
  );
  return [
    ...rowChanges("OVS_MAC_Learning", own, wanted, learningKey),
    ...stale.map(
      ({ _uuid }): Change =>
        (transaction) =>
          transaction.update("Openflow_Tag", [["_uuid", "==", _uuid]], { device_value: [...values] }),
    ),
  ];
}
