/** Signal strength, failures and RADIUS, byte by byte. */

import { emptyReport, type StatsReport } from "../report.ts";
import { timestampMs, type Vector } from "./vector.ts";

const mac = "02:00:00:00:00:0C";
const noAverage = { average: 0, least: 0, most: 0, samples: 0 };

export const otherVectors: readonly Vector<StatsReport>[] = [
  {
    what: "RSSI, raw",
    report: {
      ...emptyReport("gw"),
      rssi: [
        {
          band: "5G",
          reportType: "raw",
          timestampMs,
          peers: [
            { mac, source: "CLIENT", samples: [{ snrDb: 30, offsetMs: 0 }, { snrDb: 31 }], rxPpdus: 7, txPpdus: 0 },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      42 2e                                           rssi_report, 46 bytes
        08 01                                         band BAND5G
        10 00                                         report_type RAW
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 21                                         peer_list, 33 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          10 00                                       rssi_source CLIENT
          1a 04                                       rssi_list, 4 bytes
            08 1e                                     rssi 30
            10 00                                     offset_ms 0
          1a 02                                       rssi_list, 2 bytes
            08 1f                                     rssi 31
          28 07                                       rx_ppdus 7`,
  },
  {
    what: "RSSI, average: one of zero goes alone",
    report: {
      ...emptyReport("gw"),
      rssi: [
        {
          band: "5GU",
          reportType: "average",
          timestampMs,
          peers: [
            { mac, samples: [], averageDb: { average: 30, least: 28, most: 33, samples: 4 }, rxPpdus: 0, txPpdus: 0 },
            { mac, samples: [], averageDb: noAverage, rxPpdus: 0, txPpdus: 0 },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      42 43                                           rssi_report, 67 bytes
        08 03                                         band BAND5GU
        10 01                                         report_type AVERAGE
        18 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        22 1d                                         peer_list, 29 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          22 08                                       rssi_avg, 8 bytes
            08 1e                                     avg 30
            10 1c                                     min 28
            18 21                                     max 33
            20 04                                     num 4
        22 17                                         peer_list, 23 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          22 02                                       rssi_avg, 2 bytes
            08 00                                     avg 0`,
  },
  {
    what: "authentication failures",
    report: {
      ...emptyReport("gw"),
      authFailures: [
        { band: "6G", bsses: [{ ifName: "home-ap-60", clients: [{ mac, authFails: 3, invalidPsk: 0 }] }] },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      4a 29                                           client_auth_fails_report, 41 bytes
        08 04                                         band BAND6G
        12 25                                         bss_list, 37 bytes
          0a 0a 68 6f 6d 65 2d 61 70 2d 36 30         ifname "home-ap-60"
          12 17                                       client_list, 23 bytes
            0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
            10 03                                     auth_fails 3
            18 00                                     invalid_psk 0`,
  },
  {
    what: "RADIUS: every counter is there",
    report: {
      ...emptyReport("gw"),
      radius: [
        {
          timestampMs,
          records: [
            {
              vifName: "wlan0",
              vifRole: "ap",
              serverAddress: "192.0.2.1",
              serverIndex: 0,
              serverPort: 1812,
              roundTripMs: 12,
              accessRequests: 100,
              accessRetransmissions: 1,
              accessAccepts: 90,
              accessRejects: 9,
              accessChallenges: 200,
              malformedAccessResponses: 0,
              badAuthenticators: 0,
              pendingRequests: 1,
              timeouts: 2,
              unknownTypes: 0,
              packetsDropped: 0,
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      52 3f                                           radius_report, 63 bytes
        08 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        12 36                                         radius_list, 54 bytes
          0a 05 77 6c 61 6e 30                        vif_name "wlan0"
          12 02 61 70                                 vif_role "ap"
          1a 09 31 39 32 2e 30 2e 32 2e 31            ServerAddress "192.0.2.1"
          20 00                                       ServerIndex 0
          28 94 0e                                    ClientServerPortNumber 1812
          30 0c                                       ClientRoundTripTime 12
          38 64                                       ClientAccessRequests 100
          40 01                                       ClientAccessRetransmissions 1
          48 5a                                       ClientAccessAccepts 90
          50 09                                       ClientAccessRejects 9
          58 c8 01                                    ClientAccessChallenges 200
          60 00                                       ClientMalformedAccessResponses 0
          68 00                                       ClientBadAuthenticators 0
          70 01                                       ClientPendingRequests 1
          78 02                                       ClientTimeouts 2
          80 01 00                                    ClientUnknownTypes 0
          88 01 00                                    ClientPacketsDropped 0`,
  },
  {
    what: "no statistics, and the power mode of QM",
    report: { ...emptyReport("gw"), powerMode: "eco" },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      5a 03 65 63 6f                                  power_mode "eco"`,
  },
];
