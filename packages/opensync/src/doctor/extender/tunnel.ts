/** The way of a leaf with GRE, from its lease to the bridge: the cloud names the tunnel after the lease. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok, type Recorder, skipped, warning } from "../report.ts";
import {
  addressOf,
  type ExtenderCase,
  type ExtenderRows,
  type GatewayRows,
  lanBridge,
  portsOf,
  sameMac,
  tunnelName,
} from "./case.ts";
import { judgeDhcpServer } from "./dhcp-server.ts";

/** Steps from `backhaul DHCP` to `tunnel end`. Whether the way is whole. `station`: the extender's, where it is known. */
export function examineTunnel(
  recorder: Recorder,
  it: ExtenderCase,
  ap: Row<"Wifi_VIF_State">,
  station: string | null,
): boolean {
  const { gateway, extender, macs } = it;
  const add = (part: string, name: string, tried: string, finding: Finding) => recorder.add(part, name, tried, finding);
  add(
    "gateway",
    "backhaul DHCP",
    `Wifi_Inet_Config and Wifi_Inet_State of ${ap.if_name}`,
    judgeBackhaulNetwork(gateway, ap.if_name),
  );
  const lease = leaseOf(gateway, macs);
  const leased = judgeLease(lease, macs, extender && station !== null ? addressOf(extender, station) : null);
  if (!add("gateway", "lease", `DHCP_leased_IP of ${macs.join(" or ")}`, leased) || !lease) {
    recorder.add("gateway", "tunnel", "", skipped("the extender has no lease, and the tunnel is named after it"));
    return false;
  }
  const name = tunnelName(lease.inet_addr);
  const tunnel = tunnelOf(gateway, lease.inet_addr);
  const row = judgeTunnel(gateway, ap.if_name, lease.inet_addr);
  if (
    !add("gateway", "tunnel", `Wifi_Inet_Config and Wifi_Inet_State of ${name}, remote ${lease.inet_addr}`, row) ||
    !tunnel
  ) {
    recorder.add("gateway", "tunnel port", "", skipped("there is no tunnel"));
    return false;
  }
  const lan = lanBridge(gateway);
  const inBridge = add(
    "gateway",
    "tunnel port",
    `Bridge ${lan} and its Port rows`,
    judgePort(gateway, lan, tunnel.if_name, "cloud"),
  );
  if (!extender || station === null) return inBridge;
  const local = addressOf(gateway, ap.if_name);
  const tried = `Wifi_Inet_State of g-${station}, towards ${local ?? "the gateway"}`;
  const hasEnd = add("extender", "tunnel end", tried, judgeTunnelEnd(extender, station, lease.inet_addr, local));
  return inBridge && hasEnd;
}

/** A lease of the backhaul; on the LAN the extender may have another. */
function leaseOf(gateway: GatewayRows, macs: readonly string[]): Row<"DHCP_leased_IP"> | undefined {
  const own = gateway.DHCP_leased_IP.filter(({ hwaddr }) => macs.some((mac) => sameMac(hwaddr, mac)));
  return own.find(({ inet_addr: address }) => address.startsWith("169.254.")) ?? own[0];
}

function judgeBackhaulNetwork(gateway: GatewayRows, ap: string): Finding {
  const config = gateway.Wifi_Inet_Config.find((row) => row.if_name === ap);
  if (!config)
    return failed(`no row of ${ap} in Wifi_Inet_Config`, "the cloud has to give it an address and a DHCP server");
  if (config.ip_assign_scheme !== "static" || !config.inet_addr) {
    return failed(
      `${ap} has no static address (ip_assign_scheme ${config.ip_assign_scheme})`,
      "the cloud has to give it one of 169.254.0.0/16",
    );
  }
  if (config.dhcpd.size === 0)
    return failed(`${ap} has no DHCP server (dhcpd is empty)`, "the cloud has to fill dhcpd (start, stop, lease_time)");
  const address = addressOf(gateway, ap);
  if (address !== config.inet_addr) {
    return failed(
      `${ap} has ${address ?? "no address"} instead of ${config.inet_addr}`,
      "see NM's lines in the gateway's log",
    );
  }
  return judgeDhcpServer(
    config,
    gateway.Wifi_Inet_State.find((row) => row.if_name === ap),
  );
}

