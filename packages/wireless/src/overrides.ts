/**
 * Opinions on phys and vifs (`ow_conf`), kept by name whether or not a driver has them, and laid over the tree as the
 * first mutator.
 */

import { isDeepStrictEqual } from "node:util";
import type { ApAttributes } from "@opensync-ts/target/radio";
import type { ConfigTree, PhyConfig, VifConfig } from "./config-tree.ts";
import type { ApOverrides, Overrides, PhyOverrides, VifOverrides } from "./contract.ts";
import { shareFtKeys } from "./ft-neighbors.ts";
import type { Mutator, MutatorContext } from "./mutators.ts";
import { byBssid, normalizeRates, sortedPsks, sortedSet } from "./state-compare.ts";

/** Time units (1.024 ms); for APs that somebody configures and whose driver reports none. */
const defaultBeaconInterval = 100;

export class OverrideStore implements Overrides, Mutator {
  readonly name = "ow_conf";
  readonly #phys = new Map<string, PhyOverrides>();
  /** By phy, then vif. */
  readonly #vifs = new Map<string, Map<string, VifOverrides>>();
  readonly #onChange: () => void;
  #batches = 0;
  #changed = false;

  /** `onChange` is called once for each call, or batch, that changed something. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  setPhy(phy: string, overrides: PhyOverrides | null): void {
    const normalized = overrides && { ...overrides, ...(overrides.ap && { ap: normalizeAp(overrides.ap) }) };
    this.#set(this.#phys, phy, normalized);
  }

  setVif(phy: string, vif: string, overrides: VifOverrides | null): void {
    const vifs = this.#vifs.get(phy) ?? new Map<string, VifOverrides>();
    this.#vifs.set(phy, vifs);
    const normalized = overrides && { ...overrides, ...(overrides.ap && { ap: normalizeAp(overrides.ap) }) };
    this.#set(vifs, vif, normalized);
    if (vifs.size === 0) this.#vifs.delete(phy);
  }

  /** What is asked of a vif; undefined: nothing. */
  vif(phy: string, vif: string): VifOverrides | undefined {
    return this.#vifs.get(phy)?.get(vif);
  }

  batch(change: () => void): void {
    this.#batches++;
    try {
      change();
    } finally {
      this.#batches--;
      this.#announce();
    }
  }

  mutate(tree: ConfigTree, context: MutatorContext): void {
    for (const phy of tree.values()) this.#mutatePhy(phy, context);
    shareFtKeys(tree, (phy, vif) => this.#vifs.get(phy)?.get(vif)?.ap?.ftNeighbors);
  }

  #mutatePhy(phy: PhyConfig, context: MutatorContext): void {
    const opinion = this.#phys.get(phy.name) ?? {};
    phy.enabled = opinion.enabled ?? phy.enabled;
    phy.txChainmask = opinion.txChainmask ?? phy.txChainmask;
    phy.radar = opinion.radar ?? phy.radar;
    phy.regDomain = opinion.regDomain ?? phy.regDomain;
    phy.zeroWaitDfs = opinion.zeroWaitDfs ?? phy.zeroWaitDfs;
    const vifs = this.#vifs.get(phy.name);
    for (const vif of phy.vifs.values()) mutateVif(vif, opinion, vifs?.get(vif.name) ?? {}, context);
  }

  #set<T extends object>(map: Map<string, T>, name: string, overrides: T | null): void {
    const old = map.get(name) ?? null;
    if (isDeepStrictEqual(old, overrides)) return;
    if (overrides === null) map.delete(name);
    else map.set(name, overrides);
    this.#changed = true;
    this.#announce();
  }

  #announce(): void {
    if (this.#batches > 0 || !this.#changed) return;
    this.#changed = false;
    this.#onChange();
  }
}

function mutateVif(vif: VifConfig, phy: PhyOverrides, own: VifOverrides, context: MutatorContext): void {
  // Drivers make an AP_VLAN vif when a station needs one: up it goes, unless somebody is against it.
  vif.enabled = own.enabled ?? (vif.type === "ap_vlan" || vif.enabled);
  const mismatch = (asked: "ap" | "sta") =>
    context.limit({ phy: vif.phy, vif: vif.name, attribute: "vif_type", asked, holds: vif.type, notEnforced: [] });
  if (vif.type !== "ap_vlan") vif.txPower = phy.txPower ?? vif.txPower;
  if (vif.type !== "ap" && own.ap) mismatch("ap");
  if (vif.type !== "sta" && own.sta) mismatch("sta");
  if (vif.type === "sta" && own.sta) vif.networks = own.sta.networks;
  if (vif.type === "ap" && (phy.ap || own.ap)) {
    vif.ap = overrideAp(overrideAp(vif.ap, phy.ap ?? {}), own.ap ?? {});
    if (vif.ap.beaconInterval === 0) vif.ap = { ...vif.ap, beaconInterval: defaultBeaconInterval };
  }
}

/** A null channel is no opinion: no driver can be told to have none. */
function overrideAp(base: ApAttributes, over: ApOverrides): ApAttributes {
  return {
    ...base,
    ...over,
    channel: over.channel ?? base.channel,
    mode: { ...base.mode, ...over.mode },
    rates: { ...base.rates, ...over.rates },
    wpa: { ...base.wpa, ...over.wpa },
  };
}

function normalizeAp(ap: ApOverrides): ApOverrides {
  return {
    ...ap,
    ...(ap.acl && { acl: sortedSet(ap.acl) }),
    ...(ap.psks && { psks: sortedPsks(ap.psks) }),
    ...(ap.neighbors && { neighbors: byBssid(ap.neighbors) }),
    ...(ap.ftNeighbors && { ftNeighbors: byBssid(ap.ftNeighbors) }),
    ...(ap.wpsCredentials && { wpsCredentials: [...new Set(ap.wpsCredentials)].sort() }),
    ...(ap.rates && { rates: normalizeRates(ap.rates) }),
  };
}
