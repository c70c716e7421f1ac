/**
 * A mutator for repeaters whose parent switches to another band (`ow_xphy_csa_conf`): the STA of that band's radio takes
 * the networks over, its access points the channel, until the configuration says the same, which may take the cloud a
 * while.
 */

import type { Channel } from "@opensync-ts/target/radio";
import type { ConfigTree, PhyConfig, StaConfig } from "./config-tree.ts";
import { csaTarget } from "./csa-target.ts";
import type { Mutator, MutatorTools } from "./mutators.ts";

/** A switch that was heard. */
export interface XphySwitch {
  readonly fromPhy: string;
  readonly toPhy: string;
  readonly channel: Channel;
}

export type XphyOutcome =
  /** No switch was heard. */
  | { readonly kind: "inactive" }
  /** Several uplinks are in use: it is not known which one is meant. */
  | { readonly kind: "multi-STA" }
  | { readonly kind: "no target STA" }
  | { readonly kind: "no current STA" }
  /** The configuration itself is there now. */
  | { readonly kind: "disarm" }
  | { readonly kind: "applied"; readonly from: StaConfig; readonly to: StaConfig; readonly phy: PhyConfig };

/** `configured`: whether the configuration itself, and not only the state, has a vif up. */
export function xphyOutcome(
  tree: ConfigTree,
  heard: XphySwitch | null,
  configured: (vif: StaConfig) => boolean,
): XphyOutcome {
  if (heard === null) return { kind: "inactive" };
  const phy = tree.get(heard.toPhy);
  const to = phy && stas(phy)[0];
  if (!phy || !to) return { kind: "no target STA" };
  if (configured(to)) return { kind: "disarm" };
  const others = [...tree.values()].flatMap(stas).filter((sta) => sta !== to && sta.enabled);
  const [from] = others;
  if (!from) return { kind: "no current STA" };
  return others.length > 1 ? { kind: "multi-STA" } : { kind: "applied", from, to, phy };
}

interface XphyCsaOptions extends Pick<MutatorTools, "log" | "state" | "invalidate"> {
  /** What the configuration says of a vif being up; undefined: nothing. */
  readonly configured: (phy: string, vif: string) => boolean | undefined;
}

export class XphyCsa implements Mutator {
  readonly name = "ow_xphy_csa_conf";
  readonly #options: XphyCsaOptions;
  readonly #unsubscribe: () => void;
  #heard: XphySwitch | null = null;
  #last: XphyOutcome["kind"] = "inactive";

  constructor(options: XphyCsaOptions) {
    this.#options = options;
    const { state, invalidate } = options;
    this.#unsubscribe = state.events.on("channelSwitchHeard", ({ phy, channel }) => {
      const toPhy = csaTarget(state.phys, phy, channel);
      if (toPhy === null || toPhy === phy) return;
      this.#heard = { fromPhy: phy, toPhy, channel };
      this.#last = "inactive";
      invalidate();
    });
  }

  mutate(tree: ConfigTree): void {
    const { configured } = this.#options;
    const outcome = xphyOutcome(tree, this.#heard, ({ phy, name }) => configured(phy, name) === true);
    this.#tell(outcome.kind);
    if (outcome.kind === "disarm") this.#heard = null;
    if (outcome.kind !== "applied" || this.#heard === null) return;
    const { from, to, phy } = outcome;
    const { channel } = this.#heard;
    to.networks = from.networks;
    to.enabled = true;
    from.enabled = false;
    for (const vif of phy.vifs.values()) if (vif.type === "ap") vif.ap = { ...vif.ap, channel };
  }

  stop(): void {
    this.#unsubscribe();
  }

  #tell(outcome: XphyOutcome["kind"]): void {
    if (outcome === this.#last || outcome === "inactive" || this.#heard === null) return;
    this.#last = outcome;
    const { fromPhy, toPhy } = this.#heard;
    this.#options.log.notice(`ow: xphy_csa: ${fromPhy} -> ${toPhy}: ${told[outcome]}`);
  }
}

const told: Readonly<Record<Exclude<XphyOutcome["kind"], "inactive">, string>> = {
  "multi-STA": "the parent changes the band, but several uplinks are in use; nothing is done",
  "no target STA": "the parent changes the band, but the radio has no STA; nothing is done",
  "no current STA": "the parent changes the band, but no uplink is in use; nothing is done",
  disarm: "the configuration is where the parent went",
  applied: "the uplink follows its parent to another band until the configuration does",
};

function stas(phy: PhyConfig): StaConfig[] {
  return [...phy.vifs.values()].filter((vif): vif is StaConfig => vif.type === "sta");
}
