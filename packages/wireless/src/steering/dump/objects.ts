/** What steering works on, with the labels that deployed devices have: neighbours, access points, clients, groups, BSSs and stations. */

import type { Mac } from "@opensync-ts/base/units";
import type { VifState } from "@opensync-ts/target/radio";
import type { GroupBsses } from "../bss-list.ts";
import { neighborBss, type SteeringNeighbor } from "../bss-table.ts";
import type { Explanation } from "../explanation.ts";
import type { Bss, StationSnapshot } from "../model.ts";
import type { ClientSettings, KickSettings, Ladder } from "../settings.ts";
import type { SteeringState } from "../state.ts";
import { field, fields, presence, type Tree, type Value } from "./lines.ts";

export interface DumpedGroup {
  readonly id: string;
  readonly vifs: readonly string[];
  readonly bsses: GroupBsses;
}

export interface DumpedStation {
  readonly snapshot: StationSnapshot;
  readonly settings: ClientSettings;
  readonly state: SteeringState;
  readonly explanation: Explanation;
}

export interface DumpedSteering {
  readonly groups: readonly DumpedGroup[];
  readonly neighbors: readonly SteeringNeighbor[];
  readonly clients: readonly ClientSettings[];
  readonly stations: readonly DumpedStation[];
  readonly vifs: ReadonlyMap<string, VifState>;
}

export function neighborTrees({ neighbors, groups }: DumpedSteering): readonly Tree[] {
  return neighbors.map((neighbor): Tree => {
    const { bssid, vif, channel, center, opClass } = neighbor;
    const known = groups.some(({ bsses }) => bsses.members.includes(bssid));
    const control = neighborBss(neighbor)?.control;
    return [
      "neighbors:",
      ...fields({ bssid, vif_name: vif, channel_number: channel, center_freq0_chan: center, op_class: opClass }),
      ...fields({ channel: control === undefined ? null : `${control}MHz`, vif, bss: known ? bssid : null }),
    ];
  });
}

export function vifTrees({ groups, vifs }: DumpedSteering): readonly Tree[] {
  return groups.flatMap(({ id, vifs: names, bsses }) =>
    names.map((name): Tree => {
      const bss = bsses.bsses.find(({ vif }) => vif === name);
      const known = vifs.get(name)?.type === "ap";
      return ["vif:", ...fields({ vif_name: name, vif_info: presence(known), bss: bss?.bssid, group: id })];
    }),
  );
}

export function clientTrees({ clients, stations }: DumpedSteering): readonly Tree[] {
  return clients.map((client): Tree => {
    const { steering, sticky, client: forced, clientSteering } = client;
    const own = stations.filter(({ snapshot }) => snapshot.station === client.mac);
    return [
      "client:",
      ...fields({ addr: client.mac, lwm: client.lwm, hwm: client.hwm, bottom_lwm: client.bottomLwm }),
      ...fields({ pref_5g: client.pref5g === "never" ? null : client.pref5g, kick_type: kickType(steering) }),
      ...fields({ pre_assoc_auth_block: client.authBlock, kick_upon_idle: client.kickUponIdle }),
      ...fields({ send_rrm_after_assoc: client.beaconRequests, backoff_secs: client.backoff / 1_000 }),
      ...fields({ backoff_exp_base: client.backoffBase, max_rejects: client.maxRejects }),
      ...fields({ rejects_tmout_secs: client.rejectsTimeout / 1_000 }),
      ...fields({ force_kick: client.forceKick === "none" ? null : client.forceKick, sc_kick_type: kickType(forced) }),
      ...fields({ sticky_kick_type: kickType(sticky) }),
      ...fields({ neighbor_list_filter_by_beacon_report: client.filterByBeaconReport, cs_mode: clientSteering.mode }),
      ["sc_btm_params:", field("bssid", forced.btm.target)],
      ...fields({ pref_5g_pre_assoc_block_timeout_msecs: client.blockTimeout }),
      ["steering_btm_params:", field("bssid", steering.btm.target)],
      ["sticky_btm_params:", field("bssid", sticky.btm.target)],
      [
        "cs_params:",
        ...fields({
          band: bandTexts[clientSteering.band ?? "any"],
          enforce_period_secs: clientSteering.period / 1_000,
        }),
      ],
      ["sta_tree:", ...own.map((): Tree => ["sta:", field("addr", client.mac)])],
    ];
  });
}

