/** Ways to the Internet (`WAN_Config`), as rows of the gateway. Pure. */

import type { WanWay } from "./model/wan.ts";
import { type DesiredRow, rowId } from "./rows.ts";

/** The highest is tried first; rows of one priority belong together: what is asked for beside a VLAN is tried on it. */
const firstPriority = 100;

export function wanRows(ways: readonly WanWay[]): readonly DesiredRow[] {
  return ways.flatMap((way, index) => {
    const priority = firstPriority - index;
    const stated = `wan[${index}]`;
    return [
      ...(way.vlan === undefined ? [] : [wanRow("vlan", priority, { vlan_id: String(way.vlan) }, stated)]),
      wanRow(way.type === "static" ? "static_ipv4" : way.type, priority, settingsOf(way), stated),
    ];
  });
}

function settingsOf(way: WanWay): Record<string, string> {
  switch (way.type) {
    case "dhcp":
      return {};
    case "pppoe":
      return { username: way.username, password: way.password };
    case "static": {
      const { address: ip, netmask: subnet, gateway, dns } = way;
      const second = dns.secondary === undefined ? {} : { secondary_dns: dns.secondary };
      return { ip, subnet, gateway, primary_dns: dns.primary, ...second };
    }
  }
}

/** `os_persist`: the gateway needs it to reach the cloud again after a reboot. */
function wanRow(type: string, priority: number, settings: Record<string, string>, stated: string): DesiredRow {
  const key = { type, priority };
  return {
    id: rowId("WAN_Config", key),
    table: "WAN_Config",
    key,
    columns: { enable: true, os_persist: true, other_config: new Map(Object.entries(settings)) },
    entries: {},
    references: null,
    initial: {},
    stated,
  };
}
