/** Names to addresses. An interface of its own, so that a simulation or a test can be its own DNS. */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { managerLimits } from "../limits.ts";
import type { ResolvedAddresses } from "./candidates.ts";

/** Rejects when the name cannot be resolved. The caller keeps the deadline. */
export type Resolver = (host: string) => Promise<ResolvedAddresses>;

/** The system's resolver (hosts file, DNS); a literal address resolves to itself at once. */
export const systemResolver: Resolver = async (host) => {
  const literal = isIP(host);
  if (literal !== 0) return literal === 4 ? { ipv4: [host], ipv6: [] } : { ipv4: [], ipv6: [host] };
  const addresses = await lookup(host, { all: true, order: "verbatim" });
  const ofFamily = (family: number) =>
    addresses
      .filter((address) => address.family === family)
      .map(({ address }) => address)
      .slice(0, managerLimits.resolvedAddresses);
  return { ipv4: ofFamily(4), ipv6: ofFamily(6) };
};
