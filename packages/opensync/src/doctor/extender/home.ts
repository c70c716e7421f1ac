/** Whom the extender serves: are its home access points on the same bridge as its uplink, and do their clients get addresses? */

import type { Row } from "@opensync-ts/schema/opensync";
import { doctorLimits } from "../limits.ts";
import { type Finding, failed, ok, type Recorder, warning } from "../report.ts";
import { type ExtenderCase, type ExtenderRows, isBackhaulAp, lanOf, portsOf, sameMac } from "./case.ts";

type Ap = Row<"Wifi_VIF_State">;

/** Steps `home APs` and `home clients`, as far as there are any. `link`: the uplink in use. */
export function examineHome(
  recorder: Recorder,
  it: ExtenderCase,
  extender: ExtenderRows,
  link: Row<"Connection_Manager_Uplink">,
): void {
  const aps = homeAps(extender);
  if (aps.length === 0) return;
  const tried = `the bridges of the extender's access points, and whether ${link.if_name} is a port of them`;
  recorder.add("extender", "home APs", tried, judgeBridges(extender, aps, link));
  const clients = clientsOf(extender, aps);
  if (clients.length === 0 || !lanOf(it.gateway)) return;
  const found = judgeClients(clients, it);
  recorder.add("gateway", "home clients", "DHCP_leased_IP of the clients that the extender has", found);
}

/** Up, and for people. */
function homeAps(extender: ExtenderRows): readonly Ap[] {
  return extender.Wifi_VIF_State.filter((row) => row.mode === "ap" && row.enabled === true && !isBackhaulAp(row));
}

function judgeBridges(extender: ExtenderRows, aps: readonly Ap[], link: Row<"Connection_Manager_Uplink">): Finding {
  const names = (list: readonly Ap[]) => list.map(({ if_name: name }) => name).join(", ");
  const stranded = aps.find(({ bridge }) => bridge && !leadsOn(extender, bridge, link.if_name))?.bridge;
  if (!stranded) return ok(`${names(aps)}: on a bridge that leads to ${link.if_name}`);
  const own = aps.filter(({ bridge }) => bridge === stranded);
  const ports = portsOf(extender, stranded) ?? [];
  const found = `${names(own)}: on ${stranded}, of which the uplink ${link.if_name} is no port (${ports.join(", ") || "it has none"}): their clients reach nobody`;
  if (link.bridge) {
    const fix = `the uplink is on ${link.bridge}: the cloud has to set bridge of ${names(own)} in Wifi_VIF_Config, or of ${link.if_name} in Connection_Manager_Uplink, so that both are the same`;
    return failed(found, fix);
  }
  const where = `-w if_name==${link.if_name} bridge:=${stranded}`;
  const fix = `the cloud has to write Connection_Manager_Uplink.bridge = ${stranded} of ${link.if_name}; by hand, on the extender: ovsh u Connection_Manager_Uplink ${where}`;
  return failed(found, fix);
}

/** The uplink is a port, or carries one (a VLAN or a tunnel of a guest network); or the extender itself hands out addresses there. */
function leadsOn(extender: ExtenderRows, bridge: string, uplink: string): boolean {
  const interfaces = extender.Wifi_Inet_State;
  if (interfaces.some((row) => row.if_name === bridge && row.dhcpd.size > 0)) return true;
  return (portsOf(extender, bridge) ?? []).some((port) => {
    if (port === uplink) return true;
    const row = interfaces.find(({ if_name: name }) => name === port);
    return row?.gre_ifname === uplink || row?.parent_ifname === uplink;
  });
}

/** Their addresses. */
function clientsOf(extender: ExtenderRows, aps: readonly Ap[]): readonly string[] {
  const uuids = new Set(aps.flatMap((ap) => ap.associated_clients));
  return extender.Wifi_Associated_Clients.filter(({ _uuid }) => uuids.has(_uuid)).map(({ mac }) => mac.toLowerCase());
}

function judgeClients(clients: readonly string[], { gateway, gatewayName }: ExtenderCase): Finding {
  const without = clients.filter((mac) => !gateway.DHCP_leased_IP.some(({ hwaddr }) => sameMac(hwaddr, mac)));
  if (without.length === 0) return ok(`${clients.length}, all with a lease of '${gatewayName}'`);
  const left = without.length - doctorLimits.names;
  const names = `${without.slice(0, doctorLimits.names).join(", ")}${left > 0 ? `, and ${left} more` : ""}`;
  return warning(
    `${without.length} of ${clients.length} without a lease of '${gatewayName}': ${names}`,
    "does their DHCP come through? Look at the extender's bridge and uplink, then at the LAN's DHCP server; who has just come, or has a set address, has none yet",
  );
}
