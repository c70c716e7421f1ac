import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemText } from "../problems.ts";
import { row as rowOf, uuid } from "../testing/rows.ts";
import { readRow, type StatsConfigRow } from "./row.ts";

function row(columns: Partial<StatsConfigRow>): StatsConfigRow {
  const intervals = { sampling_interval: 10, reporting_interval: 60 };
  return rowOf("Wifi_Stats_Config", { _uuid: uuid(1), ...intervals, ...columns });
}

const survey = { stats_type: "survey", radio_type: "5G", survey_type: "on-chan" } as const;
const scan = { ...survey, survey_type: "off-chan", survey_interval_ms: 50, channel_list: [44, 48] } as const;
const client = { stats_type: "client", radio_type: "2.4G" } as const;

/** Problems without the name of the row; those that are only notices in parentheses. */
function problemsOf(columns: Partial<StatsConfigRow>): readonly string[] {
  return readRow(row(columns)).problems.map((problem) => {
    const text = problemText(problem).replace(/^Wifi_Stats_Config '[^']*': /, "");
    return problem.inert ? `(${text})` : text;
  });
}

describe("a row of Wifi_Stats_Config", () => {
  it("asks for what its columns say", () => {
    const { name, plan, problems } = readRow(
      row({
        ...scan,
        channel_list: [149, 44],
        reporting_count: 5,
        threshold: new Map([
          ["util", 25],
          ["max_delay", 600],
        ]),
        report_type: "histogram",
      }),
    );
    assert.equal(name, `survey 5G off-chan ${uuid(1)}`);
    assert.deepEqual(plan, {
      statsType: "survey",
      band: "5G",
      surveyType: "off-chan",
      sampling: 10_000,
      reporting: 60_000,
      limit: 5,
      dwell: 50,
      channels: [5220, 5745],
      threshold: { util: 25, maxDelay: 600_000 },
      reportType: "histogram",
    });
    assert.deepEqual(problems, []);
  });

  it("needs no radio_type only where it is about the whole device", () => {
    assert.equal(readRow(row({ stats_type: "device" })).plan?.band, null);
    for (const stats_type of ["survey", "neighbor", "client", "rssi", "capacity", "client_auth_fails"] as const) {
      const columns = { stats_type, survey_type: "on-chan" } as const;
      const { plan } = readRow(row(columns));
      assert.equal(plan, null, stats_type);
      assert.match(problemsOf(columns).join(), /radio_type '': not set, it says which radio; the row is ignored/);
    }
  });

  it("is ignored, and named, when what it collects is not clear", () => {
    const cases: readonly (readonly [Partial<StatsConfigRow>, string])[] = [
      [{ stats_type: "" }, "stats_type '': not set; the row is ignored"],
      [
        { ...survey, survey_type: null },
        "survey_type '': not set, it says whether to leave the operating channel; the row is ignored",
      ],
      [{ ...client, sampling_interval: -1 }, "sampling_interval '-1': negative; the row is ignored"],
      [{ ...client, reporting_interval: -1 }, "reporting_interval '-1': negative; the row is ignored"],
      [{ ...client, reporting_count: -1 }, "reporting_count '-1': negative; the row is ignored"],
      [{ ...scan, survey_interval_ms: -5 }, "survey_interval_ms '-5': negative; the row is ignored"],
      [{ ...scan, channel_list: [1, 6] }, "channel_list '1,6': no 5G channel: 1, 6; the row is ignored"],
    ];
    for (const [columns, expected] of cases) {
      assert.deepEqual(problemsOf(columns), [expected]);
      assert.equal(readRow(row(columns)).plan, null, expected);
    }
  });

  it("is off when an interval is 0", () => {
    for (const columns of [{ sampling_interval: 0 }, { reporting_interval: 0 }]) {
      for (const type of [survey, scan, client, { stats_type: "device" } as const]) {
        const { plan, why } = readRow(row({ ...type, ...columns }));
        assert.equal(plan, null);
        assert.match(why, /^off, (sampling|reporting)_interval is 0$/);
      }
    }
    assert.deepEqual(problemsOf({ ...client, sampling_interval: 0, reporting_interval: 0 }), []);
    assert.deepEqual(problemsOf({ ...client, reporting_interval: 0 }), []);
    // It may have been left out.
    assert.deepEqual(problemsOf({ ...client, sampling_interval: 0 }), ["(sampling_interval '0': the row is off)"]);
  });

  it("has a defined meaning for every stats_type of the schema", () => {
    const silent = ["latency", "steering"] as const;
    const unable = ["radio", "essid", "quality", "radius_stats"] as const;
    for (const stats_type of silent) assert.deepEqual(problemsOf({ stats_type }), []);
    for (const stats_type of unable) {
      assert.match(
        problemsOf({ stats_type }).join("\n"),
        new RegExp(`^stats_type '${stats_type}': .*nothing is reported$`),
      );
    }
    for (const stats_type of [...silent, ...unable]) assert.equal(readRow(row({ stats_type })).plan, null);
  });

  it("leaves out channels of another band, and says which", () => {
    const { plan } = readRow(row({ ...scan, radio_type: "5GL", channel_list: [36, 100, 149, 1, 2, 3, 4] }));
    assert.deepEqual(plan?.channels, [5180]);
    assert.deepEqual(problemsOf({ ...scan, radio_type: "5GL", channel_list: [36, 100, 149, 1, 2, 3, 4] }), [
      "channel_list '36,100,149,1,2,3,4': no 5GL channel: 100, 149, 1, 2, 3 and 1 more; left out",
    ]);
    assert.deepEqual(readRow(row({ ...scan, radio_type: "5GU", channel_list: [36, 100] })).plan?.channels, [5500]);
    assert.deepEqual(readRow(row({ ...scan, radio_type: "6G", channel_list: [2, 5] })).plan?.channels, [5935, 5975]);
    assert.deepEqual(readRow(row({ ...scan, radio_type: "2.4G", channel_list: [14] })).plan?.channels, [2484]);
  });

  it("scans nothing without channels or a dwell that fits", () => {
    const cases: readonly (readonly [Partial<StatsConfigRow>, RegExp])[] = [
      [{ channel_list: [] }, /^\(channel_list '': empty; nothing is scanned, what others scan is reported\)$/],
      [{ survey_interval_ms: null }, /^\(survey_interval_ms '': not set; nothing is scanned/],
      [{ survey_interval_ms: 0 }, /^\(survey_interval_ms '0': not set; nothing is scanned/],
      [{ survey_interval_ms: 10_000 }, /^survey_interval_ms '10000': not shorter than sampling_interval/],
      [{ survey_interval_ms: 20_000, sampling_interval: 60 }, /^survey_interval_ms '20000': more than 10000; nothing/],
    ];
    for (const [columns, expected] of cases) {
      assert.match(problemsOf({ ...scan, ...columns }).join("\n"), expected);
      assert.equal(readRow(row({ ...scan, ...columns })).plan?.dwell, 0);
    }
  });

  it("keeps the rest of the row when the threshold is wrong", () => {
    const cases: readonly (readonly [Readonly<Record<string, number>>, string])[] = [
      [{ util: 101 }, "threshold 'util=101': util is no percentage (0 to 100); the threshold is left out"],
      [{ util: -1 }, "threshold 'util=-1': util is no percentage (0 to 100); the threshold is left out"],
      [{ util: 5, max_delay: -1 }, "threshold 'util=5,max_delay=-1': max_delay is negative; the threshold is left out"],
      [{ max_delay: 5 }, "(threshold 'max_delay=5': max_delay without util; without effect)"],
      [{ noise: 5 }, "(threshold 'noise=5': unknown: noise (util, max_delay); left out)"],
    ];
    for (const [threshold, expected] of cases) {
      const columns = { ...client, threshold: new Map(Object.entries(threshold)) };
      assert.deepEqual(problemsOf(columns), [expected]);
      assert.equal(readRow(row(columns)).plan?.threshold, null);
    }
    const late = readRow(row({ ...client, threshold: new Map([["util", 10]]) }));
    assert.deepEqual(late.plan?.threshold, { util: 10, maxDelay: 0 });
  });

  it("may have integers that no number holds", () => {
    const huge = (2n ** 62n) as unknown as number;
    const columns = { sampling_interval: huge, reporting_interval: huge, reporting_count: huge };
    const { plan } = readRow(
      row({
        ...client,
        ...columns,
        threshold: new Map([
          ["util", 5],
          ["max_delay", huge],
        ]),
      }),
    );
    assert.equal(plan?.sampling, 2 ** 62 * 1_000);
    assert.equal(plan?.limit, 2 ** 62);
    assert.deepEqual(plan?.threshold, { util: 5, maxDelay: 2 ** 62 * 1_000 });
    assert.match(problemsOf({ ...client, reporting_interval: -huge }).join(), /negative; the row is ignored/);
    assert.match(problemsOf({ ...scan, survey_interval_ms: huge }).join(), /not shorter than sampling_interval/);
  });

  it("does not fill the log with what it repeats", () => {
    const columns = { ...client, if_name: ["x".repeat(10_000)], threshold: new Map([["y".repeat(10_000), 1]]) };
    for (const text of problemsOf(columns)) assert.ok(text.length < 250, text);
  });

  it("is reported raw where its type cannot be reported as asked", () => {
    const columns = { ...client, report_type: "histogram" } as const;
    assert.equal(readRow(row(columns)).plan?.reportType, "raw");
    assert.deepEqual(problemsOf(columns), [
      "report_type 'histogram': reports of type client can be raw, average, diff; raw is sent",
    ]);
  });

  it("is told of columns that mean nothing for it", () => {
    assert.deepEqual(
      problemsOf({ ...client, if_name: ["br-home"], channel_list: [1], latency_dscp: "do_not_report" }),
      [
        "(if_name 'br-home': for stats_type latency only; without effect)",
        "(latency_dscp 'do_not_report': for stats_type latency only; without effect)",
        "(channel_list '1': for survey and neighbor only; without effect)",
      ],
    );
    assert.deepEqual(problemsOf({ ...survey, survey_interval_ms: 50 }), [
      "(survey_interval_ms '50': for survey_type off-chan and full only; without effect)",
    ]);
    assert.deepEqual(problemsOf({ ...client, sampling_interval: 90 }), [
      "(sampling_interval '90': longer than reporting_interval; reports without a new sample are left out)",
    ]);
  });
});
