/**
 * `Wifi_VIF_Config` with an SSID → the one network a STA may join → `Wifi_VIF_State`, column by column. State is shown of a
 * link that is up; what was negotiated cannot be told from what was offered, and so the offer is shown.
 */

import { parseMac } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import { openWpa } from "@opensync-ts/target/plain-ap";
import type { StaNetwork, StaVifState, Wpa } from "@opensync-ts/target/radio";
import { type MappingRow, positive, rowsOf } from "./mapping.ts";
import type { Problem } from "./problems.ts";
import { isPsk } from "./psk.ts";
import { staKeyName } from "./psk-column.ts";
import type { VifConfig, VifStateRecord } from "./rows.ts";
import { cryptoColumns, cryptoOf, pmfProblem, type SecurityColumns, securityState } from "./security.ts";
import { ssidOf } from "./ssid.ts";
import type { ReportVif } from "./vif-context.ts";

export interface StaAsking {
  readonly row: VifConfig;
  /** In the third generation; `null`: none. */
  readonly security: SecurityColumns | null;
  readonly report: ReportVif;
  readonly reportOther: (problem: Problem) => void;
}

export interface StaFacts {
  readonly sta: StaVifState;
  /** The driver's network behind the link; `null` where it has none such. */
  readonly network: StaNetwork | null;
  readonly config: VifConfig | null;
}

type StaRow = MappingRow<VifConfig, VifStateRecord, StaAsking, Partial<StaNetwork>, StaFacts>;

const row = rowsOf<VifConfig, VifStateRecord, StaAsking, Partial<StaNetwork>, StaFacts>();

export const staMapping: readonly StaRow[] = [
  row({
    config: ["ssid"],
    attributes: ["network.ssid", "link.ssid"],
    state: ["ssid"],
    note: "at most 32 octets; without one, the networks of `credential_configs`",
    apply: ({ ssid }, { report }) => ({ ssid: ssidOf(ssid ?? "", report) ?? "" }),
    report: ({ sta }) => ({ ssid: sta.link.ssid }),
  }),
  row({
    config: ["parent"],
    attributes: ["network.bssid", "link.bssid"],
    state: ["parent"],
    note: "BSSID; unset: any",
    apply: ({ parent }, { report }) => {
      const bssid = parent ? parseMac(parent) : undefined;
      if (parent && !bssid) report("parent", parent, "not a MAC address (aa:bb:cc:dd:ee:ff); any BSSID will do");
      return { bssid: bssid ?? null };
    },
    report: ({ sta }) => ({ parent: sta.link.bssid }),
  }),
  row({
    config: ["wpa_psks"],
    attributes: ["network.psk", "link.psk"],
    state: ["wpa_psks"],
    note: "the first; shown under the name configured",
    apply: ({ wpa_psks }, { security, report }) => ({ psk: firstPsk(security?.wpa_psks ?? wpa_psks, report) }),
    report: ({ sta, network, config }) => {
      const psk = network?.psk || sta.link.psk;
      return { wpa_psks: psk === "" ? new Map<string, string>() : new Map([[staKeyName(config), psk]]) };
    },
  }),
  row({
    config: cryptoColumns,
    attributes: ["network.wpa", "link.wpa"],
    state: cryptoColumns,
    note: "three generations of columns (`security.ts`); key management that OWM does not know is left out",
    apply: (_, { row, security, reportOther }) => {
      if (!security) return { wpa: openWpa };
      const wpa: Wpa = { ...cryptoOf(security), groupRekey: -1 };
      const problem = pmfProblem(row.if_name, security, wpa);
      if (problem) reportOther(problem);
      return { wpa };
    },
    report: ({ sta, network }) => securityOfLink(network?.wpa ?? sta.link.wpa),
  }),
  row({
    config: ["security", "ft_psk"],
    attributes: ["network.wpa", "network.psk"],
    state: ["security", "ft_psk"],
    note: "the first generation of the security columns; `ft_psk` is shown as 0",
  }),
  row({
    config: ["bridge"],
    attributes: ["network.bridge", "link.bridge"],
    state: ["bridge"],
    apply: ({ bridge }) => ({ bridge: bridge ?? "" }),
    report: ({ sta }) => ({ bridge: sta.link.bridge }),
  }),
  row({
    config: ["multi_ap"],
    attributes: ["network.multiAp", "link.multiAp"],
    state: ["multi_ap", "wds"],
    note: "`backhaul_sta`, any other value is none",
    apply: ({ multi_ap }) => ({ multiAp: multi_ap === "backhaul_sta" }),
    report: ({ sta }) => ({ multi_ap: sta.link.multiAp ? "backhaul_sta" : "none", wds: sta.link.multiAp }),
  }),
  row({
    config: ["credential_configs", "ssid", "enabled", "mode"],
    attributes: ["network.ssid", "network.bssid", "network.psk", "network.wpa", "network.bridge", "network.multiAp"],
    note:
      "without `ssid`, an enabled row with `mode` `sta` offers every enabled `Wifi_Credential_Config` it refers to: WPA2 and " +
      "WPA3, on 11be with SAE-EXT, GCMP and beacon protection; `onboard_type` `multi_ap` joins the LAN bridge",
  }),
  row({
    attributes: ["network.priority"],
    note: "`Wifi_Credential_Config.priority`, else 0",
    apply: () => ({ priority: 0 }),
  }),
  row({
    attributes: ["link.channel"],
    state: ["channel"],
    report: ({ sta }) => ({ channel: positive(sta.link.channel ? channelNumber(sta.link.channel.control) : 0) }),
  }),
  row({
    state: [
      "ap_bridge",
      "dynamic_beacon",
      "mcast2ucast",
      "ft_psk",
      "rrm",
      "wps_pbc_key_id",
      "dpp_connector",
      "dpp_csign_hex",
      "dpp_netaccesskey_hex",
      "mac_list_type",
      "ssid_broadcast",
      "uapsd_enable",
    ],
    note: "values that a STA does not have, as controllers expect to find them",
    report: () => ({
      ap_bridge: true,
      dynamic_beacon: false,
      mcast2ucast: false,
      ft_psk: 0,
      rrm: 0,
      wps_pbc_key_id: "",
      dpp_connector: "",
      dpp_csign_hex: "",
      dpp_netaccesskey_hex: "",
      mac_list_type: "none",
      ssid_broadcast: "enabled",
      uapsd_enable: false,
    }),
  }),
];

function firstPsk(psks: ReadonlyMap<string, string>, report: ReportVif): string {
  const [first] = psks.entries();
  if (!first) return "";
  const [name, psk] = first;
  if (isPsk(psk)) return psk;
  report(
    "wpa_psks",
    name,
    "its value is neither 8 to 63 printable characters nor 64 hexadecimal digits; it is left out",
  );
  return "";
}

type LinkSecurity = ReturnType<typeof securityState>;

const unknownSecurity: LinkSecurity = {
  wpa: null,
  wpa_pairwise_tkip: null,
  wpa_pairwise_ccmp: null,
  rsn_pairwise_tkip: null,
  rsn_pairwise_ccmp: null,
  rsn_pairwise_ccmp256: null,
  rsn_pairwise_gcmp: null,
  rsn_pairwise_gcmp256: null,
  wpa_key_mgmt: [],
  pmf: null,
  beacon_protection: null,
};

function securityOfLink(wpa: Wpa | null): LinkSecurity {
  return wpa ? securityState(wpa) : unknownSecurity;
}
