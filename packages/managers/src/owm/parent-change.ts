/**
 * Another parent, by rewriting rows as OpenSync's `parentchange.sh` does: all STA rows go, and one comes for the STA of the
 * radio that has the parent's channel, with the security of the row that the uplink had.
 */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Write } from "@opensync-ts/schema/opensync";
import { channelFrequency, channelOf, widthOfHtMode } from "@opensync-ts/target/channels";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { Binding } from "./binding.ts";
import type { FallbackParent } from "./fallback-parent.ts";
import type { RadioConfig, VifConfig } from "./rows.ts";

export interface ParentChange {
  /** The STA rows there are. */
  readonly removed: readonly VifConfig["_uuid"][];
  readonly inserted: Write<"Wifi_VIF_Config">;
  readonly radio: RadioConfig;
  readonly radioColumns: Write<"Wifi_Radio_Config">;
}

export interface ParentChangeQuestion {
  readonly binding: Binding;
  readonly phys: ReadonlyMap<string, PhyState>;
  readonly vifs: ReadonlyMap<string, VifState>;
  /** The radio that has the uplink, or had it last. */
  readonly phy: string;
  readonly parent: FallbackParent;
}

/** A text says why there is no way. */
export function parentChange({ binding, phys, vifs, phy, parent }: ParentChangeQuestion): ParentChange | string {
  const rows = [...binding.vifs.values()].filter(({ row }) => (row.mode ?? vifs.get(row.if_name)?.type) === "sta");
  const uplink = rows.find(({ row, radio }) => radio?.if_name === phy && row.enabled !== false)?.row;
  if (!uplink) return `no Wifi_VIF_Config row has an uplink on ${phy}`;
  const target = radioOf(parent.channel, phys, phy);
  if (target === null) return `no radio has channel ${parent.channel}`;
  const radio = binding.radios.get(target);
  if (!radio) return `${target}, which has channel ${parent.channel}, has no Wifi_Radio_Config row`;
  const sta = [...vifs.values()].find((vif) => vif.phy === target && vif.type === "sta");
  if (!sta) return `${target}, which has channel ${parent.channel}, has no STA`;
  const { _uuid, _version, vif_radio_idx: _index, ...columns } = uplink;
  return {
    removed: rows.map(({ row }) => row._uuid),
    inserted: { ...columns, if_name: sta.name, mode: "sta", enabled: true, parent: parent.bssid },
    radio,
    radioColumns: channelColumns(radio, phys.get(target), parent.channel),
  };
}

export function writeParentChange(builder: TransactionBuilder<OpenSync>, change: ParentChange): void {
  const { removed, inserted, radio, radioColumns } = change;
  for (const uuid of removed) builder.delete("Wifi_VIF_Config", [["_uuid", "==", uuid]]);
  const row = builder.insert("Wifi_VIF_Config", inserted);
  const where = [["_uuid", "==", radio._uuid]] as const;
  builder.insertInto("Wifi_Radio_Config", where, "vif_configs", [row]);
  if (Object.keys(radioColumns).length > 0) builder.update("Wifi_Radio_Config", where, radioColumns);
}

/** The uplink's own radio before others. */
function radioOf(channel: number, phys: ReadonlyMap<string, PhyState>, own: string): string | null {
  const having = [...phys.values()].filter(({ capabilities, channelStates }) => {
    const control = channelFrequency(capabilities.band, channel);
    return control !== null && channelStates.some((state) => state.control === control);
  });
  const names = having.map(({ name }) => name).sort();
  return names.includes(own) ? own : (names[0] ?? null);
}

/** A radio that has an opinion on its channel gets the parent's, as wide as it was where that can be. */
function channelColumns(row: RadioConfig, phy: PhyState | undefined, number: number): Write<"Wifi_Radio_Config"> {
  if (!phy || row.channel === null || row.channel === number) return {};
  const width = widthOfHtMode(row.ht_mode ?? "HT20");
  const possible = channelOf({ band: phy.capabilities.band, number, width }) !== null;
  return { channel: number, center_freq0_chan: null, ...(possible ? {} : { ht_mode: "HT20" }) };
}
