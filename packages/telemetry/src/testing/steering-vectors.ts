/** Steering, byte by byte. */

import { emptyReport, type StatsReport } from "../report.ts";
import { timestampMs, type Vector } from "./vector.ts";

const mac = "02:00:00:00:00:0C";

export const steeringVectors: readonly Vector<StatsReport>[] = [
  {
    what: "steering: every scalar of an event is there, whatever its type",
    report: {
      ...emptyReport("gw"),
      steering: [
        {
          timestampMs,
          clients: [
            {
              mac,
              mldMac: "02:00:00:00:00:0D",
              bands: [
                {
                  band: "2.4G",
                  ifName: "home-ap-24",
                  connected: false,
                  rejects: 2,
                  connects: 0,
                  disconnects: 1,
                  activityChanges: 0,
                  steeringSuccesses: 0,
                  steeringFailures: 0,
                  steeringKicks: 1,
                  stickyKicks: 0,
                  broadcastProbes: 3,
                  events: [
                    { type: "PROBE", offsetMs: 900, snrDb: 28, broadcast: true, blocked: true },
                    {
                      type: "DISCONNECT",
                      offsetMs: 100,
                      snrDb: 20,
                      source: "REMOTE",
                      disconnectType: "DEAUTH",
                      reason: 8,
                    },
                    {
                      type: "CLIENT_CAPABILITIES",
                      offsetMs: 50,
                      assocIes: Uint8Array.of(0, 0),
                      capabilities: {
                        btm: true,
                        rrm: false,
                        maxWidth: 2,
                        maxStreams: 2,
                        phyMode: 0,
                        maxMcs: 9,
                        maxTxPowerDbm: 20,
                        staticSmps: false,
                        muMimo: true,
                        band2G: false,
                        band5G: true,
                        band6G: false,
                        rrmLinkMeasurement: false,
                        rrmNeighborReport: false,
                        rrmBeaconPassive: false,
                        rrmBeaconActive: false,
                        rrmBeaconTable: false,
                        rrmLciMeasurement: false,
                        rrmFtmRange: false,
                      },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
    bytes: `
      0a 02 67 77                                     nodeID "gw"
      3a d5 02                                        bs_report, 341 bytes
        08 80 d0 95 ff bc 31                          timestamp_ms 1700000000000
        12 cb 02                                      clients, 331 bytes
          0a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 43  mac_address "02:00:00:00:00:0C"
          12 a2 02                                    bs_band_report, 290 bytes
            08 00                                     band BAND2G
            10 00                                     connected false
            18 02                                     rejects 2
            20 00                                     connects 0
            28 01                                     disconnects 1
            30 00                                     activity_changes 0
            38 00                                     steering_success_cnt 0
            40 00                                     steering_fail_cnt 0
            48 01                                     steering_kick_cnt 1
            50 00                                     sticky_kick_cnt 0
            58 03                                     probe_bcast_cnt 3
            7a 52                                     event_list, 82 bytes
              08 00                                   type PROBE
              10 84 07                                offset_ms 900
              18 1c                                   rssi 28
              20 01                                   probe_bcast 1
              28 01                                   probe_blocked 1
              30 00                                   disconnect_src 0
              38 00                                   disconnect_type 0
              40 00                                   disconnect_reason 0
              48 00                                   backoff_enabled 0
              50 00                                   active 0
              58 00                                   rejected 0
              60 00                                   is_BTM_supported 0
              68 00                                   is_RRM_supported 0
              70 00                                   max_chwidth 0
              78 00                                   max_streams 0
              80 01 00                                phy_mode 0
              88 01 00                                max_mcs 0
              90 01 00                                max_txpower 0
              98 01 00                                is_static_smps 0
              a0 01 00                                is_mu_mimo_supported 0
              a8 01 00                                band_cap_2G 0
              b0 01 00                                band_cap_5G 0
              b8 01 00                                rrm_caps_link_meas 0
              c0 01 00                                rrm_caps_neigh_rpt 0
              c8 01 00                                rrm_caps_bcn_rpt_passive 0
              d0 01 00                                rrm_caps_bcn_rpt_active 0
              d8 01 00                                rrm_caps_bcn_rpt_table 0
              e0 01 00                                rrm_caps_lci_meas 0
              e8 01 00                                rrm_caps_ftm_range_rpt 0
              f0 01 00                                backoff_period 0
              80 02 00                                btm_status 0
              88 02 00                                band_cap_6G 0
            7a 51                                     event_list, 81 bytes
              08 02                                   type DISCONNECT
              10 64                                   offset_ms 100
              18 14                                   rssi 20
              20 00                                   probe_bcast 0
              28 00                                   probe_blocked 0
              30 01                                   disconnect_src 1
              38 01                                   disconnect_type 1
              40 08                                   disconnect_reason 8
              48 00                                   backoff_enabled 0
              50 00                                   active 0
              58 00                                   rejected 0
              60 00                                   is_BTM_supported 0
              68 00                                   is_RRM_supported 0
              70 00                                   max_chwidth 0
              78 00                                   max_streams 0
              80 01 00                                phy_mode 0
              88 01 00                                max_mcs 0
              90 01 00                                max_txpower 0
              98 01 00                                is_static_smps 0
              a0 01 00                                is_mu_mimo_supported 0
              a8 01 00                                band_cap_2G 0
              b0 01 00                                band_cap_5G 0
              b8 01 00                                rrm_caps_link_meas 0
              c0 01 00                                rrm_caps_neigh_rpt 0
              c8 01 00                                rrm_caps_bcn_rpt_passive 0
              d0 01 00                                rrm_caps_bcn_rpt_active 0
              d8 01 00                                rrm_caps_bcn_rpt_table 0
              e0 01 00                                rrm_caps_lci_meas 0
              e8 01 00                                rrm_caps_ftm_range_rpt 0
              f0 01 00                                backoff_period 0
              80 02 00                                btm_status 0
              88 02 00                                band_cap_6G 0
            7a 56                                     event_list, 86 bytes
              08 11                                   type CLIENT_CAPABILITIES
              10 32                                   offset_ms 50
              18 00                                   rssi 0
              20 00                                   probe_bcast 0
              28 00                                   probe_blocked 0
              30 00                                   disconnect_src 0
              38 00                                   disconnect_type 0
              40 00                                   disconnect_reason 0
              48 00                                   backoff_enabled 0
              50 00                                   active 0
              58 00                                   rejected 0
              60 01                                   is_BTM_supported 1
              68 00                                   is_RRM_supported 0
              70 02                                   max_chwidth 2
              78 02                                   max_streams 2
              80 01 00                                phy_mode 0
              88 01 09                                max_mcs 9
              90 01 14                                max_txpower 20
              98 01 00                                is_static_smps 0
              a0 01 01                                is_mu_mimo_supported 1
              a8 01 00                                band_cap_2G 0
              b0 01 01                                band_cap_5G 1
              b8 01 00                                rrm_caps_link_meas 0
              c0 01 00                                rrm_caps_neigh_rpt 0
              c8 01 00                                rrm_caps_bcn_rpt_passive 0
              d0 01 00                                rrm_caps_bcn_rpt_active 0
              d8 01 00                                rrm_caps_bcn_rpt_table 0
              e0 01 00                                rrm_caps_lci_meas 0
              e8 01 00                                rrm_caps_ftm_range_rpt 0
              f0 01 00                                backoff_period 0
              fa 01 02 00 00                          assoc_ies, 2 bytes
              80 02 00                                btm_status 0
              88 02 00                                band_cap_6G 0
            82 01 0a 68 6f 6d 65 2d 61 70 2d 32 34    ifname "home-ap-24"
          1a 11 30 32 3a 30 30 3a 30 30 3a 30 30 3a 30 30 3a 30 44  mld_address "02:00:00:00:00:0D"`,
  },
];
