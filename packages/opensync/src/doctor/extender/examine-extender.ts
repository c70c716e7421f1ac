/** The extender's checklist: what OpenSync's documents tell to look at, in their order, and why it is as it is. Pure but for `recorder`. */

import { type Finding, failed, ok, type Recorder, skipped, warning } from "../report.ts";
import { judgeSimulation } from "../simulation.ts";
import { backhaulOf, wiresOf } from "./backhaul.ts";
import type { ClientPlace } from "./case.ts";
import { type ExtenderCase, type ExtenderRows, lanOf, sameMac } from "./case.ts";
import { examineHome } from "./home.ts";
import { examineExtenderCloud, examineLanAddress, examineLanService, examineUplink } from "./lan.ts";
import { examineWireless } from "./wireless.ts";

export function examineExtender(recorder: Recorder, it: ExtenderCase): void {
  const { extender } = it;
  const tried = extender
    ? "Connection_Manager_Uplink of the extender"
    : "clients, leases and learned addresses of the gateway";
  if (it.client) {
    recorder.add("extender", "backhaul", "the clients of the home's nodes", judgeClient(it.macs, it.client));
    recorder.add("extender", "all", "", skipped("a client has none of what the checklist looks at"));
    return;
  }
  const { kind, found } = backhaulOf(it);
  recorder.add("extender", "backhaul", tried, ok(found));
  const whole = kind === "wired" ? examineWire(recorder, it) : examineWireless(recorder, kind, it);
  examineLanService(recorder, it.gateway);
  examineSimulation(recorder, it);
  if (!extender) {
    const why = "its database is not at hand: start it, name its directory, or run this where it stands";
    recorder.add("extender", "all", "", skipped(why));
    return;
  }
  const link = examineUplink(recorder, extender);
  if (whole && link) examineLanAddress(recorder, it, extender, link);
  else recorder.add("extender", "LAN address", "", skipped("the way to the gateway is not whole"));
  if (link) examineHome(recorder, it, extender, link);
  examineExtenderCloud(recorder, extender);
}

/** A warning only: the step that names the break comes before it, once the rows show it. */
function examineSimulation(recorder: Recorder, { extender, outage }: ExtenderCase): void {
  if (!outage || (outage.wan === null && outage.cloud === null)) return;
  const id = extender?.AWLAN_Node[0]?.id ?? "EXTENDER";
  const { found, fix = "" } = judgeSimulation(outage, id, extender?.Manager[0]?.is_connected !== true);
  recorder.add("extender", "simulation", "sim status of the extender", warning(found, fix));
}

function judgeClient(macs: readonly string[], { node, ap }: ClientPlace): Finding {
  return failed(
    `${macs.join(", ")} is a client of ${ap} on '${node}', not an extender`,
    "name an extender: a node of the home, a node's directory, or the MAC address of its backhaul station. If it is an extender, it knows the home's SSID instead of the backhaul's",
  );
}

function examineWire(recorder: Recorder, { gateway, extender, macs }: ExtenderCase): boolean {
  if (!extender) {
    const tried = `OVS_MAC_Learning and DHCP_leased_IP of ${macs.join(" or ")}`;
    return recorder.add("gateway", "LAN", tried, judgeSeen(gateway, macs));
  }
  const [wire] = wiresOf(extender);
  if (wire === undefined) return false;
  return recorder.add("extender", "port", `Wifi_Master_State of ${wire}`, judgeCable(extender, wire));
}

function judgeCable(extender: ExtenderRows, name: string): Finding {
  const row = extender.Wifi_Master_State.find(({ if_name }) => if_name === name);
  if (!row)
    return failed(
      `no row of ${name} in Wifi_Master_State`,
      `is there a row of ${name} in Wifi_Inet_Config? See NM's lines in the log`,
    );
  if (row.port_state !== "active")
    return failed(`${name}: port_state ${row.port_state ?? "unset"}`, "plug the cable in, or change it");
  if (row.network_state !== "up") {
    return failed(
      `${name}: network_state ${row.network_state ?? "unset"}`,
      `set enabled and network of ${name} in Wifi_Inet_Config`,
    );
  }
  return ok(`${name} has a carrier and is up`);
}

function judgeSeen(gateway: ExtenderCase["gateway"], macs: readonly string[]): Finding {
  const learned = gateway.OVS_MAC_Learning.find(({ hwaddr }) => macs.some((mac) => sameMac(hwaddr, mac)));
  const lease = gateway.DHCP_leased_IP.find(({ hwaddr }) => macs.some((mac) => sameMac(hwaddr, mac)));
  const where = learned ? `seen on port ${learned.ifname} of ${learned.brname}` : "not seen on a port";
  if (lease) return ok(`${where}, has lease ${lease.inet_addr}${lease.hostname ? ` as '${lease.hostname}'` : ""}`);
  if (!lanOf(gateway)) return ok(`${where}; the gateway's LAN has no address of its own (bridge mode)`);
  return failed(`${where}, has no lease`, "does the extender ask for an address on its bridge?");
}
