/** An extender on Wi-Fi: access point, credentials, association, lease, tunnel, bridge; with GRE or with four addresses (WDS). */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed, ok, type Recorder, skipped, warning } from "../report.ts";
import { type ExtenderCase, type ExtenderRows, type GatewayRows, isBackhaulAp, lanBridge, sameMac } from "./case.ts";
import { obstacleOf } from "./station.ts";
import { examineTunnel, judgePort } from "./tunnel.ts";

type Ap = Row<"Wifi_VIF_State">;

/** Whether the way is whole up to the extender's tunnel or bridge. */
export function examineWireless(recorder: Recorder, kind: "gre" | "wds", given: ExtenderCase): boolean {
  const { gateway, extender } = given;
  const station = extender && stationOf(extender);
  // It may have stations on several bands: from here on it is about one of them.
  const it = station?.mac ? { ...given, macs: [station.mac.toLowerCase()] } : given;
  const add = (part: string, name: string, tried: string, finding: Finding) => recorder.add(part, name, tried, finding);
  const expected = "Wifi_VIF_Config and Wifi_VIF_State of bhaul-ap*: the same, and up";
  const areWell = add("gateway", "backhaul AP", expected, judgeAccessPoints(gateway));
  const hasAp = areWell || gateway.Wifi_VIF_State.some((row) => isBackhaulAp(row) && row.enabled === true);
  if (extender) {
    const tried = "Wifi_VIF_State of the backhaul station, its credentials, and the gateway's SSIDs and keys";
    for (const finding of judgeStations(it, extender)) add("extender", "station", tried, finding);
  }
  if (!hasAp) {
    recorder.add("gateway", "association", "", skipped("the gateway has no backhaul AP up"));
    return false;
  }
  const ap = accessPointOf(it, station?.parent ?? null);
  if (
    !add(
      "gateway",
      "association",
      "Wifi_Associated_Clients, and Wifi_VIF_State.associated_clients",
      judgeAssociation(it, ap),
    )
  ) {
    recorder.add("gateway", "lease, tunnel", "", skipped("the extender is not associated"));
    return false;
  }
  if (!ap) return false;
  const client = clientsOf(it).find(({ _uuid }) => ap.associated_clients.includes(_uuid));
  const onAp = client ? { ...it, macs: [client.mac.toLowerCase()] } : it;
  return kind === "wds"
    ? examineFourAddresses(recorder, it, ap)
    : examineTunnel(recorder, onAp, ap, station?.if_name ?? null);
}

function clientsOf({ gateway, macs }: ExtenderCase): readonly Row<"Wifi_Associated_Clients">[] {
  return gateway.Wifi_Associated_Clients.filter(({ mac }) => macs.some((own) => sameMac(mac, own)));
}

function judgeAccessPoints({ Wifi_VIF_Config: configs, Wifi_VIF_State: states }: GatewayRows): Finding {
  const wanted = configs.filter((row) => isBackhaulAp(row) && row.enabled !== false);
  if (wanted.length === 0) {
    return failed(
      "no backhaul AP is configured",
      "the cloud has to write bhaul-ap-* into Wifi_VIF_Config, and refer to it in Wifi_Radio_Config.vif_configs",
    );
  }
  for (const config of wanted) {
    const { if_name: name } = config;
    const state = states.find((row) => row.if_name === name);
    if (!state) {
      return failed(
        `${name} is configured, and has no row in Wifi_VIF_State`,
        `see why: opensync explain confsync (is ${name} in vif_configs of a radio?)`,
      );
    }
    if (state.enabled !== true)
      return failed(`${name} is not up`, "see why: opensync explain confsync (radio off, DFS?)");
    const differs = (["ssid", "mode", "multi_ap"] as const).find(
      (column) => config[column] !== null && config[column] !== state[column],
    );
    if (differs) {
      const found = `${name}: ${differs} is '${config[differs]}' in Wifi_VIF_Config and '${state[differs]}' in Wifi_VIF_State`;
      return failed(found, "see why: opensync explain confsync");
    }
  }
  return ok(`up: ${wanted.map(({ if_name, ssid }) => `${if_name} ('${ssid}')`).join(", ")}`);
}

