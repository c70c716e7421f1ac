/** Which uplink the node uses: a decision over the rows of `Connection_Manager_Uplink`. */

import type { Row } from "@opensync-ts/schema/opensync";

export type Uplink = Pick<
  Row<"Connection_Manager_Uplink">,
  "if_name" | "if_type" | "priority" | "has_L2" | "has_L3" | "is_used"
>;

export interface UplinkDecision {
  /** What has a link layer and no priority yet: its default one, by `if_name`. */
  readonly priorities: ReadonlyMap<string, number>;
  /** The uplink to use from now on, by `if_name`; null: none. */
  readonly used: string | null;
  readonly reason: string;
}

const defaultPriorities: { readonly [type: string]: number } = {
  pppoe: 23,
  vlan: 22,
  eth: 21,
  vif: 3,
  gre: 3,
  lte: 2,
};

export function defaultPriority(type: string): number {
  return defaultPriorities[type] ?? 1;
}

/**
 * A candidate has `has_L2` and `has_L3`. The used uplink stays until another candidate's priority is strictly higher
 * or it has lost its link; among several the highest priority wins, the first of equals.
 */
export function decideUplink(uplinks: readonly Uplink[]): UplinkDecision {
  const priorities = new Map(
    uplinks
      .filter((uplink) => uplink.has_L2 === true && uplink.priority === null)
      .map((uplink) => [uplink.if_name, defaultPriority(uplink.if_type)]),
  );
  const priorityOf = (uplink: Uplink) => uplink.priority ?? priorities.get(uplink.if_name) ?? 0;
  const candidates = uplinks.filter((uplink) => uplink.has_L2 === true && uplink.has_L3 === true);
  const best = candidates.reduce<Uplink | undefined>(
    (leader, uplink) => (!leader || priorityOf(uplink) > priorityOf(leader) ? uplink : leader),
    undefined,
  );
  const used = uplinks.find((uplink) => uplink.is_used === true && uplink.has_L2 === true);
  if (!used) {
    return { priorities, used: best?.if_name ?? null, reason: best ? "the best there is" : "none has L2 and L3" };
  }
  const better =
    best && best.if_name !== used.if_name && (used.has_L3 === false || priorityOf(best) > priorityOf(used));
  if (!better) return { priorities, used: used.if_name, reason: "in use" };
  const reason = used.has_L3 === false ? `${used.if_name} has lost L3` : `priority above that of ${used.if_name}`;
  return { priorities, used: best.if_name, reason };
}
