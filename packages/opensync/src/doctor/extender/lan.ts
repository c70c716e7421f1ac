/** What every extender needs, whatever it hangs on: a link that CM uses, an address of the gateway's LAN, the cloud. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok, type Recorder, skipped, warning } from "../report.ts";
import { judgeUplink } from "../uplink.ts";
import {
  addressOf,
  type ExtenderCase,
  type ExtenderRows,
  type GatewayRows,
  isInNetwork,
  lanBridge,
  lanOf,
  portsOf,
  sameMac,
} from "./case.ts";
import { judgeDhcpServer } from "./dhcp-server.ts";

/** Step `LAN DHCP`: who gives addresses to whatever hangs on the gateway. */
export function examineLanService(recorder: Recorder, gateway: GatewayRows): void {
  const bridge = lanBridge(gateway);
  recorder.add(
    "gateway",
    "LAN DHCP",
    `Wifi_Inet_Config and Wifi_Inet_State of ${bridge}`,
    judgeService(gateway, bridge),
  );
}

function judgeService(gateway: GatewayRows, bridge: string): Finding {
  const config = gateway.Wifi_Inet_Config.find((row) => row.if_name === bridge);
  if (!config) return failed(`no row of ${bridge} in Wifi_Inet_Config`, "the cloud has to configure the LAN");
  const address = addressOf(gateway, bridge);
  if (config.ip_assign_scheme !== "static" || !config.inet_addr) {
    return ok(`${bridge} has ${address ?? "no address"}, and hands out none (bridge mode): the router above does`);
  }
  if (address !== config.inet_addr) {
    return failed(
      `${bridge} has ${address ?? "no address"} instead of ${config.inet_addr}`,
      "see NM's lines in the gateway's log",
    );
  }
  if (config.dhcpd.size === 0) {
    return warning(
      `${address}, and hands out no addresses (dhcpd is empty)`,
      "the cloud has to fill dhcpd, unless another server does it",
    );
  }
  return judgeDhcpServer(
    config,
    gateway.Wifi_Inet_State.find((row) => row.if_name === bridge),
  );
}

/** Step `uplink`; gives the row that CM uses. */
export function examineUplink(
  recorder: Recorder,
  extender: ExtenderRows,
): Row<"Connection_Manager_Uplink"> | undefined {
  const used = extender.Connection_Manager_Uplink.find((row) => row.is_used === true);
  recorder.add(
    "extender",
    "uplink",
    "Connection_Manager_Uplink: has_L2, has_L3, is_used",
    judgeUplink(extender.Connection_Manager_Uplink, false),
  );
  if (used?.bridge) {
    const tried = `Bridge ${used.bridge} and its Port rows`;
    recorder.add("extender", "uplink port", tried, judgePort(extender, used.bridge, used.if_name));
  }
  return used;
}

function judgePort(extender: ExtenderRows, bridge: string, name: string): Finding {
  const ports = portsOf(extender, bridge);
  if (ports?.includes(name)) return ok(`${name} is a port of ${bridge}`);
  const found = ports
    ? `${name} is no port of ${bridge} (${ports.join(", ") || "it has none"})`
    : `there is no bridge ${bridge}`;
  return failed(found, "see CM's lines in the extender's log: it puts its uplink there");
}

/** Steps `LAN address` and `LAN lease`. `link`: the uplink's row, whose bridge holds the address where there is one. */
export function examineLanAddress(
  recorder: Recorder,
  it: ExtenderCase,
  extender: ExtenderRows,
  link: Row<"Connection_Manager_Uplink">,
): boolean {
  const { gateway } = it;
  const names = link.bridge ? [link.bridge, link.if_name] : [link.if_name];
  const holder = names.find((name) => addressOf(extender, name) !== null) ?? names[0] ?? link.if_name;
  const address = addressOf(extender, holder);
  const lan = lanOf(gateway);
  const tried = `Wifi_Inet_State of ${holder} on the extender${lan ? `, in ${lan.address}/${lan.netmask} of the gateway` : ""}`;
  if (address === null) {
    const fix = "does the gateway's DHCP server see its request? tcpdump -i on tunnel and LAN bridge (port 67)";
    return recorder.add("extender", "LAN address", tried, failed(`${holder} has no address`, fix));
  }
  if (!lan) {
    recorder.add("extender", "LAN address", tried, ok(`${holder} has ${address}`));
    const why = "the gateway's LAN bridge has no address of its own (bridge mode): addresses come from elsewhere";
    recorder.add("gateway", "LAN lease", "", skipped(why));
    return true;
  }
  if (!isInNetwork(address, lan.address, lan.netmask)) {
    const found = `${holder} has ${address}, which is not of the gateway's LAN ${lan.address}/${lan.netmask}`;
    const fix = "the extender hangs on another network: check cables and the bridge of its uplink, or have it ask anew";
    return recorder.add("extender", "LAN address", tried, failed(found, fix));
  }
  recorder.add("extender", "LAN address", tried, ok(`${holder} has ${address}`));
  const mac = extender.Wifi_Inet_State.find((row) => row.if_name === holder)?.hwaddr.toLowerCase() ?? "";
  const lease = gateway.DHCP_leased_IP.find(({ hwaddr, inet_addr }) => sameMac(hwaddr, mac) || inet_addr === address);
  return recorder.add("gateway", "LAN lease", `DHCP_leased_IP of ${mac}, ${address}`, judgeLease(lease, mac, address));
}

function judgeLease(lease: Row<"DHCP_leased_IP"> | undefined, mac: string, address: string): Finding {
  if (!lease) {
    return warning(
      `no lease of ${mac}`,
      "an address set by hand, another DHCP server on the LAN, or NM does not sniff leases: look for the other server",
    );
  }
  if (!sameMac(lease.hwaddr, mac))
    return failed(
      `${address} is leased to ${lease.hwaddr}`,
      "two devices with one address: have the extender ask anew",
    );
  if (lease.inet_addr !== address)
    return warning(`${lease.inet_addr}, but the extender has ${address}`, "an old lease: have the extender ask anew");
  return ok(`${lease.inet_addr} for ${lease.hwaddr}`);
}

/** Step `cloud`. */
export function examineExtenderCloud(recorder: Recorder, extender: ExtenderRows): void {
  const [manager] = extender.Manager;
  const [node] = extender.AWLAN_Node;
  const target = manager?.target || "no target";
  const error = manager?.status.get("last_error");
  const about = error === undefined ? "" : `: ${error}`;
  const finding = manager?.is_connected
    ? ok(`connected to ${target}`)
    : failed(`not connected (${target}${about})`, `opensync doctor --node ${node?.id ?? "EXTENDER"} says why`);
  recorder.add("extender", "cloud", "Manager.is_connected of the extender", finding);
}
