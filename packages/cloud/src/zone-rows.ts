/**
 * Access zones, as rows of every node. OWM puts a client into the `Openflow_Tag` of its key (`wpa_oftags`); rules of the node's
 * firewall (`Netfilter`, by NFM) drop what clients of restricted zones send to others of the home. They look at frames, as
 * clients of one bridge reach each other below IP. Until release 6.4 `Openflow_Config` did that; since then nodes accept its rows and do
 * nothing. Pure.
 *
 * On the gateway nothing a restricted client sends is passed on within the bridge: what it sends to the Internet is for the gateway
 * itself. On an extender the way to the gateway leads through the bridge: what it sends there passes, and what finds the way there. So a
 * client is held by its own node from the moment in which it joins. The other nodes are told of it besides (`cloud_value`): they stop what finds the
 * way, and all of it where the extender does not know its router's address, and closes no more than its own access points.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { ClientFacts } from "./client-facts.ts";
import type { Home, HomeNode, Network } from "./home.ts";
import { policyFor, type Subject } from "./model/policies.ts";
import { type RestrictedZone, restrictedZones, type Zone } from "./model/zones.ts";
import type { NodeFacts } from "./node-facts.ts";
import type { Refusal } from "./rows.ts";
import { type Columns, type DesiredRow, rowId } from "./rows.ts";
import { routerRule } from "./zone-router.ts";

const tagPrefix = "zone-";
const rulePrefix = "zone.";
/** An `Openflow_Tag` holds so many addresses from the cloud. */
const tagValues = 255;

/** Tags of a network's keys; undefined where none of them is in a zone, and tags are nobody's business here. */
export function zoneTags({ security }: Network): ReadonlyMap<string, string> | undefined {
  const tagged = security.keys.flatMap(({ id, zone }) => (zone ? [[id, tagOf(zone)] as const] : []));
  return tagged.length > 0 ? new Map(tagged) : undefined;
}

export interface ZoneRows {
  readonly rows: readonly DesiredRow[];
  readonly refusals: readonly Refusal[];
}

/** Of the home's other nodes, whose frames this one passes on. */
export interface Elsewhere {
  readonly clients: readonly ClientFacts[];
  /** One of them has not said yet who its clients are: whom the node knows to be in a zone by a key is left there. */
  readonly isUnheard: boolean;
}

export function zoneRows(
  home: Home,
  node: HomeNode,
  facts: NodeFacts,
  subjects: readonly Subject[],
  elsewhere: Elsewhere,
): ZoneRows {
  const rows: DesiredRow[] = [];
  const refusals: Refusal[] = [];
  // Until its address is found again, it is where it was.
  const router = facts.routers.get(home.lan?.bridge ?? "br-home") ?? facts.ruledRouter;
  const away = new Set(elsewhere.clients.map(({ mac }) => mac));
  const seen = new Set([...away, ...facts.clients.map(({ mac }) => mac)]);
  for (const zone of restrictedZones) {
    const stated = statedAt(home, zone);
    if (stated === undefined) continue;
    const tag = tagOf(zone);
    const held = subjects.filter((subject) => isHeldTo(home, zone, subject, away)).map(({ mac }) => mac);
    const isByKey = stated.startsWith("networks");
    const left = elsewhere.isUnheard && isByKey ? (facts.tagged.get(tag) ?? []).filter((mac) => !seen.has(mac)) : [];
    const members = [...new Set([...held, ...left])].sort();
    const tagKey = { name: tag };
    const tagRow = row("Openflow_Tag", tagKey, { cloud_value: members.slice(0, tagValues) }, stated);
    rows.push(tagRow);
    if (members.length > tagValues) {
      const reason = `${members.length} devices are restricted so, and a node holds ${tagValues}: the rest is not; use a key of that zone`;
      refusals.push({ id: tagRow.id, stated, reason });
    }
    const rules = rulesOf(zone, node.role === "gateway" ? "here" : router, sharedDevices(home));
    if (facts.firewall) rows.push(...rules.map(({ name, ...columns }) => row("Netfilter", { name }, columns, stated)));
    else {
      const name = `${rulePrefix}${zone}`;
      const reason = `the node has no firewall that takes rules (none of its own are in Netfilter), so clients of zone ${zone} reach the whole home; give them a network with 'isolate' on a bridge of its own`;
      refusals.push({ id: rowId("Netfilter", { name }), stated, reason });
    }
  }
  return { rows, refusals };
}

