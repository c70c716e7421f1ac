/** How an extender hangs on its gateway, by the evidence of rows; and who is no extender at all. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { Rows } from "../node-rows.ts";
import {
  type ClientPlace,
  type ExtenderCase,
  type ExtenderRows,
  isBackhaulAp,
  isInNetwork,
  lanOf,
  sameMac,
} from "./case.ts";

export type BackhaulKind = "wired" | "gre" | "wds";

export interface Backhaul {
  readonly kind: BackhaulKind;
  /** In words, with what does not speak for it. */
  readonly found: string;
}

const words: { readonly [kind in BackhaulKind]: string } = {
  wired: "a cable",
  gre: "Wi-Fi, with a GRE tunnel",
  wds: "Wi-Fi, with four addresses (WDS)",
};

export function backhaulOf(it: ExtenderCase): Backhaul {
  return it.extender ? seenByExtender(it.extender) : seenByGateway(it);
}

function seenByGateway({ gateway, macs }: ExtenderCase): Backhaul {
  const isKnown = (mac: string) => macs.some((own) => sameMac(mac, own));
  if (gateway.Wifi_Associated_Clients.some(({ mac }) => isKnown(mac))) {
    const isWds = gateway.Wifi_VIF_State.some((row) => isBackhaulAp(row) && row.multi_ap === "backhaul_bss");
    return plain(isWds ? "wds" : "gre");
  }
  const lan = lanOf(gateway);
  const onLan = ({ hwaddr, inet_addr }: Row<"DHCP_leased_IP">) =>
    isKnown(hwaddr) && lan !== null && isInNetwork(inet_addr, lan.address, lan.netmask);
  if (gateway.OVS_MAC_Learning.some(({ hwaddr }) => isKnown(hwaddr)) || gateway.DHCP_leased_IP.some(onLan)) {
    return plain("wired");
  }
  return { kind: "gre", found: `the gateway does not see it on a cable: taken for ${words.gre}` };
}

function seenByExtender(extender: ExtenderRows): Backhaul {
  const uplinks = extender.Connection_Manager_Uplink;
  const stations = extender.Wifi_VIF_State.filter(({ mode }) => mode === "sta");
  const wireless = stations.some(({ multi_ap: kind }) => kind === "backhaul_sta") ? "wds" : "gre";
  const used = uplinks.find((row) => row.is_used === true);
  if (used) return plain(isWire(used) ? "wired" : wireless);
  if (stations.some(({ parent }) => parent)) return plain(wireless);
  if (uplinks.some((row) => isWire(row) && row.has_L2 === true)) return plain("wired");
  const [wire] = wiresOf(extender);
  if (wire === undefined) return plain(wireless);
  const isMeantForWifi = extender.Wifi_VIF_Config.some((row) => row.mode === "sta" && row.enabled !== false);
  if (isMeantForWifi) return { kind: wireless, found: `${words[wireless]}; ${wire} has no cable, either` };
  return { kind: "wired", found: `a cable (${wire}), as no station is configured; no uplink is in use` };
}

function plain(kind: BackhaulKind): Backhaul {
  return { kind, found: words[kind] };
}

function isWire({ if_type: type }: Pick<Row<"Connection_Manager_Uplink">, "if_type">): boolean {
  return type === "eth" || type === "vlan" || type === "pppoe";
}

/** Names of the extender's wired uplinks, the likeliest first; where CM has none, of its ports. */
export function wiresOf(extender: ExtenderRows): readonly string[] {
  const rank = (row: Row<"Connection_Manager_Uplink">) => (row.is_used === true ? 0 : row.has_L2 === true ? 1 : 2);
  const uplinks = extender.Connection_Manager_Uplink.filter(isWire).toSorted((a, b) => rank(a) - rank(b));
  if (uplinks.length > 0) return uplinks.map(({ if_name: name }) => name);
  return extender.Wifi_Master_State.filter(({ if_type: type }) => type === "eth").map(({ if_name: name }) => name);
}

export const clientTables = ["Wifi_Associated_Clients", "Wifi_VIF_State"] as const;

/** Undefined where the node called `node` has no such client, or has it on its backhaul. */
export function clientPlace(
  node: string,
  rows: Rows<(typeof clientTables)[number]>,
  mac: string,
): ClientPlace | undefined {
  const uuids = rows.Wifi_Associated_Clients.filter((row) => sameMac(row.mac, mac)).map(({ _uuid }) => _uuid);
  const aps = rows.Wifi_VIF_State.filter(({ associated_clients: list }) => uuids.some((uuid) => list.includes(uuid)));
  if (aps.some((row) => isBackhaulAp(row))) return undefined;
  const [ap] = aps;
  return ap && { node, ap: ap.if_name };
}