export function groupTrees({ groups, stations }: DumpedSteering): readonly Tree[] {
  return groups.map(({ id, vifs, bsses }): Tree => {
    const own = stations.filter(({ snapshot }) => snapshot.group === id);
    return [
      "group:",
      field("id", id),
      ["vif_tree:", ...vifs.map((name): Tree => ["vif:", field("vif_name", name)])],
      ["sta_tree:", ...own.map(({ snapshot }): Tree => ["sta:", field("addr", snapshot.station)])],
      ["bss_tree:", ...bsses.members.map((bssid): Tree => ["bss:", field("bssid", bssid)])],
    ];
  });
}

export function bssTrees({ groups }: DumpedSteering): readonly Tree[] {
  return groups.flatMap(({ id, bsses }) =>
    membersOf(bsses).map(({ bssid, vif }): Tree => {
      const neighbor = vif === null ? bssid : null;
      return ["bss:", ...fields({ bssid, neighbor, vif, bss_entry: presence(true), group: id })];
    }),
  );
}

export function stationTrees({ stations }: DumpedSteering): readonly Tree[] {
  return stations.map(({ snapshot, settings, state }): Tree => {
    const { policies } = state;
    const leaving = snapshot.bsses.some((bss) => bss.leaving && snapshot.members.includes(bss.bssid));
    const set: Readonly<Record<string, boolean>> = {
      steer_sta: true,
      bss_filter_policy: snapshot.members.length > 0,
      chan_cap_policy: true,
      disarm_policy: snapshot.disarmed || snapshot.backhaul,
      defer_vif_down_deny_policy: leaving,
      defer_vif_down_allow_policy: leaving,
      pre_assoc_2g_policy: policies.preAssoc.plan !== null,
      bottom_lwm_2g_xing_policy: settings.bottomLwm !== null,
      lwm_xing_policy: settings.lwm !== null,
      hwm_2g_policy: settings.hwm !== null,
      force_kick_policy: policies.forceKick.phase !== "idle",
    };
    return [
      "sta:",
      field("addr", snapshot.station),
      ...Object.entries(set).map(([label, is]) => field(label, presence(is))),
      ["client:", field("bssid", snapshot.station)],
      ["group:", field("id", snapshot.group)],
    ];
  });
}

/** Every BSS that is known, with what the driver or the row says of it. */
export function bssMapTrees({ groups, vifs }: DumpedSteering): readonly Tree[] {
  const all = new Map<Mac, Bss>(groups.flatMap(({ bsses }) => bsses.bsses.map((bss) => [bss.bssid, bss] as const)));
  return [...all.values()].map((bss): Tree => {
    const vif = bss.vif === null ? undefined : vifs.get(bss.vif);
    const ap = vif?.type === "ap" ? vif.ap : undefined;
    const values: Readonly<Record<string, Value>> = {
      ssid: ap?.ssid,
      channel: `${bss.control}MHz`,
      op_class: bss.opClass,
      ft_mobility_domain: ap && ap.ftMobilityDomain !== 0 ? `0x${ap.ftMobilityDomain.toString(16)}` : null,
    };
    return ["bss:", field("bssid", bss.bssid), ...fields(values)];
  });
}

export function membersOf({ bsses, members }: GroupBsses): readonly Bss[] {
  return bsses.filter(({ bssid }) => members.includes(bssid));
}

/** The kick type that the rungs are of; none: unset. */
function kickType({ ladder }: KickSettings): string | null {
  return ladder === null ? null : textOf(ladder);
}

function textOf({ btm, beaconRequest, deauth }: Ladder): string | null {
  if (beaconRequest) return "rrm-deauth";
  if (btm) return deauth ? "btm-deauth" : "bss-tm-req";
  return deauth ? "deauth" : null;
}

const bandTexts = {
  any: null,
  "2.4G": "2.4ghz",
  "5G": "5ghz",
  "5GL": "5ghz lower",
  "5GU": "5ghz upper",
  "6G": "6ghz",
} as const;