/** Whether a row is one of those; their names are nobody else's. */
export function isZoneName(name: Datum | undefined): boolean {
  return typeof name === "string" && (name.startsWith(tagPrefix) || name.startsWith(rulePrefix));
}

function tagOf(zone: Zone): string {
  return `${tagPrefix}${zone}`;
}

/** Who the cloud itself puts into the zone: by policy, or because the node that serves the client is another. */
function isHeldTo(home: Home, zone: RestrictedZone, subject: Subject, away: ReadonlySet<Mac>): boolean {
  if (zone === "internet-only" && policyFor(home.policies ?? [], "internet-only", subject)) return true;
  return subject.zone === zone && away.has(subject.mac);
}

/** Where the home states something of a zone; undefined: nowhere. */
function statedAt(home: Home, zone: RestrictedZone): string | undefined {
  for (const [index, { security }] of home.networks.entries()) {
    const key = security.keys.findIndex((entry) => entry.zone === zone);
    if (key >= 0) return `networks[${index}].security.keys[${key}]`;
  }
  const policy = (home.policies ?? []).findIndex(({ action }) => action.kind === zone);
  return policy < 0 ? undefined : `policies[${policy}]`;
}

function sharedDevices(home: Home): readonly Mac[] {
  return (home.devices ?? []).filter(({ shared }) => shared).map(({ mac }) => mac);
}

interface Rule {
  readonly name: string;
  readonly enable: boolean;
  readonly protocol: string;
  readonly table: string;
  readonly chain: string;
  readonly priority: number;
  readonly rule: string;
  readonly target: string;
}

/** What a host sends to find its router and an address (RFC 826, 2131, 4861, 8415), and to be heard of by bridges (RFC 3810). */
const waysToFind = [
  ["arp", "-p ARP"],
  ["dhcp", "-d ff:ff:ff:ff:ff:ff"],
  ["routers", "-d 33:33:00:00:00:02"],
  ["neighbors", "-d 33:33:ff:00:00:00/ff:ff:ff:00:00:00"],
  ["dhcpv6", "-d 33:33:00:01:00:02"],
  ["groups", "-d 33:33:00:00:00:16"],
] as const;

/**
 * The lowest priority comes first. `${…}` is for the node to fill in: one rule for each address with the tag. Frames are told by addresses only:
 * what looks into packets is a module of the kernel that a node may lack.
 */
function rulesOf(zone: RestrictedZone, router: Mac | "here" | undefined, shared: readonly Mac[]): readonly Rule[] {
  const from = `-s \${${tagOf(zone)}}`;
  const where = { enable: true, protocol: "eth", table: "filter", chain: "FORWARD" };
  const name = (rest: string) => `${rulePrefix}${zone}.${rest}`;
  const drop = { ...where, target: "DROP" };
  const accept = { ...where, target: "ACCEPT" };
  const ownAccessPoints = `${from} -o home-ap-+`;
  return [
    // Whom guests may reach they have to find first.
    ...(zone === "guest" && shared.length > 0
      ? [
          { ...accept, priority: 40, name: name("find"), rule: `${from} -p ARP` },
          ...shared.map((mac) => ({
            ...accept,
            priority: 40,
            name: name(`shared.${mac.replaceAll(":", "")}`),
            rule: `${from} -d ${mac}`,
          })),
        ]
      : []),
    ...(router === undefined || router === "here"
      ? []
      : [
          { ...drop, priority: 44, name: name("beside"), rule: ownAccessPoints },
          { ...accept, priority: 46, name: `${rulePrefix}${zone}${routerRule}`, rule: `${from} -d ${router}` },
          ...waysToFind.map(([what, match]) => ({
            ...accept,
            priority: 46,
            name: name(what),
            rule: `${from} ${match}`,
          })),
        ]),
    { ...drop, priority: 50, name: name("bridged"), rule: router === undefined ? ownAccessPoints : from },
  ];
}

function row(table: "Openflow_Tag" | "Netfilter", key: Columns, columns: Columns, stated: string): DesiredRow {
  return { id: rowId(table, key), table, key, columns, entries: {}, references: null, initial: {}, stated };
}
