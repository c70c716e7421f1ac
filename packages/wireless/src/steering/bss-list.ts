/** All BSSs there are, kept as vifs and neighbours come and go; for each group the same list, and which of it is its own. */

import type { Mac, Mhz } from "@opensync-ts/base/units";
import type { WirelessState } from "../contract.ts";
import { neighborBss, ownBss, type SteeringNeighbor } from "./bss-table.ts";
import { steeringLimits } from "./limits.ts";
import type { Bss } from "./model.ts";

export interface GroupBsses {
  readonly bsses: readonly Bss[];
  /** BSSIDs. */
  readonly members: readonly Mac[];
  readonly groupMlo: boolean;
}

export class BssTable {
  readonly #state: Pick<WirelessState, "vifs">;
  #groups: ReadonlyMap<string, string> = new Map();
  #neighbors: readonly SteeringNeighbor[] = [];
  readonly #leaving = new Set<string>();
  /** Percent busy, by phy and frequency. */
  readonly #loads = new Map<string, number>();
  readonly #lists = new Map<string, GroupBsses>();

  constructor(state: Pick<WirelessState, "vifs">) {
    this.#state = state;
  }

  /** `groups`: by access point. */
  configure(groups: ReadonlyMap<string, string>, neighbors: readonly SteeringNeighbor[]): void {
    this.#groups = groups;
    this.#neighbors = neighbors;
    this.changed();
  }

  setLeaving(vif: string, leaving: boolean): void {
    if (leaving) this.#leaving.add(vif);
    else this.#leaving.delete(vif);
    this.changed();
  }

  /** Load alone is no reason to decide anew. */
  setLoad(phy: string, frequency: Mhz, percent: number): void {
    const key = `${phy} ${frequency}`;
    this.#loads.delete(key);
    this.#loads.set(key, percent);
    for (const oldest of this.#loads.keys()) {
      if (this.#loads.size <= steeringLimits.channelLoads) break;
      this.#loads.delete(oldest);
    }
    this.changed();
  }

  /** Lists are made anew when they are asked for. */
  changed(): void {
    this.#lists.clear();
  }

  of(group: string): GroupBsses {
    const known = this.#lists.get(group) ?? this.#build(group);
    this.#lists.set(group, known);
    return known;
  }

  frequencyOf(vif: string): Mhz | null {
    const state = this.#state.vifs.get(vif);
    return state?.type === "ap" ? (state.ap.channel?.control ?? null) : null;
  }

  describe(): readonly string[] {
    const groups = Map.groupBy(this.#groups, ([, group]) => group);
    return [...groups].flatMap(([group, vifs]) => [
      `group ${group}: ${vifs.map(([vif]) => vif).join(" ")}`,
      ...this.of(group).bsses.map(({ bssid, vif, band, channel, opClass, load, leaving }) => {
        const more = [load === null ? null : `${load} % busy`, leaving ? "going down" : null].filter(Boolean);
        return `  bss ${bssid} ${[vif ?? "neighbour", band, `channel ${channel}`, `op_class ${opClass}`, ...more].join(" ")}`;
      }),
    ]);
  }

  #build(group: string): GroupBsses {
    const own: Bss[] = [];
    let groupMlo = false;
    for (const vif of this.#state.vifs.values()) {
      // Other nodes hang on it: no client is sent there, and nobody refused.
      if (vif.type !== "ap" || vif.ap.multiAp === "backhaul_bss") continue;
      const load = this.#loads.get(`${vif.phy} ${vif.ap.channel?.control}`) ?? null;
      const bss = ownBss(vif, { leaving: this.#leaving.has(vif.name), load });
      if (bss) own.push(bss);
      groupMlo ||= this.#groups.get(vif.name) === group && vif.ap.mld !== null;
    }
    const isOurs = (vif: string | null) => vif !== null && this.#groups.get(vif) === group;
    const up = new Set(own.map(({ vif }) => vif));
    const ownBssids = new Set(own.map(({ bssid }) => bssid));
    const neighbors = this.#neighbors.flatMap((neighbor) => {
      const bss = isOurs(neighbor.vif) && up.has(neighbor.vif) ? neighborBss(neighbor) : null;
      // Two of our access points may have the same neighbour.
      if (!bss || ownBssids.has(bss.bssid)) return [];
      ownBssids.add(bss.bssid);
      return [bss];
    });
    const first = own.filter(({ vif }) => isOurs(vif));
    const rest = own.filter(({ vif }) => !isOurs(vif));
    const bsses = [...first, ...neighbors, ...rest].slice(0, steeringLimits.candidates);
    const members = [...first, ...neighbors].map(({ bssid }) => bssid);
    return { bsses, members: members.slice(0, steeringLimits.candidates), groupMlo };
  }
}
