/**
 * Passpoint (Hotspot 2.0).
 */

import { boolean, integer, map, optional, reference, set, string, table } from "@opensync-ts/ovsdb/declare";

export const passpointTables = {
  /** Hotspot 2.0 settings that VIFs refer to by name. */
  Passpoint_Config: table({
    isRoot: true,
    columns: {
      enabled: boolean(),
      hessid: string({ minLength: 17, maxLength: 31 }),
      list_3gpp: set(string({ minLength: 2, maxLength: 15 }), { max: 64 }),
      roaming_consortium: set(string({ minLength: 2, maxLength: 31 }), { max: 8 }),
      domain_name: set(string({ minLength: 2, maxLength: 255 }), { max: 16 }),
      nairealm_list: set(string({ minLength: 2, maxLength: 64 }), { max: 64 }),
      adv_wan_status: boolean(),
      adv_wan_symmetric: boolean(),
      adv_wan_at_capacity: boolean(),
      other_config: map(string(), string({ maxLength: 64 }), { max: 8 }),
      osen: optional(boolean()),
      anqp_domain_id: optional(integer({ min: 0, max: 65535 })),
      pps_mo_id: optional(integer({ min: 0, max: 65535 })),
      operator_friendly_name: set(string({ minLength: 4, maxLength: 255 }), { max: 16 }),
      t_c_filename: optional(string()),
      t_c_timestamp: optional(integer()),
      osu_ssid: optional(string({ minLength: 1, maxLength: 32 })),
      osu_providers: set(reference("Passpoint_OSU_Providers", "weak"), { max: 8 }),
      access_network_type: optional(integer({ min: 0, max: 15 })),
      asra: optional(boolean()),
      venue_group: optional(integer({ min: 0, max: 255 })),
      venue_type: optional(integer({ min: 0, max: 255 })),
      venue_name: set(string({ minLength: 4, maxLength: 255 }), { max: 16 }),
      venue_url: set(string({ minLength: 2, maxLength: 255 }), { max: 16 }),
      network_auth_type: set(integer({ min: 0, max: 255 }), { max: 8 }),
      network_auth_t_c_url: optional(string({ minLength: 2, maxLength: 255 })),
      network_auth_redirect_url: optional(string({ minLength: 2, maxLength: 255 })),
      anqp_elem: optional(string({ minLength: 1, maxLength: 1024 })),
    },
  }),

  /** Online sign-up providers; kept alive by the `Passpoint_Config` row that lists them. */
  Passpoint_OSU_Providers: table({
    columns: {
      osu_server_uri: string({ minLength: 2, maxLength: 255 }),
      osu_friendly_name: set(string({ minLength: 4, maxLength: 255 }), { max: 16 }),
      osu_nai: set(string({ minLength: 1, maxLength: 255 }), { max: 8 }),
      osu_osen_nai: set(string({ minLength: 1, maxLength: 255 }), { max: 8 }),
      osu_method_list: set(integer({ min: 0, max: 255 }), { max: 8 }),
      osu_service_desc: set(string({ minLength: 6, maxLength: 255 }), { max: 16 }),
    },
  }),

  /** Hotspot 2.0 settings in force. */
  Passpoint_State: table({
    isRoot: true,
    columns: {
      service_state: boolean(),
      enabled: optional(boolean()),
      hessid: string({ minLength: 17, maxLength: 31 }),
      roaming_consortium: set(string({ minLength: 2, maxLength: 31 }), { max: 8 }),
      domain_name: set(string({ minLength: 2, maxLength: 255 }), { max: 16 }),
      adv_wan_status: boolean(),
      adv_wan_symmetric: boolean(),
      adv_wan_at_capacity: boolean(),
      other_config: map(string(), string({ maxLength: 64 }), { max: 8 }),
    },
  }),
};
