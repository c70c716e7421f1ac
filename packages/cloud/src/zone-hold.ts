/** Whether what a restricted client may not reach is kept from it, as the rules that its nodes carry out say. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { RestrictedZone } from "./model/zones.ts";
import type { TableReader } from "./rows.ts";
import { routerRule } from "./zone-router.ts";

/**
 * | hold     | it reaches, beside what its zone lets it reach and those of its access point |
 * |----------|------------------------------------------------------------------------------|
 * | `whole`  | nothing                                                                      |
 * | `cables` | devices on a cable at its extender                                           |
 * | `late`   | these, and devices at other nodes, until these are told of it                |
 * | `none`   | everything: its node carries no rule of the zone out                         |
 */
export const zoneHolds = ["whole", "cables", "late", "none"] as const;
export type ZoneHold = (typeof zoneHolds)[number];

/** `node`: the one that it is on; `gateway`: null where that is the gateway itself, undefined: it is not connected. */
export function zoneHold(
  zone: RestrictedZone,
  client: Mac,
  node: TableReader,
  gateway: TableReader | null | undefined,
): ZoneHold {
  const rules = new Map([...node("Netfilter").values()].map((row) => [row.name, row]));
  const isCarriedOut = (name: string) => {
    const rule = rules.get(`zone.${zone}.${name}`);
    return rule?.enable === true && rule.status === "enabled";
  };
  if (!isCarriedOut("bridged")) return "none";
  if (gateway === null || isCarriedOut(routerRule.slice(1))) return "whole";
  const tag = gateway && [...gateway("Openflow_Tag").values()].find(({ name }) => name === `zone-${zone}`);
  const told = Array.isArray(tag?.cloud_value) ? tag.cloud_value : [tag?.cloud_value];
  return told.includes(client) ? "cables" : "late";
}
