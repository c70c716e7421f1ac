/** The payloads that are no statistics report, byte by byte. */

import type { LatencyReport } from "../latency.ts";
import type { TimeEventsReport } from "../time-events.ts";
import { timestampMs, type Vector } from "./vector.ts";

export const latencyVector: Vector<LatencyReport> = {
  what: "latency",
  report: {
    nodeId: "gw",
    hosts: [
      {
        ifName: "br-home",
        ifRole: "lan",
        mac: Uint8Array.of(2, 0, 0, 0, 0, 12),
        dscp: 46,
        timestampMs,
        samples: [{ timestampMs, leastMs: 1, mostMs: 9, averageMs: 4, lastMs: 0, packets: 128 }],
      },
    ],
  },
  bytes: `
      0a 02 67 77                                     node_id "gw"
      12 35                                           hosts, 53 bytes
        0a 07 62 72 2d 68 6f 6d 65                    if_name "br-home"
        12 06 02 00 00 00 00 0c                       mac_address, 6 bytes
        18 00                                         dscp_type PRESENT
        20 2e                                         dscp_value 46
        28 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        32 12                                         samples, 18 bytes
          08 80 d0 95 ff bc 31                        timestamp_ms 1700000000000
          10 01                                       min_ms 1
          18 09                                       max_ms 9
          20 04                                       avg_ms 4
          28 00                                       last_ms 0
          30 80 01                                    num_pkts 128
        3a 03 6c 61 6e                                if_role "lan"`,
};

export const latencyWithoutDscpVector: Vector<LatencyReport> = {
  what: "latency of packets without DSCP: only what was asked for is there",
  report: {
    nodeId: "gw",
    hosts: [
      {
        ifName: "wl",
        ifRole: "",
        mac: Uint8Array.of(2, 0, 0, 0, 0, 12),
        dscp: "none",
        timestampMs,
        samples: [{ leastMs: 1 }],
      },
    ],
  },
  bytes: `
      0a 02 67 77                                     node_id "gw"
      12 19                                           hosts, 25 bytes
        0a 02 77 6c                                   if_name "wl"
        12 06 02 00 00 00 00 0c                       mac_address, 6 bytes
        18 01                                         dscp_type MISSING
        28 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        32 02                                         samples, 2 bytes
          10 01                                       min_ms 1`,
};

export const timeEventsVector: Vector<TimeEventsReport> = {
  what: "time events: what is empty is left out",
  report: {
    nodeId: "gw",
    firmwareVersion: "7.0",
    locationId: "home",
    sequence: 0,
    realTimeMs: timestampMs,
    monotonicMs: 60_000,
    events: [
      {
        monotonicMs: 59_999,
        category: "WIFI_LINK",
        source: "OW",
        subject: "bhaul-sta-50",
        step: "connected",
        message: "",
      },
      { monotonicMs: 60_000, category: "MANAGER", source: "OW", subject: "", step: "", message: "hi" },
    ],
  },
  bytes: `
      0a 0f                                           deviceID, 15 bytes
        0a 02 67 77                                   node_id "gw"
        12 03 37 2e 30                                firmware_version "7.0"
        1a 04 68 6f 6d 65                             location_id "home"
      10 00                                           seqNo 0
      18 80 d0 95 ff bc 31                            realTime 1700000000000
      20 e0 d4 03                                     monoTime 60000
      2a 2c                                           events, 44 bytes
        08 df d4 03                                   time 59999
        1a 09 57 49 46 49 5f 4c 49 4e 4b              cat "WIFI_LINK"
        22 02 4f 57                                   source "OW"
        2a 0c 62 68 61 75 6c 2d 73 74 61 2d 35 30     subject "bhaul-sta-50"
        32 09 63 6f 6e 6e 65 63 74 65 64              seq "connected"
      2a 15                                           events, 21 bytes
        08 e0 d4 03                                   time 60000
        1a 07 4d 41 4e 41 47 45 52                    cat "MANAGER"
        22 02 4f 57                                   source "OW"
        3a 02 68 69                                   msg "hi"`,
};
