/**
 * What a claimed node shall have in its steering tables: one group of its home access points, the home's access points of
 * other nodes as neighbours, and a row for each device by its class. Of a node that is not claimed nothing is wanted, so
 * that it steers by its own. Pure.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/ovsdb/datum";
import { bandOf, type FrequencyBand } from "../radio-bands.ts";
import type { Refusal } from "../rows.ts";
import { type Columns, type DesiredRow, rowId, type SteeringTable } from "../rows.ts";
import type { HomeBand } from "./evidence.ts";
import * as limits from "./limits.ts";
import { moveColumns, type NodeMove } from "./move-columns.ts";
import { operatingClass } from "./operating-class.ts";
import type { Move } from "./optimiser/state.ts";
import type { Profile, ProfileColumns } from "./profile.ts";
import { type Profiles, profileNamed } from "./profiles.ts";

/** A home access point that is up. */
export interface SteeringAp {
  readonly ifName: string;
  readonly bssid: Mac;
  readonly band: FrequencyBand;
  readonly network: string;
  readonly channel: number;
  /** MHz. */
  readonly width: number;
  readonly mldAddress?: Mac;
}

export interface SteeringNode {
  readonly id: string;
  readonly claimed: boolean;
  readonly accessPoints: readonly SteeringAp[];
  /** How well it hears others, dB: by that they are offered. */
  readonly hears?: ReadonlyMap<Mac, number>;
}

export interface SteeredDevice {
  readonly mac: Mac;
  /** A class, or the profile that the home's owner has chosen. */
  readonly profile: string;
  readonly mobility: "static" | "mobile" | "unknown";
  /** By policy; null: no matter. */
  readonly band: HomeBand | null;
  /** By policy: nobody steers it. */
  readonly exempt: boolean;
  /** Where the optimiser has put it. */
  readonly placed: Mac | null;
  /** By policy: on `band` only, for so many seconds. `at`: where it is now. */
  readonly hold?: { readonly seconds: number; readonly at: Mac | null } | null;
  /** Under way. */
  readonly move: Pick<Move, "from" | "to" | "arrivedAt"> | null;
}

export interface SteeringInput {
  readonly node: SteeringNode;
  /** All of the home, this one among them. */
  readonly nodes: readonly SteeringNode[];
  /** The most important first: what is more than a node can hold is left out. */
  readonly devices: readonly SteeredDevice[];
  readonly profiles: Profiles;
  /** Whether the optimiser is at work: then those who do not walk are its. */
  readonly optimised: boolean;
  /** `Band_Steering_Clients` of the node, by address. */
  readonly present: (mac: Mac) => Row | undefined;
}

export interface SteeringRows {
  readonly rows: readonly DesiredRow[];
  readonly refusals: readonly Refusal[];
}

/** Null: this node's steering is its own. */
export function steeringRows(input: SteeringInput): SteeringRows | null {
  const { node, devices } = input;
  if (!node.claimed) return null;
  const places = placesOf(input.nodes);
  // A second one of an address would be a second row, of which nodes take no notice.
  const known = new Set<Mac>();
  const steered = devices.filter(({ mac, exempt }) => !exempt && !known.has(mac) && known.add(mac));
  const refusals = steered.slice(limits.rowsPerNode).map(({ mac }) => ({
    id: rowId("Band_Steering_Clients", { mac }),
    stated: "devices",
    reason: `a node holds ${limits.rowsPerNode} devices that are steered, and this one is not among the first`,
  }));
  if (node.accessPoints.length === 0) return { rows: [], refusals };
  return {
    rows: [
      ...neighborRows(input),
      groupRow(node),
      ...steered.slice(0, limits.rowsPerNode).map((device) => clientRow(input, device, places)),
    ],
    refusals,
  };
}

type Places = ReadonlyMap<Mac, { readonly node: string; readonly ap: SteeringAp }>;

function placesOf(nodes: readonly SteeringNode[]): Places {
  return new Map(
    nodes.flatMap(({ id, accessPoints }) => accessPoints.map((ap) => [ap.bssid, { node: id, ap }] as const)),
  );
}

/** By its whole list: nodes take an access point out of a group only with the group, so that another list is another group. */
function groupRow({ accessPoints }: SteeringNode): DesiredRow {
  const sorted = accessPoints.toSorted((a, b) => (a.ifName < b.ifName ? -1 : 1));
  const key = { ifnames: new Map(sorted.map(({ ifName, band }) => [ifName, band])) };
  return row("Band_Steering_Config", key, {}, groupDefaults);
}

/** Deployed nodes read none of these, and none may be missing. */
const groupDefaults: Columns = {
  ...{ success_threshold_secs: 15, stats_report_interval: 60, kick_debounce_period: 60, kick_debounce_thresh: 3 },
  ...{ inact_check_sec: 10, inact_tmout_sec_normal: 60, inact_tmout_sec_overload: 30 },
};

