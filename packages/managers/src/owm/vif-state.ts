/**
 * What a vif reports → `Wifi_VIF_State`, by the tables in `vif-mapping.ts`, `ap-mapping.ts` and `sta-mapping.ts`. Where the
 * same fact has several spellings (key names, `whitelist` of nothing, security generations) the configuration's is used,
 * so that configuration and state compare column by column.
 */

import type { StaNetwork, StaVifState, VifState } from "@opensync-ts/target/radio";
import { apMapping } from "./ap-mapping.ts";
import { noReferences, type References, unsetVifState, type VifConfig, type VifStateRecord } from "./rows.ts";
import { generationOf, inGenerationOf } from "./security.ts";
import { staMapping } from "./sta-mapping.ts";
import { apVlanMapping, type VifFacts, vifMapping } from "./vif-mapping.ts";

/** A row exists for what is configured or at work; an AP_VLAN is shown as long as it exists. */
export function hasStateRow(vif: VifState, config: VifConfig | null): boolean {
  return vif.type === "ap_vlan" || config !== null || vif.status === "enabled" || vif.status === "broken";
}

/** All that `vifStateRecord` looks at (see `Memo`); of RADIUS, every row may describe a server in use. */
export function vifStateInputs(vif: VifState, config: VifConfig | null, references: References): readonly unknown[] {
  const usesRadius = vif.type === "ap" && vif.ap.radius.length + vif.ap.accounting.length > 0;
  const passpoint = config?.passpoint_config ?? null;
  return [
    vif,
    config,
    passpoint && references.passpoints.get(passpoint),
    ...(usesRadius ? references.radius.values() : []),
  ];
}

export function vifStateRecord(
  vif: VifState,
  config: VifConfig | null,
  references: References = noReferences,
): VifStateRecord {
  const facts: VifFacts = { vif, config };
  const record: Writable<VifStateRecord> = { ...unsetVifState };
  show(record, vifMapping, facts);
  switch (vif.type) {
    case "ap":
      show(record, apMapping, { vif, ap: vif.ap, config, references });
      return inGenerationOf(config, record);
    case "sta":
      if (!usable(vif.sta)) return record;
      show(record, staMapping, { sta: vif.sta, network: networkOf(vif.sta), config });
      return inGenerationOf(config, config ? alignedWith(config, record) : record);
    case "ap_vlan":
      show(record, apVlanMapping, facts);
      return record;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function show<Facts>(
  record: Writable<VifStateRecord>,
  rows: readonly { report?(facts: Facts): Partial<VifStateRecord> }[],
  facts: Facts,
): void {
  for (const row of rows) if (row.report) Object.assign(record, row.report(facts));
}

/**
 * The link of a multi-link device to an access point that is none carries its traffic over the interface of the device,
 * which is not this one.
 */
function usable({ link, mld }: StaVifState): boolean {
  return link.status === "connected" && (mld === null || mld.ifName === "" || link.apMld !== null);
}

/** The driver's network behind a link: the same SSID, one that names the BSSID before one for any. */
function networkOf({ link, networks }: StaVifState): StaNetwork | null {
  const same = networks.filter(({ ssid }) => ssid === link.ssid);
  return (
    same.find(({ bssid }) => bssid !== null && bssid === link.bssid) ?? same.find(({ bssid }) => bssid === null) ?? null
  );
}

const pairwiseColumns = ["wpa_pairwise_tkip", "wpa_pairwise_ccmp", "rsn_pairwise_tkip", "rsn_pairwise_ccmp"] as const;

/** A STA negotiates: whatever it got out of what was offered is shown as the offer. */
function alignedWith(config: VifConfig, record: VifStateRecord): VifStateRecord {
  if (generationOf(config) !== 3) return record;
  const aligned: Writable<VifStateRecord> = { ...record };
  if (pairwiseColumns.some((column) => config[column] && record[column])) {
    for (const column of pairwiseColumns) aligned[column] = config[column];
  }
  if (record.wpa_key_mgmt.some((name) => config.wpa_key_mgmt.includes(name))) {
    aligned.wpa_key_mgmt = config.wpa_key_mgmt;
  }
  return aligned;
}
