/**
 * Access points of a steering group tell stations of each other (802.11k, `ow_steer_local_neigh`): a mutator that adds to the
 * neighbours that are configured, and replaces none of them. A group whose access points are not all known yet adds nothing.
 */

import { sameMobilityDomain, sameNetwork } from "@opensync-ts/target/ieee80211/bssid-info";
import type { Neighbor, VifState } from "@opensync-ts/target/radio";
import type { ConfigTree } from "../config-tree.ts";
import type { GroupNeighbors, VifOverrides } from "../contract.ts";
import { usesFt } from "../ft-neighbors.ts";
import type { Mutator, MutatorContext } from "../mutators.ts";
import { byBssid } from "../state-compare.ts";
import { ownBss } from "./bss-table.ts";

interface KnownAp {
  readonly neighbor: Neighbor;
  /** null: no fast transition. */
  readonly domain: number | null;
}

export class LocalNeighbors implements GroupNeighbors, Mutator {
  readonly name = "ow_steer_local_neigh";
  readonly #invalidate: () => void;
  readonly #configured: (phy: string, vif: string) => VifOverrides | undefined;
  #groups: ReadonlyMap<string, string> = new Map();
  /** By vif, as it was when it was up last. */
  readonly #known = new Map<string, KnownAp>();

  constructor(invalidate: () => void, configured: (phy: string, vif: string) => VifOverrides | undefined) {
    this.#invalidate = invalidate;
    this.#configured = configured;
  }

  setGroups(groups: ReadonlyMap<string, string>): void {
    const same = groups.size === this.#groups.size && [...groups].every(([vif, id]) => this.#groups.get(vif) === id);
    if (same) return;
    this.#groups = new Map(groups);
    this.#invalidate();
  }

  mutate(tree: ConfigTree, { state }: MutatorContext): void {
    for (const name of this.#known.keys()) if (!state.vifs.has(name)) this.#known.delete(name);
    for (const vif of state.vifs.values()) {
      const known = knownAp(vif);
      if (known) this.#known.set(vif.name, known);
    }
    for (const phy of tree.values()) {
      for (const vif of phy.vifs.values()) {
        const group = this.#groups.get(vif.name);
        const own = this.#known.get(vif.name);
        // Neighbours that nobody has an opinion on are the driver's, and stay as they are.
        const configured = this.#configured(phy.name, vif.name)?.ap?.neighbors;
        if (vif.type !== "ap" || group === undefined || !own || configured === undefined) continue;
        const named = new Set(vif.ap.neighbors.map(({ bssid }) => bssid));
        const more = this.#membersOf(group).filter(({ neighbor }) => !named.has(neighbor.bssid));
        if (more.length === 0) continue;
        vif.ap = { ...vif.ap, neighbors: byBssid([...vif.ap.neighbors, ...more.map((ap) => seenFrom(own, ap))]) };
      }
    }
  }

  /** None as long as one of them is not known. */
  #membersOf(group: string): readonly KnownAp[] {
    const members: KnownAp[] = [];
    for (const [vif, owner] of this.#groups) {
      if (owner !== group) continue;
      const known = this.#known.get(vif);
      if (!known) return [];
      members.push(known);
    }
    return members;
  }
}

function seenFrom(own: KnownAp, { neighbor, domain }: KnownAp): Neighbor {
  const fast = domain !== null && domain === own.domain;
  return fast ? { ...neighbor, bssidInfo: sameNetwork | sameMobilityDomain } : neighbor;
}

function knownAp(vif: VifState): KnownAp | null {
  const bss = ownBss(vif, { leaving: false, load: null });
  if (!bss || vif.type !== "ap") return null;
  const { bssid, opClass, channel } = bss;
  return {
    neighbor: { bssid, bssidInfo: sameNetwork, opClass, channel, phyType: 0 },
    domain: usesFt(vif.ap) ? vif.ap.ftMobilityDomain : null,
  };
}
