/** What the tables say of interfaces that latency is told of. */

import type { ReplicaTable } from "@opensync-ts/ovsdb/client";
import type { Row } from "@opensync-ts/schema/opensync";
import type { Interfaces } from "./latency-report.ts";

export function interfacesOf(
  inets: Pick<ReplicaTable<Row<"Wifi_Inet_Config">>, "find">,
  vifs: Pick<ReplicaTable<Row<"Wifi_VIF_State">>, "find">,
): Interfaces {
  return {
    mldOf: (ifName) => vifs.find((row) => row.if_name === ifName)?.mld_if_name || undefined,
    roleOf: (ifName) => inets.find((row) => row.if_name === ifName)?.role || undefined,
  };
}
