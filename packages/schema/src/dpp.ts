/**
 * Wi-Fi Easy Connect (Device Provisioning Protocol).
 */

import { boolean, enumeration, integer, optional, reference, set, string, table } from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

const keyCurve = enumeration(
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
);

export const dppTables = {
  /** Easy Connect jobs: whom to provision, with what, and how it went. */
  DPP_Config: table({
    isRoot: true,
    columns: {
      configurator_key_hex: optional(string({ maxLength: 1024 })),
      configurator_key_curve: optional(keyCurve),
      configurator_conf_role: optional(
        enumeration(
          "sta-psk",
          "sta-sae",
          "sta-psk-sae",
          "sta-dpp",
          "sta-dpp-sae",
          "sta-dpp-psk-sae",
          "ap-psk",
          "ap-sae",
          "ap-psk-sae",
          "ap-dpp",
          "ap-dpp-sae",
          "ap-dpp-psk-sae",
        ),
      ),
      configurator_conf_ssid_hex: optional(string({ minLength: 2, maxLength: 64 })),
      configurator_conf_psk_hex: optional(string({ minLength: 16, maxLength: 128 })),
      peer_bi_uri: optional(string({ maxLength: 1024 })),
      own_bi_key_hex: optional(string({ maxLength: 512 })),
      own_bi_key_curve: optional(keyCurve),
      timeout_seconds: integer(),
      auth: optional(enumeration("initiate_on_announce", "initiate_now", "respond_only", "chirp_and_respond")),
      ifnames: set(string(), { max: 8 }),
      config_uuid: optional(reference("DPP_Config", "weak")),
      renew: optional(boolean()),
      status: unsettable(enumeration("requested", "in_progress", "succeeded", "timed_out", "failed")),
      sta_mac_addr: optional(string({ minLength: 17, maxLength: 17 })),
      sta_netaccesskey_sha256_hex: optional(string({ minLength: 64, maxLength: 64 })),
      akm: optional(enumeration("psk", "sae", "psk-sae", "dpp", "dpp-sae", "dpp-psk-sae")),
      ssid_hex: optional(string({ maxLength: 64 })),
      psk_hex: optional(string({ maxLength: 128 })),
      pmk_hex: optional(string({ maxLength: 64 })),
      dpp_netaccesskey_hex: optional(string({ maxLength: 512 })),
      dpp_connector: optional(string({ maxLength: 1024 })),
      dpp_csign_hex: optional(string({ maxLength: 512 })),
    },
  }),

  /** Presence announcements (chirps) heard from devices that wait to be provisioned. */
  DPP_Announcement: table({
    isRoot: true,
    columns: {
      sta_mac_addr: string({ minLength: 17, maxLength: 17 }),
      chirp_sha256_hex: string({ minLength: 64, maxLength: 64 }),
    },
  }),

  /** The flow tag a provisioned station gets, found by its network access key. */
  DPP_Oftag: table({
    isRoot: true,
    columns: {
      sta_netaccesskey_sha256_hex: string({ minLength: 64, maxLength: 64 }),
      oftag: string({ minLength: 1, maxLength: 64 }),
    },
  }),
};
