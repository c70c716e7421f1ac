/** One moment of a location, as the optimiser looks at it: what is known, brought into bounds, whatever nodes have said. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Home, HomeNode } from "../../home.ts";
import { bandOf, type FrequencyBand } from "../../radio-bands.ts";
import type { Evidence } from "../evidence.ts";
import { generations } from "../generations.ts";
import * as limits from "../limits.ts";
import type { Observations } from "../observations.ts";
import type { Snapshot, SnapshotBss, SnapshotClient, SnapshotNode } from "../optimiser/snapshot.ts";
import { type Profiles, profileNamed } from "../profiles.ts";
import type { KnownClient } from "./known-client.ts";
import type { KnownClients } from "./known-clients.ts";
import type { NodeAir } from "./node-air.ts";
import type { NodeRecords } from "./node-records.ts";
import type { Presence } from "./presence.ts";
import { allowedBands, type Wish } from "./wishes.ts";

export interface SnapshotInput {
  readonly home: Home;
  readonly nodes: NodeRecords;
  readonly clients: KnownClients;
  readonly observations: Observations;
  readonly presence: Presence;
  readonly wishes: ReadonlyMap<Mac, Wish>;
  readonly profiles: Profiles;
  /** ms since 1970. */
  readonly now: number;
}

/** Nodes that are not connected are not in it: nobody could be asked there, or be seen. */
export function snapshotOf(input: SnapshotInput): Snapshot {
  const { home, nodes, clients, now } = input;
  const connected = nodes.connected();
  const present = home.nodes.filter(({ id }) => connected.has(id)).slice(0, limits.nodes);
  const stations = nodes.stations();
  const bsses = present.flatMap(({ id }) => bssesOf(id, input)).slice(0, limits.bsses);
  const known = new Set(bsses.map(({ bssid }) => bssid));
  return {
    at: now,
    nodes: present.map((node) => ({ id: node.id, claimed: true, uplink: uplinkOf(node, connected, input) })),
    bsses,
    clients: [...clients]
      .filter(({ mac }) => !stations.has(mac))
      .flatMap((client) => clientOf(client, known, input) ?? [])
      .sort((a, b) => (a.mac < b.mac ? -1 : 1))
      .slice(0, limits.clients),
  };
}

function bssesOf(node: string, { nodes, now }: SnapshotInput): SnapshotBss[] {
  const record = nodes.get(node);
  return (record?.air?.accessPoints ?? []).map((ap) => {
    const { bssid, ifName, network, channel, generation, streams } = ap;
    return {
      ...{ bssid, node, ifName, network, channel, generation },
      ...{ band: bandOf(ap.band), width: widthOf(ap.width), streams: clamp(streams, 1, 16) },
      busyPercent: busyOf(record?.busy, ap.band, now),
    };
  });
}

function busyOf(
  busy: ReadonlyMap<FrequencyBand, { readonly percent: number; readonly at: number }> | undefined,
  band: FrequencyBand,
  now: number,
): number | null {
  const found = busy?.get(band) ?? [...(busy ?? [])].find(([each]) => bandOf(each) === bandOf(band))?.[1];
  return found && now - found.at <= limits.busyLifeMs ? clamp(found.percent, 0, 100) : null;
}

/** A way of which not all is known is none: nobody is sent along it, and nobody away from it. */
const unknownWay = { parent: "?", band: "5G", channel: 36, width: 20, linkMbps: 0, busyPercent: null } as const;

function uplinkOf(
  node: HomeNode,
  connected: ReadonlyMap<string, NodeAir>,
  { nodes, now }: SnapshotInput,
): SnapshotNode["uplink"] {
  if (node.role === "gateway" || node.uplink === "ethernet") return null;
  const own = connected.get(node.id);
  const stations = new Set([...(own?.stations.map(({ mac }) => mac) ?? []), ...(node.stations ?? [])]);
  const parents = new Set(own?.stations.flatMap(({ parent }) => parent ?? []));
  for (const [id, air] of connected) {
    if (id === node.id) continue;
    for (const { bssid, radio, stations: joined } of air.backhaul) {
      const station = joined.find((mac) => stations.has(mac));
      if (station === undefined && !(bssid !== null && parents.has(bssid))) continue;
      const record = nodes.get(id);
      const rates = [...(record?.links ?? [])].filter(([mac]) => stations.has(mac));
      const rate = rates.sort(([, a], [, b]) => b.at - a.at)[0]?.[1];
      if (!rate) return unknownWay;
      return {
        ...{ parent: id, band: bandOf(radio.band), channel: radio.channel, width: widthOf(radio.width) },
        ...{ linkMbps: clamp(rate.mbps, 0, 1e6), busyPercent: busyOf(record?.busy, radio.band, now) },
      };
    }
  }
  return unknownWay;
}