/** The station that the uplink in use goes over, else one that has a parent, else the first. */
function stationOf(extender: ExtenderRows): Ap | undefined {
  const stations = extender.Wifi_VIF_State.filter(({ mode }) => mode === "sta");
  const used = extender.Connection_Manager_Uplink.find(({ is_used }) => is_used === true)?.if_name;
  const isUsed = ({ if_name: name, parent }: Ap) => parent !== null && (used === name || used === `g-${name}`);
  return stations.find(isUsed) ?? stations.find(({ parent }) => parent) ?? stations[0];
}

/** One finding where a station is on a network, and further ones of stations that cannot be; else one of each station, what is certain first. */
function judgeStations({ gateway, gatewayName }: ExtenderCase, extender: ExtenderRows): readonly Finding[] {
  const station = stationOf(extender);
  if (!station) {
    const fix = "is there a row bhaul-sta-* in Wifi_VIF_Config, and a radio that is on?";
    return [failed("there is no station in Wifi_VIF_State", fix)];
  }
  const apart = extender.Wifi_VIF_State.filter((row) => row.mode === "sta" && !row.parent);
  const obstacles = apart.map((row) => obstacleOf(gateway, extender, row));
  const certain = obstacles.filter(({ isCertain }) => isCertain).map(({ finding }) => finding);
  if (!station.parent) {
    return [...certain, ...obstacles.filter(({ isCertain }) => !isCertain).map(({ finding }) => finding)];
  }
  const others = certain.map(({ found, fix = "" }) => warning(found, fix));
  const parent = gateway.Wifi_VIF_State.find((row) => sameMac(row.mac, station.parent?.toLowerCase() ?? ""));
  if (parent) return [ok(`${station.if_name} is on ${parent.if_name} (${station.parent})`), ...others];
  const found = `${station.if_name} is on ${station.parent}, which is no access point of '${gatewayName}'`;
  return [warning(found, "it hangs on another node: examine that one, with --node")];
}

/** The access point that the extender is on: by the parent it names, else by the clients that the gateway shows. */
function accessPointOf(it: ExtenderCase, parent: string | null): Ap | undefined {
  const aps = it.gateway.Wifi_VIF_State.filter((row) => isBackhaulAp(row));
  const clients = clientsOf(it);
  const refers = aps.find(({ associated_clients: list }) => clients.some(({ _uuid }) => list.includes(_uuid)));
  return refers ?? aps.find(({ mac }) => parent !== null && sameMac(mac, parent.toLowerCase()));
}

function judgeAssociation(it: ExtenderCase, ap: Ap | undefined): Finding {
  const { gateway, macs } = it;
  const clients = clientsOf(it);
  const client = clients.find(({ _uuid }) => ap?.associated_clients.includes(_uuid)) ?? clients[0];
  if (!client) {
    const found = `no row of ${macs.join(" or ")} among ${gateway.Wifi_Associated_Clients.length} clients`;
    return failed(
      found,
      "is the extender on, near enough, and does it know SSID and key? Nodes report associations with a delay",
    );
  }
  if (!ap?.associated_clients.includes(client._uuid)) {
    const found = `${client.mac} is a client, but no backhaul AP refers to it in associated_clients`;
    return failed(found, "it is on a home SSID, not on the backhaul; or OWM has not caught up: look again");
  }
  return ok(`${client.mac} is on ${ap.if_name}${client.state === null ? "" : ` (${client.state})`}`);
}

function examineFourAddresses(recorder: Recorder, { gateway }: ExtenderCase, ap: Ap): boolean {
  const why = "four addresses (WDS): the station itself is the link, and needs neither";
  recorder.add("gateway", "lease, tunnel", "", skipped(why));
  const lan = lanBridge(gateway);
  return recorder.add(
    "gateway",
    "AP's port",
    `Bridge ${lan} and its Port rows`,
    judgePort(gateway, lan, ap.if_name, "cloud"),
  );
}
