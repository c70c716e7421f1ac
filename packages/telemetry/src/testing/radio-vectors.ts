/** Air time, neighbors, clients and the device, byte by byte. */

import { emptyReport, type StatsReport } from "../report.ts";
import { timestampMs, type Vector } from "./vector.ts";

const mac = "02:00:00:00:00:0C";
const noAverage = { average: 0, least: 0, most: 0, samples: 0 };

export const radioVectors: readonly Vector<StatsReport>[] = [
  {
    what: "survey, raw: zero percentages are left out",
    report: {
      ...emptyReport("gw"),
      surveys: [
        {
          band: "5G",
          surveyType: "on-chan",
          timestampMs,
          reportType: "raw",
          samples: [
            {
              channel: 36,
              durationMs: 1000,
              offsetMs: 500,
              busyPercent: 40,
              busyTxPercent: 10,
              busyRxPercent: 20,
              busySelfPercent: 0,
              busyExtPercent: 0,
              noiseFloorDbm: -95,
              width: "80MHz",
              center0FreqMhz: 5210,
              puncture: 4,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      12 31                                           survey, 49 bytes
        08 01                                         band BAND5G
        10 00                                         survey_type ON_CHANNEL
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 22                                         survey_list, 34 bytes
          08 24                                       channel 36
          10 e8 07                                    duration_ms 1000
          28 28                                       busy 40
          30 0a                                       busy_tx 10
          38 14                                       busy_rx 20
          48 f4 03                                    offset_ms 500
          58 a1 ff ff ff ff ff ff ff ff 01            noise_floor -95: sign-extended to 64 bits, ten bytes
          60 05                                       chan_width CHAN_WIDTH_80MHZ
          68 da 28                                    center0_freq_mhz 5210
          72 02 04 00                                 puncture, 2 bytes
        30 00                                         report_type RAW`,
  },
  {
    what: "survey, average: averages of zero are left out, and so is a zero among their bounds",
    report: {
      ...emptyReport("gw"),
      surveys: [
        {
          band: "2.4G",
          surveyType: "off-chan",
          timestampMs,
          reportType: "average",
          averages: [
            {
              channel: 1,
              busy: { average: 30, least: 10, most: 50, samples: 5 },
              busyTx: noAverage,
              busyRx: noAverage,
              busySelf: noAverage,
              busyExt: noAverage,
              noiseFloor: { average: -90, least: -95, most: 0, samples: 5 },
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      12 35                                           survey, 53 bytes
        08 00                                         band BAND2G
        10 01                                         survey_type OFF_CHANNEL
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        2a 26                                         survey_avg, 38 bytes
          08 01                                       channel 1
          12 08                                       busy, 8 bytes
            08 1e                                     avg 30
            10 0a                                     min 10
            18 32                                     max 50
            20 05                                     num 5
          3a 18                                       noise_floor, 24 bytes
            08 a6 ff ff ff ff ff ff ff ff 01          avg -90
            10 a1 ff ff ff ff ff ff ff ff 01          min -95
            20 05                                     num 5
        30 01                                         report_type AVERAGE`,
  },
  {
    what: "neighbors, difference: an empty SSID is there, an unknown SNR is not",
    report: {
      ...emptyReport("gw"),
      neighbors: [
        {
          band: "6G",
          scanType: "off-chan",
          timestampMs,
          reportType: "diff",
          bsses: [
            {
              bssid: "02:00:00:00:00:0a",
              ssid: "café",
              channel: 37,
              width: "160MHz",
              snrDb: 40,
              tsf: 300,
              status: "ADDED",
              beaconIes: Uint8Array.of(0, 1, 65),
            },
            { bssid: "02:00:00:00:00:0b", ssid: "", channel: 5, width: "unknown" },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      22 54                                           neighbors, 84 bytes
        08 04                                         band BAND6G
        10 01                                         scan_type OFFCHAN_SCAN
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 2a                                         bss_list, 42 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 61  bssid "02:00:00:00:00:0a"
          12 05 63 61 66 c3 a9                        ssid "café"
          18 28                                       rssi 40
          20 ac 02                                    tsf 300
          28 06                                       chan_width CHAN_WIDTH_160MHZ
          30 25                                       channel 37
          38 00                                       status ADDED
          4a 03 00 01 41                              beacon_ies, 3 bytes
        22 19                                         bss_list, 25 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 62  bssid "02:00:00:00:00:0b"
          12 00                                       ssid ""
          28 00                                       chan_width CHAN_WIDTH_UNKNOWN
          30 05                                       channel 5
        28 04                                         report_type DIFF`,
  },
  {
    what: "clients: tx_retries stand on their own; counts are there even if zero",
    report: {
      ...emptyReport("gw"),
      clients: [
        {
          band: "5G",
          timestampMs,
          channel: 36,
          uplinkType: "",
          uplinkChanged: false,
          clients: [
            {
              mac,
              ssid: "home",
              connected: true,
              connectCount: 1,
              disconnectCount: 0,
              connectOffsetMs: 400,
              durationMs: 400,
              stats: {
                rxBytes: 2 ** 32,
                txBytes: 1500,
                rxFrames: 0,
                txFrames: 0,
                rxRetries: 0,
                txRetries: 3,
                rxErrors: 0,
                txErrors: 0,
                rxRateMbps: 866.5,
                txRateMbps: 0,
                snrDb: 35,
                rxRatePerceivedMbps: 0,
                txRatePerceivedMbps: 0,
              },
              rx: [
                { mcs: 9, nss: 2, bw: 2, bytes: 1500, msdus: 0, mpdus: 0, ppdus: 0, retries: 0, errors: 0, snrDb: 35 },
              ],
              tx: [{ mcs: 7, nss: 1, bw: 0, bytes: 0, msdus: 0, mpdus: 0, ppdus: 5, retries: 0, errors: 0 }],
              tids: [{ offsetMs: 100, sojourn: [{ ac: "BE", tid: 0, averageMs: 2, sumMs: 0, msdus: 10 }] }],
              uapsd: 15,
              networkId: "guest",
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      2a 8d 01                                        clients, 141 bytes
        08 01                                         band BAND5G
        10 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        1a 7e                                         client_list, 126 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          12 04 68 6f 6d 65                           ssid "home"
          18 01                                       connected true
          20 01                                       connect_count 1
          28 00                                       disconnect_count 0
          30 90 03                                    connect_offset_ms 400
          40 90 03                                    duration_ms 400
          4a 16                                       stats, 22 bytes
            08 80 80 80 80 10                         rx_bytes 2^32
            10 dc 0b                                  tx_bytes 1500
            30 03                                     tx_retries 3
            49 00 00 00 00 00 14 8b 40                rx_rate 866.5, a double
            58 23                                     rssi 35
          52 0b                                       rx_stats, 11 bytes
            08 09                                     mcs 9
            10 02                                     nss 2
            18 02                                     bw 2
            20 dc 0b                                  bytes 1500
            50 23                                     rssi 35
          5a 08                                       tx_stats, 8 bytes
            08 07                                     mcs 7
            10 01                                     nss 1
            18 00                                     bw 0
            38 05                                     ppdus 5
          62 0c                                       tid_stats, 12 bytes
            22 08                                     sojourn, 8 bytes
              08 03                                   ac WMM_AC_BE
              10 00                                   tid 0
              18 02                                   ewma_time_ms 2
              28 0a                                   num_msdus 10
            28 64                                     offset_ms 100
          68 0f                                       uapsd 15
          72 05 67 75 65 73 74                        network_id "guest"
          7a 11 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 30  mld_address "00:00:00:00:00:00"
        20 24                                         channel 36
        2a 00                                         uplink_type ""`,
  },
  {
    what: "capacity",
    report: {
      ...emptyReport("gw"),
      capacities: [
        {
          band: "5GL",
          timestampMs,
          samples: [
            {
              offsetMs: 0,
              busyTxPercent: 0,
              bytesTx: 70_000,
              sampleCount: 1,
              vo: 0,
              vi: 0,
              be: 4,
              bk: 0,
              beacon: 0,
              cab: 0,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      1a 17                                           capacity, 23 bytes
        08 02                                         band BAND5GL
        10 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        1a 0c                                         queue_list, 12 bytes
          08 00                                       busy_tx 0
          10 f0 a2 04                                 bytes_tx 70000
          18 01                                       sample_count 1
          30 04                                       Be_count 4
          50 00                                       offset_ms 0`,
  },
  {
    what: "device: a chain mask of zero is there",
    report: {
      ...emptyReport("gw"),
      devices: [
        {
          timestampMs,
          load: { one: 0.5, five: 0.25, fifteen: 0 },
          uptimeSeconds: 86_400,
          memory: { total: 512_000, used: 128, swapTotal: 0, swapUsed: 0 },
          fileSystems: [
            { type: "rootfs", total: 1024, used: 512 },
            { type: "tmpfs", total: 64, used: 0 },
          ],
          cpuPercent: 12,
          processesByCpu: [{ pid: 1, command: "dm", use: 3 }],
          processesByMemory: [{ pid: 300, command: "owm", use: 9000 }],
          power: { supply: "poe", consumption: 0, batteryLevel: 0 },
          usedFileHandles: 100,
          totalFileHandles: 4096,
          temperatures: [{ band: "2.4G", celsius: -5 }],
          thermal: [
            { timestampMs, fanRpm: 2000, txChainmasks: [{ band: "5G", mask: 0 }], leds: [{ position: 1, value: 255 }] },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      32 93 01                                        device, 147 bytes
        0a 1b                                         load, 27 bytes
          09 00 00 00 00 00 00 e0 3f                  one 0.5, a double
          11 00 00 00 00 00 00 d0 3f                  five 0.25, a double
          19 00 00 00 00 00 00 00 00                  fifteen 0.0, a double
        12 0d                                         radio_temp, 13 bytes
          08 00                                       band BAND2G
          10 fb ff ff ff ff ff ff ff ff 01            value -5
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        20 80 a3 05                                   uptime 86400
        2a 17                                         thermal_stats, 23 bytes
          0a 04                                       txchainmask, 4 bytes
            08 01                                     band BAND5G
            10 00                                     value 0
          10 d0 0f                                    fan_rpm 2000
          18 80 d0 95 ff bc 31                        timestamp_ms 1700000000000
          3a 05                                       led_state, 5 bytes
            08 01                                     position 1
            10 ff 01                                  value 255
        32 0b                                         mem_util, 11 bytes
          08 80 a0 1f                                 mem_total 512000
          10 80 01                                    mem_used 128
          18 00                                       swap_total 0
          20 00                                       swap_used 0
        3a 08                                         fs_util, 8 bytes
          08 00                                       fs_type FS_TYPE_ROOTFS
          10 80 08                                    fs_total 1024
          18 80 04                                    fs_used 512
        3a 06                                         fs_util, 6 bytes
          08 01                                       fs_type FS_TYPE_TMPFS
          10 40                                       fs_total 64
          18 00                                       fs_used 0
        42 02                                         cpuUtil, 2 bytes
          08 0c                                       cpu_util 12
        4a 08                                         ps_cpu_util, 8 bytes
          08 01                                       pid 1
          12 02 64 6d                                 cmd "dm"
          18 03                                       util 3
        52 0b                                         ps_mem_util, 11 bytes
          08 ac 02                                    pid 300
          12 03 6f 77 6d                              cmd "owm"
          18 a8 46                                    util 9000
        5a 02                                         powerInfo, 2 bytes
          08 03                                       ps_type PS_TYPE_POE
        60 64                                         used_file_handles 100
        68 80 20                                      total_file_handles 4096`,
  },
];
