/** `mac_list` and `mac_list_type`: who may associate, both ways. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { AclPolicy, ApState } from "@opensync-ts/target/radio";
import { namedEntries } from "./limits.ts";
import type { VifConfig, VifStateRecord } from "./rows.ts";
import type { ReportVif } from "./vif-context.ts";

export const aclPolicies: Readonly<Record<NonNullable<VifConfig["mac_list_type"]>, AclPolicy>> = {
  none: "none",
  whitelist: "allow",
  blacklist: "deny",
};

const macListTypes: Readonly<Record<AclPolicy, NonNullable<VifStateRecord["mac_list_type"]>>> = {
  none: "none",
  allow: "whitelist",
  deny: "blacklist",
};

export function aclOf(macList: readonly string[], report: ReportVif): readonly Mac[] {
  const macs = new Set<Mac>();
  const wrong: string[] = [];
  for (const text of macList) {
    const mac = parseMac(text);
    if (mac) macs.add(mac);
    else wrong.push(text);
  }
  // One line, however long the list.
  const named = wrong.slice(0, namedEntries).join(" ") + (wrong.length > namedEntries ? " …" : "");
  if (wrong.length === 1) report("mac_list", named, "not a MAC address (aa:bb:cc:dd:ee:ff); it is left out");
  if (wrong.length > 1)
    report("mac_list", named, `${wrong.length} entries are no MAC addresses (aa:bb:cc:dd:ee:ff); they are left out`);
  return [...macs].sort();
}

/** Only what the configuration put there, in its spelling: entries added to steer a client do not show. */
export function macListColumn({ acl }: Pick<ApState, "acl">, config: VifConfig | null): readonly string[] {
  const present = new Set<string>(acl);
  return (config?.mac_list ?? []).filter((text) => present.has(parseMac(text) ?? ""));
}

/** An empty deny list and no list at all are the same to a driver. */
export function macListTypeColumn(
  { acl, aclPolicy }: Pick<ApState, "acl" | "aclPolicy">,
  config: VifConfig | null,
): VifStateRecord["mac_list_type"] {
  const empty = acl.length === 0;
  if (empty && aclPolicy === "none" && config?.mac_list_type === "blacklist") return "blacklist";
  if (empty && aclPolicy === "deny" && config?.mac_list_type === "none") return "none";
  return macListTypes[aclPolicy];
}
