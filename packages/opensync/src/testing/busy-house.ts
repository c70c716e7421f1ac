/** For tests: who lives in a house with three radios, and who is on the air around it. */

import type { SecurityTerms } from "@opensync-ts/world/security";
import type { ClientSpec, InterfererSpec, WorldSpec } from "@opensync-ts/world/spec";
import type { TrafficSpec } from "@opensync-ts/world/traffic";

/** Of the network "home". */
export const psk = "correct horse";
export const wpa2: SecurityTerms = { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" };

const busy: TrafficSpec = { down: 12, up: 2, burst: 5, silence: 0 };
const heavy: TrafficSpec = { down: 300, up: 8, burst: 60, silence: 0 };

const client = (last: number, more: Partial<ClientSpec>): ClientSpec => ({
  name: `client ${last}`,
  mac: `0a:00:00:00:00:${String(last).padStart(2, "0")}`,
  place: { x: 2 + (last % 5), y: 2 },
  networks: [{ ssid: "home", psk }],
  bands: ["2.4G", "5G", "6G"],
  ...more,
});

/** The one of each radio is always busy, and stays. */
const stays: readonly ClientSpec[] = [
  client(1, { bands: ["2.4G"], traffic: busy }),
  client(2, { bands: ["5G"], traffic: heavy }),
  client(3, { bands: ["6G"], traffic: busy }),
];
/** Those who are moved about and sent away. */
export const movers: readonly ClientSpec[] = (["video", "web", "bulk", "call", "idle", "video"] as const).map(
  (traffic, n) => client(10 + n, { traffic, ...(n % 3 > 0 && { bands: n % 3 === 1 ? ["2.4G"] : ["2.4G", "5G"] }) }),
);
const walker = client(20, {
  traffic: "video",
  walk: {
    waypoints: [
      { at: 0, place: { x: 1, y: 1 } },
      { at: 40, place: { x: 110, y: 1 } },
      { at: 60, place: { x: 110, y: 1 } },
      { at: 100, place: { x: 1, y: 1 } },
    ],
    repeat: true,
  },
});
const strangers = (["2.4G", "5G", "6G"] as const).map((band, n) =>
  client(30 + n, { bands: [band], networks: [{ ssid: "home", psk: "a wrong key" }] }),
);
/** Comes and goes. */
export const guest = client(40, { traffic: "web" });

const interferers: readonly InterfererSpec[] = (
  [
    ["2.4G", [2437]],
    ["2.4G", [2412]],
    ["2.4G", [2462]],
    ["5G", [5180]],
    ["5G", [5745]],
    ["5G", [5785]],
    ["6G", [6135]],
    ["6G", [5975]],
    ["6G", [6215]],
  ] as const
).map(([band, segments], n) => ({
  name: `neighbour ${n}`,
  ...{ band, segments },
  bssid: `0b:00:00:00:00:0${n}`,
  ssid: `neighbour ${n}`,
  place: { x: 8, y: 4 },
  power: 20,
  airtime: 0.05,
  security: band === "6G" ? { akms: ["sae"], pairwise: ["ccmp"], pmf: "required" } : wpa2,
}));

export const house: WorldSpec = { clients: [...stays, ...movers, walker, ...strangers, guest], interferers };
