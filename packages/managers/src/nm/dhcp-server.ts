/** `Wifi_Inet_Config.dhcpd` as the configuration of a DHCP server. Pure. */

import type { DhcpServerConfig } from "@opensync-ts/target/network";
import { isHostOf, parseIpv4, type Subnet } from "./addresses.ts";
import { defaultLeaseSeconds } from "./limits.ts";
import { quote } from "./quote.ts";

export interface ParsedServer {
  /** `null`: no server. */
  readonly server: DhcpServerConfig | null;
  /** What is wrong, and what becomes of it. */
  readonly problems: readonly string[];
}

const secondsPerUnit: { readonly [suffix: string]: number } = { "": 1, s: 1, m: 60, h: 3_600 };
const lastLease = 2 ** 32 - 1;

/**
 * `start` and `stop` are both needed. `subnet`: of the interface, where it is known already: the range must lie in it.
 * The reservations are left to others.
 */
export function parseDhcpServer(dhcpd: ReadonlyMap<string, string>, subnet: Subnet | null): ParsedServer {
  const [start, stop] = [dhcpd.get("start"), dhcpd.get("stop")];
  if (start === undefined && stop === undefined) return { server: null, problems: [] };
  const range = problemOfRange(start, stop, subnet);
  if (range !== null) return { server: null, problems: [`dhcpd: ${range}: no DHCP server`] };
  const problems: string[] = [];
  const server = {
    start: start as string,
    stop: stop as string,
    leaseTime: leaseSeconds(dhcpd.get("lease_time"), problems),
    options: optionsOf(dhcpd.get("dhcp_option"), problems),
    reservations: [],
  };
  return { server, problems };
}

function problemOfRange(start: string | undefined, stop: string | undefined, subnet: Subnet | null): string | null {
  if (start === undefined || stop === undefined) {
    return `${start === undefined ? "start" : "stop"} is missing, both start and stop are needed`;
  }
  const [first, last] = [parseIpv4(start), parseIpv4(stop)];
  if (first === undefined) return `start ${quote(start)} is no IPv4 address`;
  if (last === undefined) return `stop ${quote(stop)} is no IPv4 address`;
  if (first > last) return `start ${start} is behind stop ${stop}`;
  if (subnet && !(isHostOf(subnet, first) && isHostOf(subnet, last))) {
    return `${start} to ${stop} is not within the subnet of the interface`;
  }
  return null;
}

function leaseSeconds(text: string | undefined, problems: string[]): number {
  if (text === undefined) return defaultLeaseSeconds;
  const match = /^([0-9]{1,10})([smh]?)$/i.exec(text);
  const seconds = match ? Number(match[1]) * (secondsPerUnit[(match[2] ?? "").toLowerCase()] ?? 0) : 0;
  if (seconds >= 1 && seconds <= lastLease) return seconds;
  problems.push(
    `dhcpd: lease_time ${quote(text)} is no time such as 12h, 30m or 90s: leases last ${defaultLeaseSeconds} s`,
  );
  return defaultLeaseSeconds;
}

/** `id,value;id,value`; a value may hold commas. */
function optionsOf(text: string | undefined, problems: string[]): ReadonlyMap<number, string> {
  const options = new Map<number, string>();
  for (const entry of (text ?? "").split(";")) {
    if (entry.trim() === "") continue;
    const comma = entry.indexOf(",");
    const id = /^[0-9]{1,3}$/.test(entry.slice(0, comma).trim()) ? Number(entry.slice(0, comma)) : 0;
    const value = comma < 0 ? "" : entry.slice(comma + 1).trim();
    if (id < 1 || id > 255 || value === "") {
      problems.push(`dhcpd: dhcp_option ${quote(entry)} is not ID,VALUE with an ID from 1 to 255: left out`);
    } else options.set(id, value);
  }
  return options;
}
