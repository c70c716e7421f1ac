/**
 * Steering: which access point and band a client should use, and how to move it there.
 */

import { boolean, enumeration, integer, map, optional, string, table } from "@opensync-ts/ovsdb/declare";
import { channelWidth } from "./shared-types.ts";
import { admitting, unsettable } from "./superset.ts";

const kickType = enumeration("none", "deauth", "disassoc", "bss_tm_req", "rrm_br_req", "btm_deauth", "btm_disassoc");
/** Fields of a BTM or beacon request, by name. */
const requestParameters = map(string({ maxLength: 32 }), string({ maxLength: 32 }), { max: 32 });
const bandPreference = enumeration("hwm", "never", "always", "nonDFS");

export const steeringTables = {
  /** Groups of interfaces between which clients are steered. */
  Band_Steering_Config: table({
    isRoot: true,
    maxRows: 16,
    columns: {
      if_name_2g: optional(string({ minLength: 1, maxLength: 16 })),
      if_name_5g: optional(string({ minLength: 1, maxLength: 16 })),
      chan_util_check_sec: integer(),
      chan_util_avg_count: integer(),
      chan_util_hwm: integer(),
      chan_util_lwm: integer(),
      inact_check_sec: integer(),
      inact_tmout_sec_normal: integer(),
      inact_tmout_sec_overload: integer(),
      def_rssi_inact_xing: integer(),
      def_rssi_low_xing: integer(),
      def_rssi_xing: integer(),
      kick_debounce_thresh: integer(),
      kick_debounce_period: integer(),
      success_threshold_secs: integer(),
      stats_report_interval: integer(),
      dbg_2g_raw_chan_util: optional(boolean()),
      dbg_5g_raw_chan_util: optional(boolean()),
      dbg_2g_raw_rssi: optional(boolean()),
      dbg_5g_raw_rssi: optional(boolean()),
      debug_level: integer(),
      gw_only: optional(boolean()),
      ifnames: map(string(), string(), { max: 16 }),
    },
  }),

  /** Steering parameters of one client (by the cloud) and its counters (by OWM). */
  Band_Steering_Clients: table({
    isRoot: true,
    columns: {
      mac: string({ minLength: 17, maxLength: 17 }),
      hwm: integer(),
      lwm: integer(),
      kick_type: unsettable(kickType),
      kick_reason: integer(),
      reject_detection: unsettable(
        admitting(enumeration("none", "probe_all", "probe_null", "probe_direct", "auth_block"), "auth"),
      ),
      max_rejects: integer(),
      rejects_tmout_secs: integer(),
      pref_5g_pre_assoc_block_timeout_msecs: integer({ min: 0 }),
      backoff_secs: integer(),
      backoff_exp_base: optional(integer({ min: 1, max: 10 })),
      steer_during_backoff: optional(boolean()),
      sticky_kick_guard_time: optional(integer({ min: 0 })),
      steering_kick_guard_time: optional(integer({ min: 0 })),
      sticky_kick_backoff_time: optional(integer({ min: 0 })),
      steering_kick_backoff_time: optional(integer({ min: 0 })),
      settling_backoff_time: optional(integer({ min: 0 })),
      send_rrm_after_assoc: optional(boolean()),
      send_rrm_after_xing: optional(boolean()),
      rrm_better_factor: optional(integer()),
      rrm_age_time: optional(integer({ min: 0 })),
      active_treshold_bps: optional(integer({ min: 0 })),
      steering_success_cnt: integer(),
      steering_fail_cnt: integer(),
      steering_kick_cnt: integer(),
      sticky_kick_cnt: integer(),
      stats_2g: map(string(), integer(), { max: 32 }),
      stats_5g: map(string(), integer(), { max: 32 }),
      kick_debounce_period: integer(),
      sc_kick_type: optional(
        enumeration(
          "none",
          "deauth",
          "disassoc",
          "bss_tm_req",
          "rrm_br_req",
          "btm_deauth",
          "btm_disassoc",
          "rrm_deauth",
          "rrm_disassoc",
        ),
      ),
      sc_kick_reason: integer(),
      sc_kick_debounce_period: integer(),
      sticky_kick_debounce_period: integer(),
      cs_mode: optional(enumeration("off", "home", "away")),
      cs_params: map(string({ maxLength: 32 }), string({ maxLength: 32 }), { max: 16 }),
      cs_state: optional(
        enumeration("none", "steering", "expired", "failed", "xing_low", "xing_high", "xing_disabled"),
      ),
      sticky_kick_type: optional(kickType),
      sticky_kick_reason: integer(),
      steering_btm_params: requestParameters,
      sc_btm_params: requestParameters,
      sticky_btm_params: requestParameters,
      pref_5g: optional(bandPreference),
      kick_upon_idle: optional(boolean()),
      pre_assoc_auth_block: optional(boolean()),
      rrm_bcn_rpt_params: requestParameters,
      force_kick: optional(enumeration("none", "speculative", "directed", "ghost_device")),
      pref_bs_allowed: optional(bandPreference),
      preq_snr_thr: optional(integer({ min: 0, max: 20 })),
      pref_6g: optional(enumeration("never", "always")),
      pref_6g_pre_assoc_block_timeout_msecs: integer({ min: 0 }),
      neighbor_list_filter_by_beacon_report: optional(boolean()),
      neighbor_list_filter_by_btm_status: optional(boolean()),
      bottom_lwm: integer({ min: 0 }),
      btm_max_neighbors: optional(integer({ min: 0 })),
    },
  }),

  /** SNR limits below which clients of a hotspot interface are turned away. */
  Hotspot_Steering: table({
    isRoot: true,
    columns: {
      soft_snr_dbm: optional(integer({ min: -127, max: 127 })),
      hard_snr_dbm: optional(integer({ min: -127, max: 127 })),
      if_name: string({ maxLength: 32 }),
    },
  }),

  /** Neighbouring BSSs that belong to the same network: steering candidates and fast-transition peers. */
  Wifi_VIF_Neighbors: table({
    isRoot: true,
    columns: {
      bssid: string({ minLength: 1, maxLength: 32 }),
      if_name: string({ minLength: 1, maxLength: 32 }),
      channel: optional(integer({ min: 1, max: 233 })),
      center_freq0_chan: optional(integer({ min: 1, max: 233 })),
      ht_mode: optional(channelWidth),
      op_class: optional(integer({ min: 0, max: 255 })),
      phy_type: optional(integer({ min: 0, max: 255 })),
      priority: optional(integer()),
      ft_enabled: optional(boolean()),
      nas_identifier: optional(string()),
      ft_encr_key: optional(string({ minLength: 64, maxLength: 64 })),
      mld_addr: optional(string()),
    },
  }),

  /** A request for one 802.11k beacon report. */
  BeaconReport: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      if_name: string(),
      DstMac: string(),
      Bssid: string(),
      RegulatoryClass: integer({ min: 0, max: 255 }),
      ChanNum: integer({ min: 0, max: 255 }),
      RandomInterval: integer({ min: 0, max: 65535 }),
      Duration: integer({ min: 0, max: 65535 }),
      Mode: integer({ min: 0, max: 2 }),
    },
  }),
};