function clientOf(client: KnownClient, known: ReadonlySet<Mac>, input: SnapshotInput): SnapshotClient | undefined {
  const { observations, presence, wishes, profiles, now } = input;
  const observed = observations.client(client.mac);
  if (!observed) return undefined;
  const wish = wishes.get(client.mac);
  const name = wish?.profile ?? client.classification.class;
  const { optimiser } = profileNamed(profiles, name);
  const where = presence.where(client.mac);
  const isMultiLink = (where?.links ?? 0) > 1;
  const { bssid, since } = placeOf(observed, where, now);
  const moved = bssid !== observed.bssid;
  return {
    mac: client.mac,
    bssid: bssid !== null && known.has(bssid) ? bssid : null,
    since: clamp(since, 0, now),
    at: clamp(observed.at, 0, now),
    snrDb: moved ? null : snr(observed.snrDb),
    linkMbps: moved || observed.linkMbps === null ? null : clamp(observed.linkMbps, 0, 1e6),
    mbps: moved ? 0 : clamp(observed.mbps, 0, 1e6),
    typicalMbps: clamp(observed.typicalMbps, 0, 1e6),
    idle: moved ? null : observed.idle,
    wantsMbps: optimiser.wants,
    class: name,
    // Nodes ask over all links at once, or not at all: there is no place to send such a client to.
    eligible: wish?.unsteered || isMultiLink ? "never" : optimiser.move,
    mobility: client.mobility.mobility,
    allowed: wish ? [...allowedBands(wish, client)] : [],
    ...(wish && wish.closed.length > 0 && { closed: [...wish.closed] }),
    ability: abilityOf(client.evidence),
    heard: observed.heard
      .filter((each) => snr(each.snrDb) !== null && known.has(each.bssid))
      .map((each) => ({ ...each, at: clamp(each.at, 0, now) }))
      .slice(-limits.heardPerClient),
  };
}

/** Tables say at once where a client is; reports say it later. */
function placeOf(
  observed: { readonly bssid: Mac | null; readonly since: number; readonly at: number },
  where: ReturnType<Presence["where"]>,
  now: number,
): { readonly bssid: Mac | null; readonly since: number } {
  if (where === undefined) return observed;
  if (where === null) {
    // Deployed nodes may tell of associations late: then the report is the newer news.
    return now - observed.at < limits.associationMs ? observed : { bssid: null, since: observed.at };
  }
  if (where.bssid === observed.bssid || (observed.bssid !== null && observed.since > where.since)) return observed;
  return where;
}

/** What neither was said nor shown by a link is taken for little: nobody is promised what it may not have. */
function abilityOf({ radio }: Evidence): SnapshotClient["ability"] {
  const { bands = [], generation = "n", streams = 1, maxWidth = 20, btm = false, shown } = radio;
  const isNewer = shown && generations.indexOf(shown.generation) > generations.indexOf(generation);
  return {
    bands: [...bands],
    generation: isNewer ? shown.generation : generation,
    streams: clamp(Math.round(Math.max(streams, shown?.streams ?? 1)), 1, 16),
    maxWidth: widthOf(Math.max(maxWidth, shown?.width ?? 20)),
    btm,
  };
}

function snr(value: number | null): number | null {
  return value !== null && value >= -20 && value <= 120 ? value : null;
}

function widthOf(width: number): SnapshotBss["width"] {
  return width === 40 || width === 80 || width === 160 || width === 320 ? width : 20;
}

function clamp(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
}
