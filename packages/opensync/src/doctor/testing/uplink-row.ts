/** For tests: a row of `Connection_Manager_Uplink`. */

import type { Row } from "@opensync-ts/schema/opensync";

type Uplink = Row<"Connection_Manager_Uplink">;

/** Of an uplink in use that reaches all, but for `change`. */
export function uplink(change: Partial<Uplink>): Uplink {
  const name = change.if_name ?? "eth0";
  return {
    _uuid: name as Uplink["_uuid"],
    _version: name as Uplink["_version"],
    if_name: name,
    if_type: "eth",
    priority: 21,
    loop: null,
    has_L2: true,
    has_L3: true,
    bridge: null,
    is_used: true,
    ntp_state: true,
    unreachable_link_counter: 0,
    unreachable_router_counter: 0,
    unreachable_internet_counter: -1,
    unreachable_cloud_counter: 0,
    eth_client: null,
    ipv4: "active",
    ipv6: null,
    unblock_ts: null,
    ...change,
  };
}
