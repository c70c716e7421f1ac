/** What `dhcpd` of an interface of the gateway comes to: the range as NM judges it, and whether the state shows it. Pure. */

import { parseIpv4, parseNetmask, type Subnet } from "@opensync-ts/managers/nm/addresses";
import { parseDhcpServer } from "@opensync-ts/managers/nm/dhcp-server";
import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok } from "../report.ts";

/** `config.dhcpd` is not empty. `state`: the row of the same interface, whose address is there. */
export function judgeDhcpServer(config: Row<"Wifi_Inet_Config">, state: Row<"Wifi_Inet_State"> | undefined): Finding {
  const { if_name: name, dhcpd } = config;
  const range = rangeText(dhcpd);
  const subnet = subnetOf(state) ?? subnetOf(config);
  const { server, problems } = parseDhcpServer(dhcpd, subnet);
  if (!server) {
    const why = problems[0]?.replace(/^dhcpd: /, "").replace(/: no DHCP server$/, "") ?? "start and stop are missing";
    const network = subnet ? ` (${config.inet_addr}, netmask ${state?.netmask ?? config.netmask})` : "";
    return failed(
      `${name} hands out nothing, its range is impossible: ${why}${network}`,
      `the cloud has to set start and stop in dhcpd of ${name} in Wifi_Inet_Config right`,
    );
  }
  const log = "see NM's lines in the gateway's log";
  if (!state || state.dhcpd.size === 0) {
    return failed(`${name} is to hand out ${range}, but hands out nothing (dhcpd in Wifi_Inet_State is empty)`, log);
  }
  const shown = rangeText(state.dhcpd);
  if (shown !== range) return failed(`${name} is to hand out ${range}, but hands out ${shown} (Wifi_Inet_State)`, log);
  return ok(`${state.inet_addr}, hands out ${range}`);
}

function rangeText(dhcpd: ReadonlyMap<string, string>): string {
  return `${dhcpd.get("start") ?? "?"} to ${dhcpd.get("stop") ?? "?"}`;
}

function subnetOf(
  row: Pick<Row<"Wifi_Inet_Config">, "inet_addr" | "netmask"> | Row<"Wifi_Inet_State"> | undefined,
): Subnet | null {
  const [address, netmask] = [parseIpv4(row?.inet_addr ?? ""), parseNetmask(row?.netmask ?? "")];
  return address === undefined || netmask === undefined ? null : { address, netmask };
}
