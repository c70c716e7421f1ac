/**
 * Statistics and measurements: what to sample and report, speed tests, remote tests.
 */

import { boolean, enumeration, integer, map, optional, real, set, string, table } from "@opensync-ts/ovsdb/declare";
import { frequencyBand } from "./shared-types.ts";
import { admitting, unsettable } from "./superset.ts";

const speedtestType = enumeration("OOKLA", "MPLAB", "IPERF3_S", "IPERF3_C", "SAMKNOWS");

export const statisticsTables = {
  /** Statistics to collect: kind, radio, sampling and reporting intervals (seconds). */
  Wifi_Stats_Config: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      stats_type: unsettable(
        enumeration(
          "latency",
          "neighbor",
          "survey",
          "client",
          "capacity",
          "radio",
          "essid",
          "quality",
          "device",
          "rssi",
          "steering",
          "client_auth_fails",
          "radius_stats",
        ),
      ),
      report_type: optional(enumeration("raw", "average", "histogram", "percentile", "diff")),
      radio_type: optional(frequencyBand),
      survey_type: optional(enumeration("on-chan", "off-chan", "full")),
      latency_dscp: optional(enumeration("do_not_report", "report_per_dscp")),
      latency_kinds: set(admitting(enumeration("min", "max", "avg", "last", "num"), "perc"), { max: 64 }),
      if_name: set(string({ minLength: 1, maxLength: 16 }), { max: 64 }),
      sample_policy: optional(enumeration("separate", "merge")),
      reporting_interval: integer(),
      reporting_count: integer(),
      sampling_interval: integer(),
      survey_interval_ms: optional(integer()),
      channel_list: set(integer({ min: 1, max: 233 }), { max: 64 }),
      threshold: map(string(), integer(), { max: 4 }),
    },
  }),

  /** A request for one speed test. */
  Wifi_Speedtest_Config: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      testid: integer(),
      traffic_cap: real(),
      delay: integer(),
      test_type: unsettable(speedtestType),
      preferred_list: set(integer({ min: 1 }), { max: 32 }),
      select_server_id: optional(integer({ min: 1 })),
      st_server: optional(string()),
      st_port: optional(integer({ min: 1024, max: 65535 })),
      st_len: optional(integer({ min: 10, max: 60 })),
      st_parallel: optional(integer({ min: 1, max: 16 })),
      st_udp: optional(boolean()),
      st_bw: optional(integer({ min: 0 })),
      st_bw_dl: optional(integer({ min: 0 })),
      st_bw_ul: optional(integer({ min: 0 })),
      st_pkt_len: optional(integer({ min: 0 })),
      st_dir: optional(enumeration("DL", "UL", "DL_UL")),
      st_endpoint_url: optional(string({ maxLength: 128 })),
      st_bind_address: optional(string({ maxLength: 48 })),
      st_bind_interface: optional(string({ maxLength: 16 })),
    },
  }),

  /** Results of speed tests. */
  Wifi_Speedtest_Status: table({
    isRoot: true,
    columns: {
      testid: integer(),
      UL: optional(real()),
      DL: optional(real()),
      server_name: optional(string()),
      server_IP: optional(string()),
      ISP: optional(string()),
      RTT: optional(real()),
      jitter: optional(real()),
      duration: optional(real()),
      timestamp: optional(integer()),
      status: integer(),
      // (the released schema bounds these two by the largest 64-bit integer, which is no bound)
      DL_bytes: optional(integer()),
      UL_bytes: optional(integer()),
      DL_duration: optional(real()),
      UL_duration: optional(real()),
      test_type: optional(speedtestType),
      pref_selected: optional(boolean()),
      hranked_offered: optional(boolean()),
      DL_pkt_loss: optional(real()),
      UL_pkt_loss: optional(real()),
      DL_jitter: optional(real()),
      UL_jitter: optional(real()),
      host_remote: optional(string()),
      externalIP: optional(string()),
      localIP: optional(string({ maxLength: 48 })),
      is_vpn: optional(boolean()),
      mac_addr: optional(string()),
      interface_name: optional(string()),
      packet_loss: optional(real()),
      result_id: optional(string()),
      persisted: optional(boolean()),
      country: optional(string()),
      server_host: optional(string()),
      server_location: optional(string()),
      server_id: optional(string()),
      server_port: optional(integer()),
      RTT_min: optional(real()),
      RTT_max: optional(real()),
      DL_RTT: optional(real()),
      UL_RTT: optional(real()),
      DL_RTT_min: optional(real()),
      DL_RTT_max: optional(real()),
      UL_RTT_min: optional(real()),
      UL_RTT_max: optional(real()),
    },
  }),

  /** Remote test commands; handled by vendors. */
  Wifi_Test_Config: table({
    isRoot: true,
    columns: {
      test_id: string(),
      params: map(string(), string()),
    },
  }),

  /** Results of remote test commands. */
  Wifi_Test_State: table({
    isRoot: true,
    columns: {
      test_id: string(),
      state: string(),
    },
  }),
};
