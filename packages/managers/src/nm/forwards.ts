/** `IP_Port_Forward` as what the target is told. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { PortForward } from "@opensync-ts/target/network";
import { formatIpv4, parseIpv4 } from "./addresses.ts";
import { portForwards as maxForwards } from "./limits.ts";
import { quote } from "./quote.ts";

export type ForwardRow = Pick<
  Row<"IP_Port_Forward">,
  "protocol" | "src_ifname" | "src_port" | "dst_port" | "dst_ipaddr" | "nat_loopback"
>;

export interface Forwards {
  /** Sorted, so that the order of rows does not matter. */
  readonly forwards: readonly PortForward[];
  readonly problems: readonly string[];
}

/** Whether anything behind the device has such an address, seen from the interface that the forward is of. */
export type LeadsSomewhere = (address: number, from: string) => boolean;

/** `interfaces`: those there are. A forward of another one waits until it is there. Of duplicates the row that came first counts. */
export function portForwards(
  rows: Iterable<ForwardRow>,
  interfaces: ReadonlySet<string>,
  leadsSomewhere: LeadsSomewhere,
): Forwards {
  const forwards = new Map<string, PortForward>();
  const problems: string[] = [];
  for (const row of rows) {
    const key = `${row.src_ifname} ${row.protocol} ${row.src_port}`;
    const problem =
      problemOf(row, interfaces) ??
      (forwards.has(key) ? "there is a forward of this port already: row ignored" : null) ??
      (forwards.size >= maxForwards ? `more than ${maxForwards} forwards: row ignored` : null);
    const complain = (what: string) =>
      problems.push(`IP_Port_Forward ${row.protocol} ${quote(row.src_ifname)} port ${row.src_port}: ${what}`);
    if (problem !== null) {
      complain(problem);
      continue;
    }
    forwards.set(key, forwardOf(row));
    if (!leadsSomewhere(parseIpv4(row.dst_ipaddr) ?? 0, row.src_ifname)) {
      complain(`dst_ipaddr ${row.dst_ipaddr} is in no network behind this device: it leads nowhere`);
    }
  }
  const sorted = [...forwards].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, forward]) => forward);
  return { forwards: sorted, problems };
}

function problemOf(row: ForwardRow, interfaces: ReadonlySet<string>): string | null {
  if (row.protocol !== "tcp" && row.protocol !== "udp") return "protocol must be tcp or udp: row ignored";
  if (!isPort(row.src_port)) return "src_port must be 1 to 65535: row ignored";
  if (!isPort(row.dst_port)) return `dst_port ${row.dst_port} is not 1 to 65535: row ignored`;
  const address = parseIpv4(row.dst_ipaddr);
  if (address === undefined || address === 0) return `dst_ipaddr ${quote(row.dst_ipaddr)} is no address: row ignored`;
  return interfaces.has(row.src_ifname) ? null : "there is no such interface: waits for it";
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function forwardOf(row: ForwardRow): PortForward {
  return {
    protocol: row.protocol as PortForward["protocol"],
    link: row.src_ifname,
    port: row.src_port,
    toAddress: formatIpv4(parseIpv4(row.dst_ipaddr) ?? 0),
    toPort: row.dst_port,
    loopback: row.nat_loopback,
  };
}
