/** What the state tables should hold: a function of what drivers report and which configuration speaks for it. */

import type { Mac } from "@opensync-ts/base/units";
import type { Channel, PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import type { PhyOverrides } from "@opensync-ts/wireless/contract";
import { associatedClientRecord, newestStations } from "./associated-clients.ts";
import type { Binding } from "./binding.ts";
import { associatedClientsPerVif } from "./limits.ts";
import type { Memo } from "./memo.ts";
import type { RadarRecord } from "./radar-history.ts";
import type { RadioFacts } from "./radio-mapping.ts";
import { agreedChannel, radioStateRecord } from "./radio-state.ts";
import type { AssociatedClientRecord, RadioStateRecord, References, VifStateRecord } from "./rows.ts";
import { hasStateRow, vifStateInputs, vifStateRecord } from "./vif-state.ts";

export interface DesiredState {
  readonly radios: ReadonlyMap<string, DesiredRadio>;
  readonly vifs: ReadonlyMap<string, DesiredVif>;
  /** By address. */
  readonly clients: ReadonlyMap<string, DesiredClient>;
  /** Vifs with more stations than can be shown, and how many are left out. */
  readonly crowded: ReadonlyMap<string, number>;
}

export interface DesiredRadio {
  readonly record: RadioStateRecord;
}

export interface DesiredVif {
  readonly record: VifStateRecord;
  /** The radio to whose `vif_states` it belongs. */
  readonly phy: string;
}

export interface DesiredClient {
  readonly record: AssociatedClientRecord;
  /** The vif to whose `associated_clients` it belongs. */
  readonly vif: string;
  /** When it associated; another time on another vif makes it another row. */
  readonly connectedAt: number;
}

export interface Observed {
  readonly phys: ReadonlyMap<string, PhyState>;
  readonly vifs: ReadonlyMap<string, VifState>;
  readonly stations: ReadonlyMap<string, ReadonlyMap<Mac, StationState>>;
}

/** What the rows ask for, and what they refer to. */
export interface Configured {
  readonly binding: Binding;
  readonly references: References;
  /** What is asked of each phy. */
  readonly phys: ReadonlyMap<string, PhyOverrides>;
}

/** What is known of radios beyond their last report. */
export interface Remembered {
  /** The channel to show for a phy whose vifs agree on `agreed`. */
  channel(phy: string, agreed: Channel | null): Channel | null;
  radar(phy: string): RadarRecord | null;
  readonly radioRecords: Memo<RadioStateRecord>;
  readonly vifRecords: Memo<VifStateRecord>;
}

export function desiredState(observed: Observed, configured: Configured, remembered: Remembered): DesiredState {
  const { binding, references, phys: asked } = configured;
  const radios = new Map<string, DesiredRadio>();
  for (const [name, phy] of observed.phys) {
    const vifs = [...observed.vifs.values()].filter((vif) => vif.phy === name);
    const channel = remembered.channel(name, agreedChannel(vifs));
    const radar = remembered.radar(name);
    const config = binding.radios.get(name) ?? null;
    const facts: RadioFacts = { phy, vifs, config, asked: asked.get(name) ?? null, channel, radar };
    const inputs = [phy, config, facts.asked, channel, radar, ...vifs];
    radios.set(name, { record: remembered.radioRecords.get(name, inputs, () => radioStateRecord(facts)) });
  }

  const vifs = new Map<string, DesiredVif>();
  for (const [name, vif] of observed.vifs) {
    const config = binding.vifs.get(name)?.row ?? null;
    if (!observed.phys.has(vif.phy) || !hasStateRow(vif, config)) continue;
    const inputs = vifStateInputs(vif, config, references);
    const record = remembered.vifRecords.get(name, inputs, () => vifStateRecord(vif, config, references));
    vifs.set(name, { record, phy: vif.phy });
  }
  remembered.radioRecords.retain(radios);
  remembered.vifRecords.retain(vifs);

  return { radios, vifs, ...desiredClients(observed, vifs, binding) };
}

function desiredClients(
  { vifs: observedVifs, stations }: Observed,
  vifs: ReadonlyMap<string, DesiredVif>,
  binding: Binding,
): Pick<DesiredState, "clients" | "crowded"> {
  const clients = new Map<string, DesiredClient>();
  const crowded = new Map<string, number>();
  const onVif = new Map<string, number>();
  const oldestFirst = [...newestStations(stations).values()].sort((a, b) => a.connectedAt - b.connectedAt);
  for (const station of oldestFirst) {
    const vif = observedVifs.get(station.vif);
    if (vif?.type !== "ap" || !vifs.has(station.vif)) continue;
    const count = (onVif.get(station.vif) ?? 0) + 1;
    onVif.set(station.vif, count);
    if (count > associatedClientsPerVif) {
      crowded.set(station.vif, count - associatedClientsPerVif);
      continue;
    }
    const config = binding.vifs.get(station.vif)?.row ?? null;
    clients.set(station.mac, {
      record: associatedClientRecord(station, vif.ap.wpa, config),
      vif: station.vif,
      connectedAt: station.connectedAt,
    });
  }
  return { clients, crowded };
}
