/** Port forwards (`IP_Port_Forward`), as rows of the gateway: one for each protocol and interface that leads to the Internet. Pure. */

import type { Home } from "./home.ts";
import { protocolsOf } from "./model/forwards.ts";
import { type DesiredRow, rowId } from "./rows.ts";

/** `uplinks`: names of the interfaces that the gateway translates addresses on. */
export function forwardRows(
  forwards: NonNullable<Home["forwards"]>,
  uplinks: readonly string[],
): readonly DesiredRow[] {
  return forwards.flatMap((forward, index) => {
    if (!forward.enabled) return [];
    const { port, to, toPort = port, loopback } = forward;
    return uplinks.flatMap((uplink) =>
      protocolsOf(forward).map((protocol) => {
        const key = { protocol, src_ifname: uplink, src_port: port };
        return {
          id: rowId("IP_Port_Forward", key),
          table: "IP_Port_Forward" as const,
          key,
          columns: { dst_ipaddr: to, dst_port: toPort, nat_loopback: loopback },
          entries: {},
          references: null,
          initial: {},
          stated: `forwards[${index}]`,
        };
      }),
    );
  });
}
