/**
 * A mutator that keeps an access point up for a while when it is to go down, so that its stations can be steered away
 * first (`osw_defer_vif_down`). It has one rule for each access point that somebody cares for; going down includes its phy
 * going down, and a move to a channel where it would have to be silent for an availability check.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { intersects } from "@opensync-ts/target/channels";
import type { Channel, PhyState } from "@opensync-ts/target/radio";
import type { ApConfig, ConfigTree, PhyConfig } from "./config-tree.ts";
import type { DeferObserver, DeferVifDown } from "./contract.ts";
import { limits } from "./limits.ts";
import type { Mutator, MutatorContext, MutatorTools } from "./mutators.ts";

interface Rule {
  readonly vif: string;
  readonly grace: number;
  readonly observer: DeferObserver;
  /** When the tree was last built. */
  wasWanted: boolean;
  /** Runs while the access point is kept up. */
  timer: Timer | null;
}

type Tools = Pick<MutatorTools, "clock" | "log" | "state" | "invalidate">;

export class DeferVifDownRules implements DeferVifDown, Mutator {
  readonly name = "osw_defer_vif_down";
  readonly #tools: Tools;
  readonly #rules = new Set<Rule>();
  readonly #unsubscribe: () => void;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#unsubscribe = tools.state.events.on("station", (event) => {
      if ([...this.#rules].some(({ vif, timer }) => vif === event.vif && timer !== null)) tools.invalidate();
    });
  }

  addRule(vif: string, grace: number, observer: DeferObserver): () => void {
    if (this.#rules.size >= limits.deferRules)
      throw new RangeError(`no more than ${limits.deferRules} access points can be kept up for their stations`);
    const rule: Rule = { vif, grace, observer, wasWanted: false, timer: null };
    this.#rules.add(rule);
    // What is wanted now is what a later change is compared with.
    this.#tools.invalidate();
    return () => {
      if (!this.#rules.delete(rule) || rule.timer === null) return;
      this.#end(rule, "its rule was removed");
      this.#tools.invalidate();
    };
  }

  mutate(tree: ConfigTree, { state }: MutatorContext): void {
    for (const rule of this.#rules) {
      const found = findAp(tree, rule.vif);
      const phyState = found && state.phys.get(found.phy.name);
      const current = state.vifs.get(rule.vif);
      if (!found || !phyState || current?.type !== "ap") {
        rule.wasWanted = false;
        this.#end(rule, "it has gone");
        continue;
      }
      this.#apply(rule, found, current.ap.channel, phyState);
    }
  }

  stop(): void {
    this.#unsubscribe();
    for (const { timer } of this.#rules) timer?.cancel();
    this.#rules.clear();
  }

  #apply(rule: Rule, { phy, vif }: FoundAp, channel: Channel | null, phyState: PhyState): void {
    const wanted = vif.enabled && phy.enabled && !fallsSilent(vif, channel, phyState);
    const falls = rule.wasWanted && !wanted;
    rule.wasWanted = wanted;
    if (falls && rule.timer === null) this.#begin(rule);
    if (rule.timer === null) return;
    const stations = this.#tools.state.stations.get(rule.vif)?.size ?? 0;
    if (wanted) this.#end(rule, "it is wanted again");
    else if (stations === 0) this.#end(rule, "it has no stations");
    else keepUp(phy, vif, channel);
  }

  #begin(rule: Rule): void {
    const { clock, log, invalidate } = this.#tools;
    rule.timer = clock.setTimer(rule.grace, () => {
      this.#end(rule, "time is up");
      invalidate();
    });
    log.info(`osw: defer_vif_down: ${rule.vif}: kept up for ${rule.grace / 1000} s, or until its stations have gone`);
    rule.observer.started(rule.vif);
  }

  #end(rule: Rule, why: string): void {
    if (rule.timer === null) return;
    rule.timer.cancel();
    rule.timer = null;
    this.#tools.log.info(`osw: defer_vif_down: ${rule.vif}: kept up no longer: ${why}`);
    rule.observer.stopped(rule.vif);
  }
}

interface FoundAp {
  readonly phy: PhyConfig;
  readonly vif: ApConfig;
}

function findAp(tree: ConfigTree, name: string): FoundAp | null {
  for (const phy of tree.values()) {
    const vif = phy.vifs.get(name);
    if (vif?.type === "ap") return { phy, vif };
  }
  return null;
}

/** It moves to a channel that it may not announce a switch to. */
function fallsSilent({ enabled, ap }: ApConfig, current: Channel | null, { channelStates }: PhyState): boolean {
  if (!enabled || current === null || ap.channel === null) return false;
  return intersects(ap.channel, channelStates, "cac_possible", "cac_in_progress", "nol");
}

/** All access points of a phy have one channel. */
function keepUp(phy: PhyConfig, vif: ApConfig, channel: Channel | null): void {
  phy.enabled = true;
  vif.enabled = true;
  if (channel === null) return;
  for (const other of phy.vifs.values()) if (other.type === "ap") other.ap = { ...other.ap, channel };
}
