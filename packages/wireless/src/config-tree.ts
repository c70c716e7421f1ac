/**
 * The intended configuration (`osw_conf`) as a tree of phys and vifs. It starts as a copy of what drivers report and
 * is edited by mutators; what nobody edits is what it is already, and so never out of sync. The tree is built anew
 * each time it is needed: the objects are the builder's to change, the attribute values in them are shared and not.
 */

import type { Dbm, Mac } from "@opensync-ts/base/units";
import type { ApAttributes, PhyState, StaNetwork, VifState } from "@opensync-ts/target/radio";
import type { WirelessState } from "./contract.ts";
import type { PhyAttributeName, PhyAttributes } from "./phy-attributes.ts";

export type ConfigTree = ReadonlyMap<string, PhyConfig>;

export type PhyConfig = { -readonly [Name in PhyAttributeName]: PhyAttributes[Name] } & {
  readonly name: string;
  readonly vifs: ReadonlyMap<string, VifConfig>;
};

export type VifConfig = {
  readonly name: string;
  readonly phy: string;
  readonly mac: Mac;
  enabled: boolean;
  txPower: Dbm;
} & (
  | { readonly type: "ap"; ap: ApAttributes }
  | { readonly type: "sta"; networks: readonly StaNetwork[] }
  | { readonly type: "ap_vlan" }
);

export type ApConfig = VifConfig & { readonly type: "ap" };
export type StaConfig = VifConfig & { readonly type: "sta" };

/** What drivers report, seen as a wish. Phys and vifs come in order of name. */
export function configTreeOf(state: Pick<WirelessState, "phys" | "vifs">): ConfigTree {
  const vifsOf = Map.groupBy(sortedByName(state.vifs.values()), (vif) => vif.phy);
  return new Map(sortedByName(state.phys.values()).map((phy) => [phy.name, phyConfigOf(phy, vifsOf.get(phy.name))]));
}

function phyConfigOf(phy: PhyState, vifs: readonly VifState[] = []): PhyConfig {
  return {
    name: phy.name,
    enabled: phy.enabled,
    txChainmask: phy.txChainmask,
    radar: phy.radar,
    radarNextChannel: phy.radarNextChannel,
    regDomain: phy.regDomain,
    zeroWaitDfs: phy.zeroWaitDfs,
    vifs: new Map(vifs.map((vif) => [vif.name, vifConfigOf(vif)])),
  };
}

function vifConfigOf(vif: VifState): VifConfig {
  const { name, phy, mac, txPower } = vif;
  const common = { name, phy, mac, txPower, enabled: vif.status === "enabled" };
  switch (vif.type) {
    case "ap":
      return { ...common, type: "ap", ap: vif.ap };
    case "sta":
      return { ...common, type: "sta", networks: vif.sta.networks };
    case "ap_vlan":
      return { ...common, type: "ap_vlan" };
  }
}

function sortedByName<T extends { readonly name: string }>(items: Iterable<T>): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
