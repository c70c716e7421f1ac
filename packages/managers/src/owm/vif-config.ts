/**
 * `Wifi_VIF_Config` → what OWM asks of a vif. A column that is unset is no opinion, with these exceptions, which are
 * always replaced by what the row says, even if that is nothing: ACL, PSKs, networks of a STA.
 *
 * | column (AP)                                                    | asks for                                   |
 * |----------------------------------------------------------------|--------------------------------------------|
 * | `enabled`                                                      | the vif enabled (in effect: and its phy)   |
 * | `ssid`, `ssid_broadcast`                                       | SSID; hidden when `disabled`               |
 * | `bridge`                                                       | the bridge it is a port of                 |
 * | `ap_bridge`                                                    | stations not isolated from each other      |
 * | `mcast2ucast`                                                  | multicast sent as unicast                  |
 * | `uapsd_enable`                                                 | U-APSD, and WMM, which it needs            |
 * | `rrm`, `btm`                                                   | neighbour reports, BSS transition          |
 * | `mac_list_type`, `mac_list`                                    | ACL                                        |
 * | `wpa`, `wpa_key_mgmt`, `*_pairwise_*`, `pmf`, `security` …     | crypto, as a block (`security.ts`)         |
 * | `group_rekey`                                                  | group key renewal, s                       |
 * | `wpa_psks`                                                     | keys (`psk.ts`)                            |
 */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { AclPolicy, Wpa } from "@opensync-ts/target/radio";
import type { ApOverrides, VifOverrides } from "@opensync-ts/wireless/contract";
import { interfaceNameOctets, namedEntries } from "./limits.ts";
import type { Mapped, Problem } from "./problems.ts";
import { psksOf } from "./psk.ts";
import type { VifConfig } from "./rows.ts";
import { apCryptoOf, securityOf } from "./security.ts";
import { ssidOf } from "./ssid.ts";
import { staNetworks } from "./sta-config.ts";
import type { ReportVif, VifContext } from "./vif-context.ts";

/** What a row that is bound to a radio asks for; `null`: nothing at all. */
export function vifOverrides(row: VifConfig, context: VifContext): Mapped<VifOverrides | null> {
  const problems: Problem[] = [];
  const report: ReportVif = (column, value, reason) =>
    problems.push({ table: "Wifi_VIF_Config", row: row.if_name, column, value, reason });

  const type = effectiveType(row, context, report);
  if (type === null) return { value: null, problems };
  const enabled = row.enabled === null ? {} : { enabled: row.enabled };
  switch (type) {
    case "ap": {
      const { ap, unsafe } = apOverrides(row, report, problems);
      return { value: { ...enabled, ...(unsafe && !context.secured && { enabled: false }), ap }, problems };
    }
    case "sta":
      return { value: { ...enabled, sta: { networks: staNetworks(row, context, report, problems) } }, problems };
    case "ap_vlan":
      return { value: enabled, problems };
  }
}

/** The vif disabled: what removing its row asks for. An AP_VLAN is then left to itself. */
export function overridesOfRemoved(type: VifContext["type"]): VifOverrides | null {
  return type === "ap_vlan" ? null : { enabled: false };
}

/** The type is the driver's to say: a row cannot change it, only speak of another. */
function effectiveType(row: VifConfig, { type }: VifContext, report: ReportVif): VifContext["type"] {
  if (row.mode === null) return type;
  if (row.mode === "monitor") {
    report("mode", row.mode, "not supported (ap, sta or ap_vlan); the row is not applied");
    return null;
  }
  if (type !== null && type !== row.mode) {
    report("mode", row.mode, `the interface is of type ${type}; the row is not applied`);
    return null;
  }
  return row.mode;
}

/** `unsafe`: the row asks for security that nobody can make sense of; an open AP is not what was meant. */
function apOverrides(
  row: VifConfig,
  report: ReportVif,
  problems: Problem[],
): { readonly ap: ApOverrides; readonly unsafe: boolean } {
  const ap: Writable<ApOverrides> = { acl: acl(row, report) };
  if (row.ssid !== null) {
    const ssid = ssidOf(row.ssid, report);
    if (ssid !== null) ap.ssid = ssid;
  }
  if (row.ssid_broadcast !== null) ap.ssidHidden = row.ssid_broadcast === "disabled";
  if (row.bridge && isInterfaceName(row.bridge)) ap.bridge = row.bridge;
  else if (row.bridge) report("bridge", row.bridge, "no interface name (1 to 15 octets); the bridge in use is kept");
  if (row.ap_bridge !== null) ap.isolated = !row.ap_bridge;
  if (row.mcast2ucast !== null) ap.mcast2ucast = row.mcast2ucast;
  if (row.mac_list_type !== null) ap.aclPolicy = aclPolicies[row.mac_list_type];

  const mode: Writable<NonNullable<ApOverrides["mode"]>> = {};
  if (row.uapsd_enable !== null) {
    mode.wmmUapsd = row.uapsd_enable;
    mode.wmm = true;
  }
  if (row.rrm !== null) mode.rrmNeighborReport = row.rrm !== 0;
  if (row.btm !== null) mode.wnmBssTransition = row.btm !== 0;
  if (Object.keys(mode).length > 0) ap.mode = mode;

  const security = securityOf(row);
  problems.push(...security.problems);
  let unsafe = security.value === null && security.problems.length > 0;
  const wpa: Writable<Partial<Wpa>> = {};
  if (security.value) {
    const crypto = apCryptoOf(row.if_name, security.value);
    problems.push(...crypto.problems);
    unsafe = crypto.value === null;
    Object.assign(wpa, crypto.value);
  }
  if (row.group_rekey !== null && row.group_rekey >= -1) wpa.groupRekey = row.group_rekey;
  else if (row.group_rekey !== null)
    report("group_rekey", String(row.group_rekey), "no number of seconds; the interval in use is kept");
  if (Object.keys(wpa).length > 0) ap.wpa = wpa;

  const psks = psksOf(row.if_name, security.value?.wpa_psks ?? row.wpa_psks);
  problems.push(...psks.problems);
  // The security it keeps needs its keys.
  if (!unsafe || psks.value.length > 0) ap.psks = psks.value;
  return { ap, unsafe };
}

/** As Linux takes it. */
function isInterfaceName(text: string): boolean {
  return Buffer.byteLength(text) <= interfaceNameOctets && !/[\s/]/.test(text) && text !== "." && text !== "..";
}

const aclPolicies: Readonly<Record<NonNullable<VifConfig["mac_list_type"]>, AclPolicy>> = {
  none: "none",
  whitelist: "allow",
  blacklist: "deny",
};

function acl(row: VifConfig, report: ReportVif): Mac[] {
  const macs = new Set<Mac>();
  const wrong: string[] = [];
  for (const text of row.mac_list) {
    const mac = parseMac(text);
    if (mac) macs.add(mac);
    else wrong.push(text);
  }
  // One line, however long the list.
  const named = wrong.slice(0, namedEntries).join(" ");
  if (wrong.length === 1) report("mac_list", named, "not a MAC address (aa:bb:cc:dd:ee:ff); it is left out");
  if (wrong.length > 1)
    report("mac_list", named, `${wrong.length} entries are no MAC addresses (aa:bb:cc:dd:ee:ff); they are left out`);
  return [...macs].sort();
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
