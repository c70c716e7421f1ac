/**
 * Access points that refuse single stations for a while (a mutator): what steering adds to the ACL that is configured. It
 * takes away from an allow list, and adds to a deny list.
 *
 * An ACL that nobody has configured is inherited from the driver, with what was added to it: what it was before is kept
 * until the driver is back there. Drivers report late, and some do not at all for a while: whom steering has refused on an access point
 * is never taken for somebody whom the driver refuses by itself, however late it shows.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { ApAttributes } from "@opensync-ts/target/radio";
import type { ConfigTree } from "../config-tree.ts";
import type { StationBlocks, VifOverrides } from "../contract.ts";
import { limits } from "../limits.ts";
import type { Mutator } from "../mutators.ts";

type Acl = Pick<ApAttributes, "aclPolicy" | "acl">;

export class SteeringAcl implements StationBlocks, Mutator {
  readonly name = "ow_steer_acl";
  readonly #invalidate: () => void;
  readonly #configured: (phy: string, vif: string) => VifOverrides | undefined;
  /** By vif. */
  readonly #blocked = new Map<string, Set<Mac>>();
  /** By vif: as it was before the first station was blocked. */
  readonly #before = new Map<string, Acl>();
  /** By vif: whom steering has refused there, added to a deny list or left out of an allow list; those of the latest. */
  readonly #ours = new Map<string, Record<"deny" | "allow", Set<Mac>>>();
  /** By vif: as it would be without steering, when the configuration was last built. */
  readonly #own = new Map<string, Acl>();

  constructor(invalidate: () => void, configured: (phy: string, vif: string) => VifOverrides | undefined) {
    this.#invalidate = invalidate;
    this.#configured = configured;
  }

  setBlocked(vif: string, station: Mac, blocked: boolean): boolean {
    const stations = this.#blocked.get(vif) ?? new Set<Mac>();
    if (stations.has(station) === blocked) return true;
    if (blocked && stations.size >= limits.blockedStations) return false;
    if (blocked) this.#blocked.set(vif, stations.add(station));
    else stations.delete(station);
    if (stations.size === 0) this.#blocked.delete(vif);
    this.#invalidate();
    return true;
  }

  refusedAnyway(vif: string, station: Mac): boolean {
    const own = this.#own.get(vif);
    return own !== undefined && refuses(own, station);
  }

  mutate(tree: ConfigTree): void {
    const present = new Set<string>();
    for (const phy of tree.values()) {
      for (const vif of phy.vifs.values()) {
        if (vif.type !== "ap") continue;
        present.add(vif.name);
        const stations = this.#blocked.get(vif.name) ?? noStations;
        const configured = this.#configuredAcl(phy.name, vif.name);
        const before = this.#remembered(vif.name, vif.ap, stations.size > 0);
        const { aclPolicy, acl } = { ...(before ?? vif.ap), ...configured };
        this.#own.set(vif.name, { aclPolicy, acl });
        if (!before) continue;
        if (configured.acl === undefined) this.#remember(vif.name, { aclPolicy, acl }, stations);
        vif.ap = { ...vif.ap, ...(stations.size > 0 ? refusing({ aclPolicy, acl }, stations) : { aclPolicy, acl }) };
      }
    }
    for (const vif of this.#before.keys()) if (!present.has(vif)) this.#before.delete(vif);
    for (const vif of this.#own.keys()) if (!present.has(vif)) this.#own.delete(vif);
    for (const vif of this.#ours.keys()) if (!present.has(vif)) this.#ours.delete(vif);
  }

  /** As far as anybody has an opinion on it. */
  #configuredAcl(phy: string, vif: string): Partial<Acl> {
    const { aclPolicy, acl } = this.#configured(phy, vif)?.ap ?? {};
    return { ...(aclPolicy !== undefined && { aclPolicy }), ...(acl !== undefined && { acl }) };
  }

  /** null: nothing was, nothing is to be. */
  #remembered(vif: string, now: Acl, needed: boolean): Acl | null {
    const known = this.#before.get(vif);
    const before = known ?? this.#withoutOurs(vif, now);
    if (!needed && sameAcl(before, now)) {
      this.#before.delete(vif);
      return null;
    }
    if (!known) this.#before.set(vif, before);
    return before;
  }

  #withoutOurs(vif: string, { aclPolicy, acl }: Acl): Acl {
    const ours = this.#ours.get(vif);
    if (!ours || aclPolicy === "none") return { aclPolicy, acl };
    if (aclPolicy === "deny") return { aclPolicy, acl: acl.filter((station) => !ours.deny.has(station)) };
    return { aclPolicy, acl: [...acl, ...[...ours.allow].filter((station) => !acl.includes(station))] };
  }

  #remember(vif: string, { aclPolicy, acl }: Acl, stations: ReadonlySet<Mac>): void {
    const ours = this.#ours.get(vif) ?? { deny: new Set(), allow: new Set() };
    this.#ours.set(vif, ours);
    const kind = aclPolicy === "allow" ? "allow" : "deny";
    for (const station of stations) {
      // Who is refused anyway is not refused by steering.
      if (refuses({ aclPolicy, acl }, station)) continue;
      ours[kind].delete(station);
      ours[kind].add(station);
    }
    for (const oldest of ours[kind]) {
      if (ours[kind].size <= limits.blockedStations) break;
      ours[kind].delete(oldest);
    }
  }
}

export function refuses({ aclPolicy, acl }: Acl, station: Mac): boolean {
  return aclPolicy !== "none" && acl.includes(station) === (aclPolicy === "deny");
}

/** A deny list without entries and no list are the same to a driver. */
function sameAcl(a: Acl, b: Acl): boolean {
  const open = ({ aclPolicy, acl }: Acl) => aclPolicy === "none" || (aclPolicy === "deny" && acl.length === 0);
  return (open(a) && open(b)) || (a.aclPolicy === b.aclPolicy && a.acl.join() === b.acl.join());
}

const noStations: ReadonlySet<Mac> = new Set();

function refusing({ aclPolicy, acl }: Acl, stations: ReadonlySet<Mac>): Acl {
  switch (aclPolicy) {
    case "allow":
      return { aclPolicy, acl: acl.filter((station) => !stations.has(station)) };
    case "deny":
      return { aclPolicy, acl: [...new Set([...acl, ...stations])].sort() };
    case "none":
      // What the list holds is not in force, and is not to be.
      return { aclPolicy: "deny", acl: [...stations].sort() };
  }
}
