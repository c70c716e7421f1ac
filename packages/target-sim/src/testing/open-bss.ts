/** For tests: an open access point on channel 6, and clients that join it. */

import { mac } from "@opensync-ts/base/units";
import type { Bss } from "@opensync-ts/world/access-point";
import type { ClientSpec } from "@opensync-ts/world/spec";
import type { TrafficKind, TrafficSpec } from "@opensync-ts/world/traffic";

export function openBss(site: string): Bss {
  return {
    bssid: mac("02:00:00:00:10:01"),
    site,
    name: "home-ap-24",
    ssid: "open",
    hidden: false,
    channel: { band: "2.4G", control: 2437, segments: [2437] },
    power: 23,
    generation: "ax",
    streams: 2,
    security: { akms: [], pairwise: [], pmf: "disabled" },
    keys: [],
    acl: { policy: "none", macs: [] },
  };
}

export function someClients(count: number, traffic: TrafficKind | TrafficSpec, distance = 3): ClientSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `client ${index}`,
    mac: `02:00:00:00:20:${index.toString(16).padStart(2, "0")}`,
    place: { x: distance, y: index % 5 },
    networks: [{ ssid: "open" }],
    traffic,
  }));
}
