/** Watches the uplinks of radios, and turns to their fallback parents where `fallback-parent.ts` says so. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Channel } from "@opensync-ts/target/radio";
import type { WirelessState } from "@opensync-ts/wireless/contract";
import type { Binding } from "./binding.ts";
import type { ConfigEdits } from "./config-edits.ts";
import {
  type FallbackEvent,
  type FallbackParent,
  type FallbackState,
  fallbackParentOf,
  lostToRadar,
  nextFallback,
  noUplink,
  type UplinkHistory,
  uplinkSeen,
} from "./fallback-parent.ts";
import { linkTimeout } from "./limits.ts";
import { parentChange, writeParentChange } from "./parent-change.ts";

export interface FallbackParentsContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "phys" | "vifs" | "events">;
  readonly binding: () => Binding;
  readonly edits: ConfigEdits;
}

interface Watched {
  state: FallbackState;
  parent: FallbackParent | null;
  uplink: UplinkHistory;
  /** Runs while the uplink is lost, until it is given up. */
  timer: Timer | null;
}

export class FallbackParents {
  readonly #context: FallbackParentsContext;
  readonly #watched = new Map<string, Watched>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(context: FallbackParentsContext) {
    this.#context = context;
    const { events } = context.state;
    this.#unsubscribe = [
      events.on("vif", ({ phy, old, new: now }) => {
        if (old?.type === "sta" || now?.type === "sta") this.#look(phy);
      }),
      events.on("phy", ({ name, new: now }) => {
        if (now !== null) return;
        this.#watched.get(name)?.timer?.cancel();
        this.#watched.delete(name);
      }),
    ];
    for (const name of context.state.phys.keys()) this.#look(name);
  }

  /** To be called after each change of rows. */
  configured({ radios }: Binding): void {
    for (const [phy, { fallback_parents }] of radios) {
      const watched = this.#watch(phy);
      const parent = fallbackParentOf(fallback_parents);
      const before = watched.parent;
      watched.parent = parent;
      if (parent === null) this.#on(watched, "no parent named");
      else if (before === null) this.#on(watched, "parent named");
      else if (before.bssid !== parent.bssid || before.channel !== parent.channel)
        this.#on(watched, "another parent named");
    }
    for (const [phy, watched] of this.#watched) {
      if (radios.has(phy)) continue;
      watched.parent = null;
      this.#on(watched, "no parent named");
      if (!this.#context.state.phys.has(phy)) this.#watched.delete(phy);
    }
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { timer } of this.#watched.values()) timer?.cancel();
  }

  #watch(phy: string): Watched {
    const known = this.#watched.get(phy);
    if (known) return known;
    const watched: Watched = { state: "removed", parent: null, uplink: noUplink, timer: null };
    this.#watched.set(phy, watched);
    return watched;
  }

  #on(watched: Watched, event: FallbackEvent): boolean {
    const before = watched.state;
    watched.state = nextFallback(before, event);
    return watched.state !== before;
  }

  #look(phy: string): void {
    const { clock, state } = this.#context;
    const watched = this.#watch(phy);
    watched.uplink = uplinkSeen(watched.uplink, linkChannel(phy, state.vifs), clock.now());
    if (watched.uplink.connected) {
      watched.timer?.cancel();
      watched.timer = null;
      this.#on(watched, "link recovered");
    } else if (watched.uplink.lostAt !== null) {
      watched.timer ??= clock.setTimer(linkTimeout, () => this.#timedOut(phy, watched));
    }
  }

  #timedOut(phy: string, watched: Watched): void {
    const { clock, log, state, binding, edits } = this.#context;
    const { parent, uplink } = watched;
    if (parent === null || !lostToRadar(uplink, clock.now()) || !this.#on(watched, "link timed out")) return;
    const change = parentChange({ binding: binding(), phys: state.phys, vifs: state.vifs, phy, parent });
    const lost = `ow: dfs_backup: ${phy}: the uplink is lost, radar is the likely reason`;
    if (typeof change === "string") {
      log.warning(`${lost}; its fallback parent ${parent.bssid} cannot be turned to: ${change}`);
      return;
    }
    log.notice(`${lost}; ${change.inserted.if_name} turns to the fallback parent ${parent.bssid} on ${parent.channel}`);
    void edits.edit(`fallback parent of ${phy}`, (builder) => writeParentChange(builder, change));
  }
}

/** Of the STA that is connected, where one is. */
function linkChannel(phy: string, vifs: WirelessState["vifs"]): Channel | null {
  for (const vif of vifs.values()) {
    if (vif.phy === phy && vif.type === "sta" && vif.sta.link.status === "connected") return vif.sta.link.channel;
  }
  return null;
}
