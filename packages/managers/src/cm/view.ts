/** What CM reads of the database, and the questions it asks of it. */

import type { Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import type { Station } from "./backhaul.ts";
import type { CheckedUplink } from "./checker.ts";
import type { UsedLink } from "./machine.ts";
import type { OfflineView } from "./recovery.ts";
import { isCandidate, isDead, isWifi } from "./uplinks.ts";

export const cmTables = {
  AWLAN_Node: { columns: ["redirector_addr", "manager_addr", "min_backoff", "max_backoff"] },
  Manager: { columns: ["target", "is_connected"] },
  SSL: { columns: ["private_key"] },
  Connection_Manager_Uplink: {},
  Wifi_Master_State: { columns: ["if_name", "port_state"] },
  Wifi_Inet_State: { columns: ["if_name", "inet_addr", "netmask"] },
  Wifi_Inet_Config: {
    columns: [
      "if_name",
      "if_type",
      "enabled",
      "network",
      "NAT",
      "ip_assign_scheme",
      "dhcp_renew",
      "inet_addr",
      "netmask",
      "gateway",
      "broadcast",
      "dns",
      "dhcpd",
      "mtu",
      "gre_ifname",
      "gre_local_inet_addr",
      "gre_remote_inet_addr",
    ],
  },
  Wifi_VIF_Config: { columns: ["if_name", "mode", "multi_ap"] },
  Wifi_VIF_State: { columns: ["if_name", "mode", "multi_ap", "parent"] },
  Wifi_Radio_State: { columns: ["freq_band", "vif_states"] },
  Bridge: { columns: ["name", "ports"] },
  Port: { columns: ["name"] },
  Node_Config: { columns: ["module", "key", "value"] },
  Node_State: { columns: ["module", "key", "value"] },
  Tunnel_Interface: { columns: ["if_name", "enable", "dev_if_name"] },
  IP_Interface: { columns: ["if_name", "ipv6_addr"] },
  IPv6_Address: { columns: ["address", "enable", "origin", "address_status"] },
  Uplink_Events: {},
} as const;

export type CmTable = keyof typeof cmTables;
export type CmView = Replica<OpenSync, CmTable>;
export type UplinkRow = Row<"Connection_Manager_Uplink">;

export function rowsOf<T extends CmTable>(view: CmView, table: T): readonly Row<T>[] {
  // Only columns that are in `cmTables` are read.
  return [...(view.table(table).rows.values() as Iterable<unknown> as Iterable<Row<T>>)];
}

export function firstOf<T extends CmTable>(view: CmView, table: T): Row<T> | undefined {
  return view.table(table).rows.values().next().value as Row<T> | undefined;
}

export function uplinkRow(view: CmView, ifName: string): UplinkRow | undefined {
  return view.table("Connection_Manager_Uplink").find((row) => row.if_name === ifName);
}

export function usedRow(view: CmView): UplinkRow | undefined {
  return view.table("Connection_Manager_Uplink").find((row) => row.is_used === true && row.has_L2 === true);
}

/** Where the uplink's address is: an uplink in a bridge has it on the bridge. */
export function deviceOf(uplink: Pick<UplinkRow, "if_name" | "bridge">): string {
  return uplink.bridge || uplink.if_name;
}

export function usedLink(view: CmView): UsedLink | null {
  const row = usedRow(view);
  if (!row) return null;
  return {
    ifName: row.if_name,
    kind: isWifi(row.if_type) ? "wifi" : "wired",
    bridge: row.bridge || null,
    tunnel: hasTunnel(view, row.if_name),
    hasIpv4: row.ipv4 !== "blocked" && hasIpv4(view, row),
    hasIpv6: row.ipv6 !== "blocked" && hasIpv6(view, row),
  };
}

/** Whether the node could go on over another uplink. */
export function otherUsable(view: CmView, ifName: string | null): boolean {
  return rowsOf(view, "Connection_Manager_Uplink").some(
    (row) => row.if_name !== ifName && isCandidate(row) && !isDead(row),
  );
}

export function checkedUplink(view: CmView, ifName: string): CheckedUplink | undefined {
  const row = uplinkRow(view, ifName);
  if (!row) return undefined;
  const ipv6 = hasIpv6(view, row) && row.ipv6 !== "blocked";
  // Without an address of either family it is IPv4 that is asked, and fails.
  const ipv4 = !ipv6 || (hasIpv4(view, row) && row.ipv4 !== "blocked");
  return {
    device: deviceOf(row),
    tunnel: row.if_type === "gre",
    hasL2: row.has_L2 === true,
    skipRouter: row.if_type === "lte",
    families: [...(ipv4 ? (["ipv4"] as const) : []), ...(ipv6 ? (["ipv6"] as const) : [])],
  };
}

export function hasTunnel(view: CmView, ifName: string): boolean {
  return view.table("Tunnel_Interface").find((row) => row.enable && row.dev_if_name === ifName) !== undefined;
}

export function offlineView(view: CmView): OfflineView {
  const state = (key: string) =>
    view.table("Node_State").find((row) => row.module === "PM" && row.key === key)?.value ?? "";
  const asked = view.table("Node_Config").find((row) => row.module === "PM" && row.key === "gw_offline");
  return {
    enabled: state("gw_offline_cfg") === "true",
    status: state("gw_offline_status"),
    asked: asked?.value === "true",
    garbled: asked !== undefined && asked.value !== "true" && asked.value !== "false",
  };
}

/** Stations of this device: by what is configured, else by what there is. */
export function stations(view: CmView): readonly Station[] {
  const states = new Map(rowsOf(view, "Wifi_VIF_State").map((row) => [row.if_name, row]));
  const configs = new Map(rowsOf(view, "Wifi_VIF_Config").map((row) => [row.if_name, row]));
  const names = new Set([...configs.keys(), ...states.keys()]);
  return [...names].flatMap((ifName) => {
    const [config, state] = [configs.get(ifName), states.get(ifName)];
    if ((config?.mode ?? state?.mode) !== "sta") return [];
    const inet = view.table("Wifi_Inet_State").find((row) => row.if_name === ifName);
    const address = inet?.inet_addr ?? null;
    return [
      {
        ifName,
        wds: (config?.multi_ap ?? state?.multi_ap) === "backhaul_sta",
        // Before it has a row of Wifi_Inet_Config, nobody says more of it than that it has a parent.
        up: portState(view, ifName) === null ? !!state?.parent : portIsActive(view, ifName),
        address: address === "0.0.0.0" ? null : address,
        netmask: inet?.netmask ?? null,
      },
    ];
  });
}

/** Tunnels to parents that NM shows to be there. */
export function tunnelsUp(view: CmView): ReadonlySet<string> {
  const shown = rowsOf(view, "Wifi_Inet_State").map((row) => row.if_name);
  return new Set(shown.filter((name) => name.startsWith("g-") && portIsActive(view, name)));
}

/** The bands of uplinks over Wi-Fi, by the name of the station and of its tunnel. */
export function wifiBands(view: CmView): ReadonlyMap<string, Row<"Wifi_Radio_State">["freq_band"]> {
  const vifs = view.table("Wifi_VIF_State").rows;
  return new Map(
    rowsOf(view, "Wifi_Radio_State").flatMap((radio) =>
      radio.vif_states.flatMap((uuid) => {
        const name = vifs.get(uuid)?.if_name;
        if (name === undefined) return [];
        return [
          [name, radio.freq_band],
          [`g-${name}`, radio.freq_band],
        ] as const;
      }),
    ),
  );
}

function portIsActive(view: CmView, ifName: string): boolean {
  return portState(view, ifName) === "active";
}

function portState(view: CmView, ifName: string): Row<"Wifi_Master_State">["port_state"] {
  return view.table("Wifi_Master_State").find((row) => row.if_name === ifName)?.port_state ?? null;
}

function hasIpv4(view: CmView, row: UplinkRow): boolean {
  const names = [row.if_name, deviceOf(row)];
  return rowsOf(view, "Wifi_Inet_State").some(
    (inet) => names.includes(inet.if_name) && inet.inet_addr !== null && inet.inet_addr !== "0.0.0.0",
  );
}

/** An address from outside: the link-local one leads nowhere. */
function hasIpv6(view: CmView, row: UplinkRow): boolean {
  const names = [row.if_name, deviceOf(row)];
  const addresses = view.table("IPv6_Address").rows;
  return rowsOf(view, "IP_Interface")
    .filter((ip) => ip.if_name !== null && names.includes(ip.if_name))
    .flatMap((ip) => ip.ipv6_addr)
    .map((uuid) => addresses.get(uuid))
    .some(
      (address) =>
        address?.enable === true &&
        (address.origin === "auto_configured" || address.origin === "dhcp") &&
        address.address_status !== "deprecated" &&
        address.address_status !== "invalid" &&
        !/^fe[89ab]/i.test(address.address),
    );
}
