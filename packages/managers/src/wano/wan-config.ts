/** `WAN_Config` as the attempts that are made on an interface, in order. Pure. */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Row } from "@opensync-ts/schema/opensync";
import { contains, formatIpv4, isHostOf, parseIpv4, parseNetmask } from "../nm/addresses.ts";
import { quote } from "../nm/quote.ts";
import { wanConfigs } from "./limits.ts";

export type WanConfigRow = Pick<Row<"WAN_Config">, "_uuid" | "enable" | "type" | "priority" | "other_config">;

/** What is run on an interface to get it on layer 3. */
export type Plugin =
  | { readonly name: "dhcpv4" }
  | {
      readonly name: "static_ipv4";
      readonly address: string;
      readonly netmask: string;
      readonly gateway: string;
      /** One or two. */
      readonly dns: readonly string[];
    }
  /** `attempts`: what is run on the VLAN. */
  | { readonly name: "vlan"; readonly id: number; readonly attempts: readonly Attempt[] };

export interface Attempt {
  readonly plugin: Plugin;
  /** The row that asks for it; `null`: DHCP, as nobody forbids it. */
  readonly row: Uuid | null;
}

export interface WanPlan {
  readonly attempts: readonly Attempt[];
  /** Rows that nothing can be made of, and what is wrong with each. */
  readonly invalid: ReadonlyMap<Uuid, string>;
}

/** The order within a group of equal priority. */
const numbers: { readonly [name in Plugin["name"]]: number } = { vlan: 40, static_ipv4: 90, dhcpv4: 100 };

const dhcp: Attempt = { plugin: { name: "dhcpv4" }, row: null };

/** The highest priority comes first; equal ones are a group; the last group, and an empty table, end with DHCP. */
export function planOf(rows: Iterable<WanConfigRow>): WanPlan {
  const invalid = new Map<Uuid, string>();
  const groups = new Map<number, Attempt[]>();
  let count = 0;
  for (const row of [...rows].sort(byUuid)) {
    if (!row.enable) continue;
    const plugin = count < wanConfigs ? parse(row) : `more than ${wanConfigs} rows: row ignored`;
    count++;
    if (typeof plugin === "string") invalid.set(row._uuid, describe(row, plugin));
    else groups.set(row.priority, [...(groups.get(row.priority) ?? []), { plugin, row: row._uuid }]);
  }
  const ordered = [...groups].sort(([a], [b]) => b - a).map(([, group]) => attemptsOf(group));
  const last = ordered.at(-1);
  if (!last?.some(isDhcp)) ordered.push([dhcp]);
  return { attempts: ordered.flat(), invalid };
}

/** What is asked for beside a VLAN is tried on it, and DHCP in any case. */
function attemptsOf(group: readonly Attempt[]): readonly Attempt[] {
  const sorted = [...group].sort((a, b) => numbers[a.plugin.name] - numbers[b.plugin.name]);
  const inner = sorted.filter(({ plugin }) => plugin.name !== "vlan");
  const attempts = inner.some(isDhcp) ? inner : [...inner, dhcp];
  return sorted.map((attempt) =>
    attempt.plugin.name === "vlan" ? { ...attempt, plugin: { ...attempt.plugin, attempts } } : attempt,
  );
}

function isDhcp({ plugin }: Attempt): boolean {
  return plugin.name === "dhcpv4";
}

function byUuid(a: WanConfigRow, b: WanConfigRow): number {
  return a._uuid < b._uuid ? -1 : 1;
}

/** Of the plug-in, or what is wrong. Passwords are not quoted. */
function parse({ type, other_config: config }: WanConfigRow): Plugin | string {
  switch (type) {
    case "dhcp":
      return { name: "dhcpv4" };
    case "static_ipv4":
      return parseStatic(config);
    case "vlan": {
      const text = config.get("vlan_id") ?? "";
      const id = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
      return id >= 1 && id <= 4_094 ? { name: "vlan", id, attempts: [] } : "vlan_id must be 1 to 4094: row ignored";
    }
    case "pppoe":
      return "this device does no PPPoE: row ignored; use dhcp, static_ipv4 or vlan";
    default:
      return "type is not set: row ignored; set dhcp, static_ipv4 or vlan";
  }
}

function parseStatic(config: ReadonlyMap<string, string>): Plugin | string {
  const required = ["ip", "subnet", "gateway", "primary_dns"] as const;
  const missing = required.filter((key) => !config.get(key));
  if (missing.length > 0) return `${missing.join(", ")} missing in other_config: row ignored`;
  const bad = (key: string, is: string) => `${key} ${quote(config.get(key) ?? "")} ${is}: row ignored`;
  const [address, gateway] = [parseIpv4(config.get("ip") ?? ""), parseIpv4(config.get("gateway") ?? "")];
  const netmask = parseNetmask(config.get("subnet") ?? "");
  if (address === undefined) return bad("ip", "is no IPv4 address");
  if (netmask === undefined || netmask === 0) return bad("subnet", "is no netmask (such as 255.255.255.0)");
  if (gateway === undefined) return bad("gateway", "is no IPv4 address");
  const subnet = { address, netmask };
  if (!isHostOf(subnet, address)) return bad("ip", "is no address for a device of its subnet");
  if (!contains(subnet, gateway) || gateway === address)
    return bad("gateway", "is no other address of the subnet of ip");
  const dns: string[] = [];
  for (const key of ["primary_dns", "secondary_dns"]) {
    const text = config.get(key);
    if (!text) continue;
    const server = parseIpv4(text);
    if (server === undefined) return bad(key, "is no IPv4 address");
    dns.push(formatIpv4(server));
  }
  return {
    name: "static_ipv4",
    address: formatIpv4(address),
    netmask: formatIpv4(netmask),
    gateway: formatIpv4(gateway),
    dns,
  };
}

function describe({ type, priority }: WanConfigRow, problem: string): string {
  return `WAN_Config ${type === "" ? "without type" : type}, priority ${priority}: ${problem}`;
}
