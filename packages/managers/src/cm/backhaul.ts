/**
 * How a leaf gets its uplink over Wi-Fi: from a station that is associated to an uplink row, by rows alone. Pure: what there is
 * in, the rows to write out; asked again after every change.
 *
 * A station gets an address by DHCP (169.254/16, from the parent's onboarding network); over it goes a GRE tunnel `g-VIF` to
 * the parent (the first address of the network), which is the uplink and becomes a port of the LAN bridge. With four-address
 * frames (`multi_ap` `backhaul_sta`) there is no tunnel: the station itself is the uplink.
 */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import { cmLimits } from "./limits.ts";

/** MTU of a tunnel (CM2_MTU_ON_GRE). */
const greMtu = 1500;

export interface Station {
  readonly ifName: string;
  /** Four-address frames. */
  readonly wds: boolean;
  /** `Wifi_Master_State.port_state` is active. */
  readonly up: boolean;
  /** `Wifi_Inet_State`, dotted; null: none. */
  readonly address: string | null;
  readonly netmask: string | null;
}

type InetConfig = Pick<
  Row<"Wifi_Inet_Config">,
  | "if_name"
  | "if_type"
  | "enabled"
  | "network"
  | "ip_assign_scheme"
  | "mtu"
  | "gre_ifname"
  | "gre_local_inet_addr"
  | "gre_remote_inet_addr"
>;
type UplinkRow = Pick<Row<"Connection_Manager_Uplink">, "if_name" | "if_type" | "has_L2" | "has_L3" | "bridge">;

export interface BackhaulView {
  readonly stations: readonly Station[];
  readonly inetConfigs: readonly InetConfig[];
  readonly uplinks: readonly UplinkRow[];
  /** Tunnels that stand, by name: NM shows them. */
  readonly tunnelsUp: ReadonlySet<string>;
  readonly lanBridge: string;
}

export interface BackhaulPlan {
  /** Columns of rows that are there, or whole new rows (`insert`), by `if_name`. */
  readonly inet: readonly { readonly insert: boolean; readonly row: Write<"Wifi_Inet_Config"> & { if_name: string } }[];
  readonly uplinks: readonly {
    readonly insert: boolean;
    readonly row: Write<"Connection_Manager_Uplink"> & { if_name: string };
  }[];
  readonly deletedInet: readonly string[];
  readonly deletedUplinks: readonly string[];
  readonly complaints: readonly string[];
}

export function tunnelName(station: string): string {
  return `g-${station}`;
}

export function planBackhaul(view: BackhaulView): BackhaulPlan {
  const wantedInet = new Map<string, Write<"Wifi_Inet_Config">>();
  const wantedUplinks = new Map<string, Write<"Connection_Manager_Uplink">>();
  const complaints: string[] = [];
  const keptTunnels = new Set<string>();
  for (const station of view.stations) {
    if (!station.up) continue;
    const { ifName, wds } = station;
    wantedInet.set(ifName, {
      if_type: "vif",
      enabled: true,
      network: true,
      // In a bridge the address is the bridge's.
      ip_assign_scheme: wds ? "none" : "dhcp",
    });
    if (wds) {
      wantedUplinks.set(ifName, uplink("vif"));
      continue;
    }
    const ends = tunnelEnds(station);
    if (ends === null) continue;
    const name = tunnelName(ifName);
    if (typeof ends === "string" || name.length > cmLimits.interfaceNameLength) {
      complaints.push(
        typeof ends === "string"
          ? ends
          : `${name}: no tunnel: longer than ${cmLimits.interfaceNameLength} characters; give the station a shorter name`,
      );
      continue;
    }
    keptTunnels.add(name);
    wantedInet.set(name, {
      if_type: "gre",
      enabled: true,
      network: true,
      ip_assign_scheme: "none",
      mtu: greMtu,
      gre_ifname: ifName,
      gre_local_inet_addr: ends.local,
      gre_remote_inet_addr: ends.remote,
    });
    if (view.tunnelsUp.has(name)) wantedUplinks.set(name, uplink("gre"));
  }
  return {
    inet: changes(view.inetConfigs, wantedInet) as BackhaulPlan["inet"],
    uplinks: changes(
      view.uplinks,
      new Map(
        [...wantedUplinks].map(([name, row]) => {
          const known = view.uplinks.find((each) => each.if_name === name);
          // The cloud may have put it elsewhere.
          return [name, known && known.bridge !== null ? row : { ...row, bridge: view.lanBridge }];
        }),
      ),
    ) as BackhaulPlan["uplinks"],
    deletedInet: view.inetConfigs
      .filter((row) => row.if_type === "gre" && isOwnTunnel(row) && !keptTunnels.has(row.if_name))
      .map((row) => row.if_name),
    deletedUplinks: view.uplinks
      // Wi-Fi uplinks are nobody else's rows; other tunnels are.
      .filter((row) => row.if_type === "vif" || (row.if_type === "gre" && row.if_name.startsWith("g-")))
      .filter((row) => !wantedUplinks.has(row.if_name))
      .map((row) => row.if_name),
    complaints,
  };
}

/** A tunnel that a leaf has made towards its parent, not one that a cloud wants (`pgd…`). */
function isOwnTunnel({ if_name: name, gre_ifname: underlay }: InetConfig): boolean {
  return underlay !== null && name === tunnelName(underlay);
}

function uplink(type: "gre" | "vif"): Write<"Connection_Manager_Uplink"> {
  return { if_type: type, has_L2: true, has_L3: true };
}

/** null: no address yet; a text: why there is no tunnel. */
function tunnelEnds(station: Station): { readonly local: string; readonly remote: string } | string | null {
  const { ifName, address, netmask } = station;
  if (address === null) return null;
  const local = ipv4Number(address);
  const mask = ipv4Number(netmask ?? "");
  if (local === null || mask === null) return `${ifName}: no tunnel: ${address} with netmask ${netmask} is no address`;
  if (local >>> 16 !== 0xa9fe) {
    return `${ifName}: no tunnel: ${address} is not in 169.254.0.0/16; is it an access point for backhaul?`;
  }
  return { local: address, remote: ipv4Text(((local & mask) | 1) >>> 0) };
}

function ipv4Number(text: string): number | null {
  const bytes = text.split(".");
  if (bytes.length !== 4 || !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255)) return null;
  return bytes.reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0);
}

function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** Rows to insert, and of those there are the columns that differ. */
function changes(
  rows: readonly { readonly if_name: string }[],
  wanted: ReadonlyMap<string, object>,
): readonly { readonly insert: boolean; readonly row: object & { if_name: string } }[] {
  return [...wanted].flatMap(([name, columns]): { insert: boolean; row: object & { if_name: string } }[] => {
    const row = rows.find((each) => each.if_name === name) as { readonly [column: string]: unknown } | undefined;
    if (!row) return [{ insert: true, row: { if_name: name, ...columns } }];
    const differing = Object.entries(columns).filter(([column, value]) => row[column] !== value);
    return differing.length === 0 ? [] : [{ insert: false, row: { if_name: name, ...Object.fromEntries(differing) } }];
  });
}
