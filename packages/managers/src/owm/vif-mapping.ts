/** What `Wifi_VIF_Config` and `Wifi_VIF_State` have for every kind of vif, all there is of an AP_VLAN, and the columns left out. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { VifState } from "@opensync-ts/target/radio";
import type { VifOverrides } from "@opensync-ts/wireless/contract";
import { type LeftOut, type MappingRow, rowsOf } from "./mapping.ts";
import type { VifConfig, VifStateRecord } from "./rows.ts";

export interface VifFacts {
  readonly vif: VifState;
  readonly config: VifConfig | null;
}

type VifRow = MappingRow<VifConfig, VifStateRecord, unknown, VifOverrides, VifFacts>;

const row = rowsOf<VifConfig, VifStateRecord, unknown, VifOverrides, VifFacts>();

export const vifMapping: readonly VifRow[] = [
  row({
    config: ["if_name"],
    attributes: ["vif.name"],
    state: ["if_name"],
    note: "the key: the row speaks of the vif of this name, if a radio's `vif_configs` refers to the row",
    report: ({ vif }) => ({ if_name: vif.name }),
  }),
  row({
    config: ["mode"],
    attributes: ["vif.type"],
    state: ["mode"],
    note: "`ap`, `sta`, `ap_vlan`; says what the row speaks of, the type itself is the driver's",
    report: ({ vif }) => ({ mode: vif.type }),
  }),
  row({
    config: ["enabled"],
    attributes: ["vif.enabled"],
    state: ["enabled"],
    note: "in effect only while the radio is enabled, too; unset where the driver does not know or contradicts itself",
    apply: ({ enabled }) => (enabled === null ? {} : { enabled }),
    report: ({ vif }) => ({ enabled: vif.status === "enabled" ? true : vif.status === "disabled" ? false : null }),
  }),
  row({
    attributes: ["vif.mac"],
    state: ["mac"],
    report: ({ vif }) => ({ mac: vif.mac }),
  }),
  row({
    state: ["vif_config"],
    note: "the configuration row",
    report: ({ config }) => ({ vif_config: config?._uuid ?? null }),
  }),
  row({
    attributes: ["ap.mld", "sta.mld"],
    state: ["mld_addr", "mld_if_name"],
    note: "of which multi-link device the vif is a link; the interface is unset where any link's will do",
    report: ({ vif }) => {
      const mld = vif.type === "ap" ? vif.ap.mld : vif.type === "sta" ? vif.sta.mld : null;
      return { mld_addr: mld?.addr ?? null, mld_if_name: mld?.ifName || null };
    },
  }),
];

/** An AP_VLAN is enabled wherever no row says otherwise. */
export const apVlanMapping: readonly VifRow[] = [
  row({
    attributes: ["vif.stations"],
    state: ["wds", "ap_vlan_sta_addr"],
    note: "`wds` is true; the address of the first station",
    report: ({ vif }) => ({ wds: true, ap_vlan_sta_addr: vif.type === "ap_vlan" ? (vif.stations[0] ?? null) : null }),
  }),
];

const noDpp = "DPP is not realised: the radio model does not have it";
const noAttribute = "the radio model has no such attribute, and OpenSync 7.0 does nothing with the column";

export const vifConfigLeftOut: LeftOut<VifConfig> = {
  vif_dbg_lvl: "of the drivers of old; `AW_Debug` sets log levels",
  wds: "follows from `multi_ap`; the type of the interface is the driver's",
  vlan_id: "an interface is put on a VLAN by its bridge (`Wifi_Inet_Config`), which is NM's",
  dynamic_beacon: noAttribute,
  dpp_connector: noDpp,
  dpp_csign_hex: noDpp,
  dpp_netaccesskey_hex: noDpp,
  dpp_cc: noDpp,
  min_rssi: `${noAttribute}; \`oce_min_rssi_dbm\` and steering refuse weak stations`,
  passpoint_hessid: "`Passpoint_Config.hessid` has it",
  airtime_precedence: noAttribute,
};

export const vifStateLeftOut: LeftOut<Row<"Wifi_VIF_State">> = {
  associated_clients: "references, added and removed with the rows of the stations (`write-back.ts`)",
  state: noAttribute,
  vlan_id: vifConfigLeftOut.vlan_id ?? "",
  dpp_cc: noDpp,
  min_rssi: vifConfigLeftOut.min_rssi ?? "",
  airtime_precedence: noAttribute,
};
