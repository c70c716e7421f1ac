/** The fields that the other vectors leave out, byte by byte. */

import { emptyReport, type StatsReport } from "../report.ts";
import { timestampMs, type Vector } from "./vector.ts";

const mac = "02:00:00:00:00:0C";
const noAverage = { average: 0, least: 0, most: 0, samples: 0 };
const averageOf = (average: number) => ({ ...noAverage, average });

export const furtherVectors: readonly Vector<StatsReport>[] = [
  {
    what: "survey, histogram: how many samples a bin has, and of how many",
    report: {
      ...emptyReport("gw"),
      surveys: [
        {
          band: "6G",
          surveyType: "full",
          timestampMs,
          reportType: "histogram",
          samples: [
            {
              channel: 37,
              durationMs: 2000,
              totalCount: 10,
              sampleCount: 3,
              busyPercent: 45,
              busyTxPercent: 1,
              busyRxPercent: 2,
              busySelfPercent: 3,
              offsetMs: 0,
              busyExtPercent: 4,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      12 24                                           survey, 36 bytes
        08 04                                         band BAND6G
        10 02                                         survey_type FULL
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 15                                         survey_list, 21 bytes
          08 25                                       channel 37
          10 d0 0f                                    duration_ms 2000
          18 0a                                       total_count 10
          20 03                                       sample_count 3
          28 2d                                       busy 45
          30 01                                       busy_tx 1
          38 02                                       busy_rx 2
          40 03                                       busy_self 3
          48 00                                       offset_ms 0
          50 04                                       busy_ext 4
        30 02                                         report_type HISTOGRAM`,
  },
  {
    what: "survey, percentile: a channel of 20 MHz has no center",
    report: {
      ...emptyReport("gw"),
      surveys: [
        {
          band: "5GU",
          surveyType: "on-chan",
          timestampMs,
          reportType: "percentile",
          samples: [
            {
              channel: 100,
              durationMs: 1,
              totalCount: 2,
              sampleCount: 1,
              busyPercent: 0,
              busyTxPercent: 0,
              busyRxPercent: 0,
              busySelfPercent: 0,
              offsetMs: 1,
              busyExtPercent: 0,
              width: "20MHz",
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      12 1b                                           survey, 27 bytes
        08 03                                         band BAND5GU
        10 00                                         survey_type ON_CHANNEL
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 0c                                         survey_list, 12 bytes
          08 64                                       channel 100
          10 01                                       duration_ms 1
          18 02                                       total_count 2
          20 01                                       sample_count 1
          48 01                                       offset_ms 1
          60 01                                       chan_width CHAN_WIDTH_20MHZ
        30 03                                         report_type PERCENTILE`,
  },
  {
    what: "survey, average: each percentage has an average of its own",
    report: {
      ...emptyReport("gw"),
      surveys: [
        {
          band: "2.4G",
          surveyType: "on-chan",
          timestampMs,
          reportType: "average",
          averages: [
            {
              channel: 11,
              busy: noAverage,
              busyTx: averageOf(5),
              busyRx: averageOf(6),
              busySelf: averageOf(7),
              busyExt: averageOf(8),
              noiseFloor: { average: -1, least: 0, most: -1, samples: 0 },
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      12 39                                           survey, 57 bytes
        08 00                                         band BAND2G
        10 00                                         survey_type ON_CHANNEL
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        2a 2a                                         survey_avg, 42 bytes
          08 0b                                       channel 11
          1a 02                                       busy_tx, 2 bytes
            08 05                                     avg 5
          22 02                                       busy_rx, 2 bytes
            08 06                                     avg 6
          2a 02                                       busy_self, 2 bytes
            08 07                                     avg 7
          32 02                                       busy_ext, 2 bytes
            08 08                                     avg 8
          3a 16                                       noise_floor, 22 bytes
            08 ff ff ff ff ff ff ff ff ff 01          avg -1
            18 ff ff ff ff ff ff ff ff ff 01          max -1
        30 01                                         report_type AVERAGE`,
  },
  {
    what: "neighbors, difference: one that has gone",
    report: {
      ...emptyReport("gw"),
      neighbors: [
        {
          band: "2.4G",
          scanType: "on-chan",
          timestampMs,
          reportType: "diff",
          bsses: [{ bssid: "02:00:00:00:00:0a", ssid: "a", channel: 6, width: "40MHz above", status: "REMOVED" }],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      22 2b                                           neighbors, 43 bytes
        08 00                                         band BAND2G
        10 00                                         scan_type ONCHAN_SCAN
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 1c                                         bss_list, 28 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 61  bssid "02:00:00:00:00:0a"
          12 01 61                                    ssid "a"
          28 03                                       chan_width CHAN_WIDTH_40MHZ_ABOVE
          30 06                                       channel 6
          38 01                                       status REMOVED
        28 04                                         report_type DIFF`,
  },
  {
    what: "clients: one of several links that has gone, and every counter",
    report: {
      ...emptyReport("gw"),
      clients: [
        {
          band: "2.4G",
          timestampMs,
          channel: 6,
          uplinkType: "eth",
          uplinkChanged: true,
          clients: [
            {
              mac,
              mldMac: "02:00:00:00:00:0D",
              ssid: "",
              connected: false,
              connectCount: 0,
              disconnectCount: 1,
              disconnectOffsetMs: 5,
              durationMs: 0,
              stats: {
                rxBytes: 0,
                txBytes: 0,
                rxFrames: 1,
                txFrames: 2,
                rxRetries: 3,
                txRetries: 0,
                rxErrors: 4,
                txErrors: 5,
                rxRateMbps: 0,
                txRateMbps: 1,
                snrDb: 0,
                rxRatePerceivedMbps: 2,
                txRatePerceivedMbps: 0.5,
              },
              rx: [{ mcs: 0, nss: 1, bw: 3, bytes: 0, msdus: 1, mpdus: 2, ppdus: 3, retries: 4, errors: 5, snrDb: 0 }],
              tx: [{ mcs: 0, nss: 1, bw: 1, bytes: 7, msdus: 1, mpdus: 2, ppdus: 0, retries: 3, errors: 4 }],
              tids: [{ offsetMs: 0, sojourn: [{ ac: "VO", tid: 7, averageMs: 0, sumMs: 9, msdus: 1 }] }],
              uapsd: 0,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      2a a0 01                                        clients, 160 bytes
        08 00                                         band BAND2G
        10 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        1a 8b 01                                      client_list, 139 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          12 00                                       ssid ""
          18 00                                       connected false
          20 00                                       connect_count 0
          28 01                                       disconnect_count 1
          38 05                                       disconnect_offset_ms 5
          40 00                                       duration_ms 0
          4a 25                                       stats, 37 bytes
            18 01                                     rx_frames 1
            20 02                                     tx_frames 2
            28 03                                     rx_retries 3
            38 04                                     rx_errors 4
            40 05                                     tx_errors 5
            51 00 00 00 00 00 00 f0 3f                tx_rate 1.0, a double
            61 00 00 00 00 00 00 00 40                rx_rate_perceived 2.0
            69 00 00 00 00 00 00 e0 3f                tx_rate_perceived 0.5
          52 10                                       rx_stats, 16 bytes
            08 00                                     mcs 0
            10 01                                     nss 1
            18 03                                     bw 3
            28 01                                     msdus 1
            30 02                                     mpdus 2
            38 03                                     ppdus 3
            40 04                                     retries 4
            48 05                                     errors 5
          5a 10                                       tx_stats, 16 bytes
            08 00                                     mcs 0
            10 01                                     nss 1
            18 01                                     bw 1
            20 07                                     bytes 7
            28 01                                     msdus 1
            30 02                                     mpdus 2
            40 03                                     retries 3
            48 04                                     errors 4
          62 0c                                       tid_stats, 12 bytes
            22 08                                     sojourn, 8 bytes
              08 01                                   ac WMM_AC_VO
              10 07                                   tid 7
              20 09                                   sum_time_ms 9
              28 01                                   num_msdus 1
            28 00                                     offset_ms 0
          7a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 44  mld_address "02:00:00:00:00:0D"
        20 06                                         channel 6
        2a 03 65 74 68                                uplink_type "eth"
        30 01                                         uplink_changed true`,
  },
  {
    what: "capacity: every queue",
    report: {
      ...emptyReport("gw"),
      capacities: [
        {
          band: "5GU",
          timestampMs,
          samples: [
            {
              busyTxPercent: 99,
              bytesTx: 1,
              sampleCount: 2,
              vo: 3,
              vi: 4,
              be: 0,
              bk: 5,
              beacon: 6,
              cab: 7,
              offsetMs: 128,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      1a 1e                                           capacity, 30 bytes
        08 03                                         band BAND5GU
        10 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        1a 13                                         queue_list, 19 bytes
          08 63                                       busy_tx 99
          10 01                                       bytes_tx 1
          18 02                                       sample_count 2
          20 03                                       Vo_count 3
          28 04                                       Vi_count 4
          38 05                                       Bk_count 5
          40 06                                       Bcn_count 6
          48 07                                       Cab_count 7
          50 80 01                                    offset_ms 128`,
  },
  {
    what: "device: what cools and what feeds it",
    report: {
      ...emptyReport("gw"),
      devices: [
        {
          timestampMs,
          fileSystems: [],
          processesByCpu: [],
          processesByMemory: [],
          power: { supply: "poe+", consumption: 300, batteryLevel: 99 },
          temperatures: [],
          thermal: [
            { timestampMs, fanDutyCyclePercent: 50, thermalState: 2, targetRpm: 3000, txChainmasks: [], leds: [] },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      32 20                                           device, 32 bytes
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        2a 0e                                         thermal_stats, 14 bytes
          18 80 d0 95 ff bc 31                        timestamp_ms 1700000000000
          20 32                                       fan_duty_cycle 50
          28 02                                       thermal_state 2
          30 b8 17                                    target_rpm 3000
        5a 07                                         powerInfo, 7 bytes
          08 04                                       ps_type PS_TYPE_POE_PLUS
          10 ac 02                                    p_consumption 300
          18 63                                       batt_level 99`,
  },
  {
    what: "RSSI of a neighbor",
    report: {
      ...emptyReport("gw"),
      rssi: [
        {
          band: "2.4G",
          reportType: "raw",
          timestampMs,
          peers: [{ mac, source: "NEIGHBOR", samples: [], rxPpdus: 0, txPpdus: 5 }],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      42 24                                           rssi_report, 36 bytes
        08 00                                         band BAND2G
        10 00                                         report_type RAW
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 17                                         peer_list, 23 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          10 02                                       rssi_source NEIGHBOR
          30 05                                       tx_ppdus 5`,
  },
];
