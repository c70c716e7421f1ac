/** The rows OWM reads and the records it writes, by the names the rest of OWM uses for them. */

import { openSync, type Row } from "@opensync-ts/schema/opensync";
import { unsetRecord } from "./record.ts";

export type RadioConfig = Row<"Wifi_Radio_Config">;
export type VifConfig = Row<"Wifi_VIF_Config">;
export type CredentialConfig = Row<"Wifi_Credential_Config">;
export type VifNeighbor = Row<"Wifi_VIF_Neighbors">;
export type RadiusRow = Row<"RADIUS">;
export type PasspointConfig = Row<"Passpoint_Config">;

/** Rows that `Wifi_VIF_Config` rows refer to, or that speak of the same interfaces. */
export interface References {
  readonly credentials: ReadonlyMap<string, CredentialConfig>;
  readonly radius: ReadonlyMap<string, RadiusRow>;
  readonly passpoints: ReadonlyMap<string, PasspointConfig>;
  /** By the `if_name` of the access point that is to tell of them. */
  readonly neighbors: ReadonlyMap<string, readonly VifNeighbor[]>;
}

export const noReferences: References = {
  credentials: new Map(),
  radius: new Map(),
  passpoints: new Map(),
  neighbors: new Map(),
};

/**
 * What OWM has to say about a radio: every column of `Wifi_Radio_State` that is its own. References to VIFs are added
 * and vanish with their rows; the thermal columns belong to PM.
 */
export type RadioStateRecord = Omit<Row<"Wifi_Radio_State">, Identity | (typeof notOfRadioRecord)[number]>;

/** What OWM has to say about a vif; its clients are added and removed one by one. */
export type VifStateRecord = Omit<Row<"Wifi_VIF_State">, Identity | (typeof notOfVifRecord)[number]>;

export type AssociatedClientRecord = Omit<Row<"Wifi_Associated_Clients">, Identity>;

type Identity = "_uuid" | "_version";

const notOfRadioRecord = [
  "vif_states",
  "channel_sync",
  "thermal_shutdown",
  "thermal_downgrade_temp",
  "thermal_upgrade_temp",
  "thermal_integration",
  "thermal_downgraded",
  "temperature_control",
  "tpc_uuid",
] as const;

const notOfVifRecord = ["associated_clients"] as const;

/** Records with nothing said; composing starts from these, so that a column without a value is cleared. */
export const unsetRadioState: RadioStateRecord = unsetRecord(openSync.tables.Wifi_Radio_State, notOfRadioRecord);
export const unsetVifState: VifStateRecord = unsetRecord(openSync.tables.Wifi_VIF_State, notOfVifRecord);
export const unsetAssociatedClient: AssociatedClientRecord = unsetRecord(openSync.tables.Wifi_Associated_Clients, []);
