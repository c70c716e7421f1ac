/** For tests: rows of `Wifi_Stats_Config` of every type that makes reports, on every radio, at intervals of their own. */

import type { Write } from "@opensync-ts/schema/opensync";

export type Row = Write<"Wifi_Stats_Config">;

/** A radio, its access point, and what its rows ask for: seconds, and channels beside the one in use. */
export const radios = [
  {
    phy: "wifi0",
    vif: "home-ap-24",
    band: "2.4G",
    channel: 6,
    htMode: "HT20",
    sampling: 5,
    reporting: 30,
    scans: [1, 11],
  },
  {
    phy: "wifi1",
    vif: "home-ap-50",
    band: "5G",
    channel: 36,
    htMode: "HT80",
    sampling: 10,
    reporting: 60,
    scans: [149, 157],
  },
  {
    phy: "wifi2",
    vif: "home-ap-60",
    band: "6G",
    channel: 37,
    htMode: "HT160",
    sampling: 4,
    reporting: 20,
    scans: [5, 53],
  },
] as const;

export const dwell = 50;

/** Every type that makes reports, on every radio, at intervals of its own. */
export const rows: readonly Row[] = [
  ...radios.flatMap(({ vif, band, channel, sampling, reporting, scans }): Row[] => {
    const row = (more: Row): Row => ({
      radio_type: band,
      sampling_interval: sampling,
      reporting_interval: reporting,
      ...more,
    });
    const rarer = { reporting_interval: 2 * reporting };
    const off = { survey_interval_ms: dwell, channel_list: [channel, ...scans] };
    return [
      row({ stats_type: "survey", survey_type: "on-chan", report_type: "average" }),
      row({ stats_type: "survey", survey_type: "off-chan", ...off, report_type: "histogram" }),
      row({ stats_type: "survey", survey_type: "full", ...off, ...rarer }),
      row({ stats_type: "neighbor", survey_type: "on-chan" }),
      row({ stats_type: "neighbor", survey_type: "off-chan", ...off, ...rarer }),
      row({ stats_type: "neighbor", survey_type: "full", ...off, report_type: "average" }),
      row({ stats_type: "client" }),
      row({ stats_type: "client", report_type: "diff", ...rarer }),
      row({ stats_type: "rssi" }),
      row({ stats_type: "capacity", ...rarer }),
      row({ stats_type: "client_auth_fails", reporting_interval: 60 }),
      { stats_type: "latency", if_name: [vif], sampling_interval: sampling, reporting_interval: reporting },
    ];
  }),
  { stats_type: "device", sampling_interval: 15, reporting_interval: 60 },
];
