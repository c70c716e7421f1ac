/**
 * Cellular modems (CELLM).
 */

import { boolean, enumeration, integer, optional, set, string, table } from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

const apnProtocol = enumeration("", "ipv4", "ipv6", "ipv4v6");
const apnAuthentication = enumeration("", "CHAP", "PAP");

export const cellularTables = {
  /** What the modem shall do. */
  Lte_Config: table({
    isRoot: true,
    columns: {
      if_name: string(),
      lte_failover_enable: optional(boolean()),
      manager_enable: optional(boolean()),
      ipv4_enable: optional(boolean()),
      ipv6_enable: optional(boolean()),
      force_use_lte: optional(boolean()),
      active_simcard_slot: optional(integer({ min: 0, max: 1 })),
      modem_enable: optional(boolean()),
      report_interval: optional(integer({ min: 1, max: 86400 })),
      apn: optional(string({ maxLength: 255 })),
      lte_bands_enable: optional(string({ maxLength: 20 })),
      os_persist: boolean(),
      enable_persist: boolean(),
      esim_activation_code: optional(string({ maxLength: 255 })),
      esim_download_start: boolean(),
      esim_profile_activate: boolean(),
      pdp_context_id: set(integer({ min: 1, max: 64 }), { max: 64 }),
      apn_username: string(),
      apn_password: string(),
      apn_proto_type: apnProtocol,
      apn_auth_proto: apnAuthentication,
    },
  }),

  /** What the modem reports: SIM, registration, signal, data used. */
  Lte_State: table({
    isRoot: true,
    columns: {
      if_name: string(),
      lte_failover_enable: optional(boolean()),
      manager_enable: optional(boolean()),
      ipv4_enable: optional(boolean()),
      ipv6_enable: optional(boolean()),
      force_use_lte: optional(boolean()),
      active_simcard_slot: optional(integer({ min: 0, max: 1 })),
      modem_enable: optional(boolean()),
      report_interval: optional(integer({ min: 1, max: 86400 })),
      apn: optional(string({ maxLength: 255 })),
      lte_bands_enable: optional(string({ maxLength: 20 })),
      modem_present: optional(boolean()),
      iccid: optional(string({ maxLength: 64 })),
      imei: optional(string({ maxLength: 64 })),
      imsi: optional(string({ maxLength: 64 })),
      sim_status: unsettable(enumeration("Removed", "Inserted", "Bad", "Unknown")),
      service_provider_name: optional(string({ maxLength: 64 })),
      mcc: optional(integer()),
      mnc: optional(integer()),
      tac: optional(integer()),
      lte_net_state: unsettable(
        enumeration(
          "not_registered_not_searching",
          "registered_home_network",
          "not_registered_searching",
          "registration_denied",
          "unknown",
          "registered_roaming",
        ),
      ),
      lte_net_mode: unsettable(enumeration("unknown", "lte", "wcdma")),
      enable_persist: boolean(),
      esim_activation_code: optional(string({ maxLength: 255 })),
      esim_download_start: boolean(),
      esim_profile_activate: boolean(),
      esim_download_in_progress: boolean(),
      esim_download_complete: boolean(),
      esim_active_profile: optional(string({ maxLength: 255 })),
      modem_firmware_version: optional(string({ maxLength: 255 })),
      pdp_context_id: set(integer({ min: 1, max: 64 }), { max: 64 }),
      apn_username: string(),
      apn_password: string(),
      apn_proto_type: apnProtocol,
      apn_auth_proto: apnAuthentication,
    },
  }),
};
