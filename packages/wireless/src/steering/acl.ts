/**
 * Access points that refuse single stations for a while (a mutator): what steering adds to the ACL that is configured. It
 * takes away from an allow list, and adds to a deny list.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { AclPolicy, ApAttributes } from "@opensync-ts/target/radio";
import type { ConfigTree } from "../config-tree.ts";
import type { StationBlocks } from "../contract.ts";
import { limits } from "../limits.ts";
import type { Mutator } from "../mutators.ts";

export class SteeringAcl implements StationBlocks, Mutator {
  readonly name = "ow_steer_acl";
  readonly #invalidate: () => void;
  /** By vif. */
  readonly #blocked = new Map<string, Set<Mac>>();

  constructor(invalidate: () => void) {
    this.#invalidate = invalidate;
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

  mutate(tree: ConfigTree): void {
    for (const { vifs } of tree.values()) {
      for (const vif of vifs.values()) {
        const stations = this.#blocked.get(vif.name);
        if (stations && vif.type === "ap") vif.ap = refusing(vif.ap, stations);
      }
    }
  }
}

export function refuses({ aclPolicy, acl }: Pick<ApAttributes, "aclPolicy" | "acl">, station: Mac): boolean {
  return aclPolicy !== "none" && acl.includes(station) === (aclPolicy === "deny");
}

function refusing(ap: ApAttributes, stations: ReadonlySet<Mac>): ApAttributes {
  const deny: AclPolicy = "deny";
  switch (ap.aclPolicy) {
    case "allow":
      return { ...ap, acl: ap.acl.filter((station) => !stations.has(station)) };
    case "deny":
      return { ...ap, acl: [...new Set([...ap.acl, ...stations])].sort() };
    case "none":
      // What the list holds is not in force, and is not to be.
      return { ...ap, aclPolicy: deny, acl: [...stations].sort() };
  }
}