/** The nearest first, by how well they are heard; those never heard last. */
function neighborRows({ node, nodes }: SteeringInput): DesiredRow[] {
  const own = new Map(node.accessPoints.map((ap) => [bandOf(ap.band), ap]));
  const others = nodes
    .filter(({ id, claimed }) => id !== node.id && claimed)
    .flatMap(({ accessPoints }) => accessPoints)
    .filter(({ network }) => node.accessPoints.some((ap) => ap.network === network));
  const heard = ({ bssid }: SteeringAp) => node.hears?.get(bssid) ?? Number.NEGATIVE_INFINITY;
  const order = others.toSorted((a, b) => heard(b) - heard(a) || (a.bssid < b.bssid ? -1 : 1));
  return order.slice(0, limits.neighborsPerNode).flatMap((ap, index) => {
    const { bssid, channel, width, mldAddress } = ap;
    const home = own.get(bandOf(ap.band)) ?? node.accessPoints[0];
    const opClass = operatingClass({ band: bandOf(ap.band), channel, width });
    // Without them a node takes no notice of the row.
    if (!home || opClass === undefined) return [];
    const columns = {
      if_name: home.ifName,
      channel,
      op_class: opClass,
      priority: index + 1,
      mld_addr: mldAddress ?? null,
    };
    return [row("Wifi_VIF_Neighbors", { bssid }, columns)];
  });
}

function clientRow(input: SteeringInput, device: SteeredDevice, places: Places): DesiredRow {
  const { node, nodes, profiles, optimised, present } = input;
  const profile = profileNamed(profiles, device.profile);
  const move = nodeMove(node, device, profile, places) ?? bandHold(node, device, profile);
  const columns: Columns = {
    ...profile.columns,
    ...(nodes.filter(({ claimed }) => claimed).length > 1 && profile.severalNodes),
    ...(optimised && isOptimised(device, profile) && leftToOptimiser(profile.columns)),
    ...bandColumns(device.band ?? (isOn24(device, places) ? "2.4G" : null)),
    // The owner has asked for it: that does not wait until nobody watches.
    ...(move?.hold && { kick_upon_idle: false }),
    ...moveColumns(move, present(device.mac)),
  };
  return row("Band_Steering_Clients", { mac: device.mac }, columns);
}

export function isOptimised({ mobility }: Pick<SteeredDevice, "mobility">, { optimiser }: Profile): boolean {
  return optimiser.move === "always" || (optimiser.move === "static" && mobility === "static");
}

/** dB: what the node does by itself for a client that is the optimiser's is to save it when it is hardly heard any more. */
const rescueDb = 10;

/** Two that decide by thresholds of their own would send a client to and fro. */
function leftToOptimiser({ lwm }: ProfileColumns): Columns {
  return { hwm: 0, lwm: Math.min(lwm, rescueDb) };
}

/** It was sent to 2.4 GHz, or is about to be: then no node may refuse it there. */
function isOn24({ placed, move }: SteeredDevice, places: Places): boolean {
  return [placed, move?.to].some((bssid) => bssid && places.get(bssid)?.ap.band === "2.4G");
}

function bandColumns(band: HomeBand | null): Columns {
  switch (band) {
    case "2.4G":
      return { hwm: 0, pref_5g: "never", pref_6g: "never" };
    case "5G":
      return { pref_5g: "always", pref_6g: "never" };
    case "6G":
      return { pref_5g: "always", pref_6g: "always" };
    case null:
      return {};
  }
}

/** The node that the client is on asks it to go; once it has gone nobody is asked any more. */
function nodeMove(node: SteeringNode, { move }: SteeredDevice, profile: Profile, places: Places): NodeMove | null {
  if (!move || move.arrivedAt !== null) return null;
  const [from, to] = [places.get(move.from), places.get(move.to)];
  if (!to || from?.node !== node.id) return null;
  return { target: move.to, mode: to.node === node.id ? "home" : "away", band: to.ap.band, btm: profile.btm };
}

/** An access point of this node, of the network that the client is in, takes it; its others do not. */
function bandHold({ accessPoints }: SteeringNode, { band, hold }: SteeredDevice, { btm }: Profile): NodeMove | null {
  if (!hold || band === null) return null;
  const here = accessPoints.find(({ bssid }) => bssid === hold.at);
  const target = accessPoints.find((ap) => bandOf(ap.band) === band && (!here || ap.network === here.network));
  if (!target) return null;
  const isElsewhere = here !== undefined && bandOf(here.band) !== band;
  const { seconds } = hold;
  return { target: target.bssid, mode: "home", band: target.band, btm, hold: { seconds, isElsewhere } };
}

function row(table: SteeringTable, key: Columns, columns: Columns, initial: Columns = {}): DesiredRow {
  return { id: rowId(table, key), table, key, columns, entries: {}, references: null, initial, stated: "steering" };
}
