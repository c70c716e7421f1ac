/** Snapshots for tests: a home of a gateway, an extender by cable and one on Wi-Fi. */

import { type Mac, mac } from "@opensync-ts/base/units";
import type { Snapshot, SnapshotBss, SnapshotClient, SnapshotNode } from "../optimiser/snapshot.ts";

export const tv = mac("02:00:00:00:00:01");
export const start = 1_800_000_000_000;

/** `gw 5G`: the access point of a node on a band. */
export type Place = `${"gw" | "ext" | "leaf"} ${"2.4G" | "5G" | "6G"}`;

const nodeNumber = { gw: 1, ext: 2, leaf: 3 } as const;
const bandNumber = { "2.4G": 1, "5G": 2, "6G": 3 } as const;

function split(place: Place) {
  const [node, band] = place.split(" ") as ["gw" | "ext" | "leaf", "2.4G" | "5G" | "6G"];
  return { node, band };
}

export function bssid(place: Place): Mac {
  const { node, band } = split(place);
  return mac(`0a:00:00:00:0${nodeNumber[node]}:0${bandNumber[band]}`);
}

export function bss(place: Place, more: Partial<SnapshotBss> = {}): SnapshotBss {
  const { node, band } = split(place);
  const channels = { "2.4G": [1, 6, 11], "5G": [36, 149, 100], "6G": [37, 69, 101] }[band];
  return {
    ...{ bssid: bssid(place), node, network: "home", band, channel: channels[nodeNumber[node] - 1] ?? 1 },
    ...{ ifName: `home-ap-${{ "2.4G": 24, "5G": 50, "6G": 60 }[band]}`, width: band === "2.4G" ? 20 : 80 },
    ...({ generation: "ax", streams: 2, busyPercent: 20 } as const),
    ...more,
  };
}

export interface ClientOptions extends Partial<SnapshotClient> {
  readonly on?: Place | null;
  /** dB at the access points that have heard it on a link. */
  readonly hears?: Partial<Record<Place, number>>;
}

/** A television that nobody watches, connected for an hour to the gateway's 2.4 GHz. */
export function client({ on = "gw 2.4G", hears = {}, ...more }: ClientOptions = {}, at = start): SnapshotClient {
  const heard = Object.entries(hears).map(([place, snrDb]) => ({
    ...{ bssid: bssid(place as Place), snrDb, at: at - 60_000 },
    by: "link" as const,
  }));
  return {
    ...{ mac: tv, bssid: on && bssid(on), since: at - 3_600_000, at: at - 10_000, snrDb: 30, linkMbps: null },
    ...({
      mbps: 0,
      typicalMbps: 15,
      idle: true,
      wantsMbps: 30,
      class: "tv",
      eligible: "static",
      mobility: "static",
    } as const),
    allowed: [],
    ability: { bands: ["2.4G", "5G"], generation: "ac", streams: 2, maxWidth: 80, btm: true },
    heard,
    ...more,
  };
}

export const leafUplink: NonNullable<SnapshotNode["uplink"]> = {
  ...({ parent: "gw", band: "5G", channel: 100, width: 80 } as const),
  ...{ linkMbps: 400, busyPercent: 20 },
};

export interface SnapshotOptions {
  readonly at?: number;
  readonly clients?: readonly SnapshotClient[];
  readonly bsses?: Partial<Record<Place, Partial<SnapshotBss>>>;
  readonly nodes?: Partial<Record<"gw" | "ext" | "leaf", Partial<SnapshotNode>>>;
}

const places = ["gw 2.4G", "gw 5G", "ext 2.4G", "ext 5G", "leaf 2.4G", "leaf 5G"] as const;

export function snapshot({ at = start, clients, bsses = {}, nodes = {} }: SnapshotOptions = {}): Snapshot {
  const node = (id: "gw" | "ext" | "leaf") => ({
    ...{ id, claimed: true, uplink: id === "leaf" ? leafUplink : null },
    ...nodes[id],
  });
  return {
    at,
    nodes: [node("gw"), node("ext"), node("leaf")],
    bsses: places.map((place) => bss(place, bsses[place])),
    clients: [...(clients ?? [client({}, at)])],
  };
}
