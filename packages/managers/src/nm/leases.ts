/** Leases as `DHCP_leased_IP`, and who has them as `IPv4_Neighbors`. */

import type { Write } from "@opensync-ts/schema/opensync";
import type { DhcpLease } from "@opensync-ts/target/network";
import { leases as maxLeases } from "./limits.ts";

/** `IPv4_Neighbors.source` of NM's rows; those of others are let be. */
export const neighborSource = "dhcp";

/** Remembers which of several leases of a client came last: only that one is shown; when it ends, the one before. */
export class LeaseBook {
  /** Leases there are, in order of their first sight. */
  #seen = new Map<string, DhcpLease>();

  update(leases: readonly DhcpLease[]): void {
    const now = new Map(leases.slice(0, maxLeases).map((lease) => [`${lease.mac} ${lease.address}`, lease]));
    const staying = [...this.#seen.keys()].flatMap((key): [string, DhcpLease][] => {
      const lease = now.get(key);
      return lease ? [[key, lease]] : [];
    });
    this.#seen = new Map([...staying, ...now]);
  }

  /** `DHCP_leased_IP` by `hwaddr`. */
  leased(): ReadonlyMap<string, Write<"DHCP_leased_IP">> {
    return new Map([...this.#seen.values()].map((lease) => [lease.mac, leasedRow(lease)]));
  }

  /** `IPv4_Neighbors` by address and interface. */
  neighbors(): ReadonlyMap<string, Write<"IPv4_Neighbors">> {
    return new Map(
      [...this.#seen.values()].map(({ address, mac, link }) => [
        neighborKey({ address, if_name: link }),
        { address, hwaddr: mac, if_name: link, source: neighborSource },
      ]),
    );
  }
}

export function neighborKey({ address, if_name }: { readonly address: string; readonly if_name: string }): string {
  return `${address} ${if_name}`;
}

function leasedRow(lease: DhcpLease): Write<"DHCP_leased_IP"> {
  return {
    hwaddr: lease.mac,
    inet_addr: lease.address,
    hostname: lease.hostname,
    fingerprint: lease.fingerprint,
    vendor_class: lease.vendorClass,
    // 0 stands for a lease that has ended.
    lease_time: lease.leaseTime === 0 ? -1 : lease.leaseTime,
  };
}