function judgeLease(
  lease: Row<"DHCP_leased_IP"> | undefined,
  macs: readonly string[],
  address: string | null,
): Finding {
  if (!lease) {
    return failed(
      `no lease of ${macs.join(" or ")}`,
      "does the extender ask (udhcpc on its station)? Does dnsmasq run on the gateway?",
    );
  }
  if (!lease.inet_addr.startsWith("169.254.")) {
    return failed(
      `${lease.inet_addr} is no backhaul address (169.254.0.0/16)`,
      "set the network of the backhaul AP right: CM builds no tunnel on others",
    );
  }
  if (address !== null && address !== lease.inet_addr) {
    return failed(
      `${lease.inet_addr}, but the extender's station has ${address}`,
      "an old lease: have the extender ask anew (dhcp_renew)",
    );
  }
  return ok(`${lease.inet_addr} for ${lease.hwaddr}`);
}

/** The tunnel to this address; else the one that bears its name. */
function tunnelOf(gateway: GatewayRows, lease: string): Row<"Wifi_Inet_Config"> | undefined {
  const tunnels = gateway.Wifi_Inet_Config.filter(({ if_type: type }) => type === "gre");
  return (
    tunnels.find((row) => row.gre_remote_inet_addr === lease) ?? tunnels.find((row) => isNamed(row.if_name, lease))
  );
}

/** Some clouds write `pgd3_5`. */
function isNamed(name: string, lease: string): boolean {
  return name.replace("_", "-") === tunnelName(lease);
}

function judgeTunnel(gateway: GatewayRows, ap: string, lease: string): Finding {
  const config = tunnelOf(gateway, lease);
  const expected = tunnelName(lease);
  if (!config) {
    return failed(
      `no row ${expected} in Wifi_Inet_Config`,
      `the cloud has to insert it: if_type gre, gre_ifname ${ap}, gre_remote_inet_addr ${lease}`,
    );
  }
  const { if_name: name, gre_remote_inet_addr: remote, gre_ifname: below, gre_local_inet_addr: local } = config;
  const fix = (column: string, value: string) => `the cloud has to set ${column} of ${name} to ${value}`;
  if (remote !== lease)
    return failed(`${name} leads to ${remote ?? "nowhere"} instead of ${lease}`, fix("gre_remote_inet_addr", lease));
  if (below !== ap)
    return failed(`${name} runs over ${below ?? "no interface"} instead of ${ap}`, fix("gre_ifname", ap));
  const address = addressOf(gateway, ap);
  if (local && address !== null && local !== address) {
    return failed(`${name} begins at ${local}, but ${ap} has ${address}`, fix("gre_local_inet_addr", address));
  }
  if (!config.enabled || !config.network) return failed(`${name} is switched off`, fix("enabled and network", "true"));
  const state = gateway.Wifi_Inet_State.find((row) => row.if_name === name);
  if (!state?.enabled)
    return failed(`${name} is configured, but not up (Wifi_Inet_State)`, "see NM's lines in the gateway's log");
  if (!isNamed(name, lease))
    return warning(
      `${name} leads to ${lease}, though its name should be ${expected}`,
      "an old row? Names follow leases",
    );
  return ok(`${name}: ${local ?? address ?? "?"} to ${lease} over ${ap}`);
}

/** Whether an interface of the gateway is where its bridge needs it. */
export function judgePort(
  rows: Pick<GatewayRows, "Bridge" | "Port">,
  bridge: string,
  port: string,
  whose: string,
): Finding {
  const ports = portsOf(rows, bridge);
  if (!ports) return failed(`there is no bridge ${bridge}`, "see NM's lines in the log");
  if (ports.includes(port)) return ok(`${port} is a port of ${bridge}`);
  const found = `${port} is no port of ${bridge} (${ports.join(", ") || "it has none"})`;
  return failed(
    found,
    `the ${whose} has to insert Port and Interface ${port}, and refer to it in Bridge.ports, in one transaction`,
  );
}

function judgeTunnelEnd(extender: ExtenderRows, station: string, own: string, gateway: string | null): Finding {
  const name = `g-${station}`;
  const config = extender.Wifi_Inet_Config.find((row) => row.if_name === name);
  const state = extender.Wifi_Inet_State.find((row) => row.if_name === name);
  const log = "see CM's and NM's lines in the extender's log";
  if (!config) return failed(`no row ${name} in Wifi_Inet_Config: CM has built no tunnel`, log);
  const { gre_remote_inet_addr: remote, gre_local_inet_addr: local } = config;
  if (gateway !== null && remote !== gateway) {
    const fix = "CM dials the first address of the leased network: give the gateway's AP that one";
    return failed(`${name} leads to ${remote ?? "nowhere"} instead of ${gateway}`, fix);
  }
  if (local !== null && local !== own) return failed(`${name} begins at ${local} instead of ${own}`, log);
  if (!state?.enabled) return failed(`${name} is configured, but not up (Wifi_Inet_State)`, log);
  return ok(`${name}: ${local ?? own} to ${remote ?? "?"}`);
}
