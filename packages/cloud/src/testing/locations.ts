/** For tests: tenants, locations and documents that are nobody else's. */

import { createLocation, type StoredLocation } from "../store/locations.ts";
import type { Store } from "../store/store.ts";
import { createTenant } from "../store/tenants.ts";

export const alice = { actor: "user:alice", why: "because" };
export const bob = { actor: "user:bob" };

let count = 0;

export function unused(what: string): string {
  return `${what} ${++count}`;
}

let locations = 0;

/** The gateway of the location that was made last: no two locations have a node of the same id. */
export function gatewayId(): string {
  return `gateway-${locations}`;
}

export async function aLocation(store: Store): Promise<StoredLocation> {
  locations++;
  const tenant = await createTenant(store, unused("tenant"), alice);
  return createLocation(store, tenant.id, unused("location"), alice);
}

/** As a home file has it. */
export function aDocument(parts: object = {}, psk = "the family's key"): object {
  const keys = [{ id: "key", psk }];
  return {
    name: "Home",
    nodes: [{ id: gatewayId(), role: "gateway" }],
    networks: [{ ssid: "Test", security: { mode: "wpa2", keys } }],
    ...parts,
  };
}
