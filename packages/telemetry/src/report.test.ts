import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeReport, emptyReport, encodeReport } from "./report.ts";
import type { SurveySample } from "./survey.ts";

const gateway = "0a026777";
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

const sample: SurveySample = {
  channel: 36,
  durationMs: 1000,
  offsetMs: 0,
  busyPercent: 0,
  busyTxPercent: 0,
  busyRxPercent: 0,
  busySelfPercent: 0,
  busyExtPercent: 0,
};

function survey(surveyType: "on-chan" | "off-chan", samples: readonly SurveySample[]) {
  const report = emptyReport("gw");
  const sent = {
    ...report,
    surveys: [{ band: "5G", surveyType, timestampMs: 0, reportType: "raw", samples }],
  } as const;
  const [read] = decodeReport(encodeReport(sent)).surveys;
  assert.ok(read && read.reportType !== "average");
  return read.samples;
}

describe("reports are encoded", () => {
  it("whatever a driver says: numbers are bent to what their fields can hold", () => {
    const [read] = survey("on-chan", [
      {
        ...sample,
        channel: Number.NaN,
        durationMs: -5,
        offsetMs: 2 ** 40,
        busyPercent: 33.9,
        busyTxPercent: Number.POSITIVE_INFINITY,
        noiseFloorDbm: -92.7,
      },
    ]);
    assert.deepEqual(read, {
      ...sample,
      channel: 0,
      durationMs: 0,
      offsetMs: 2 ** 32 - 1,
      busyPercent: 33,
      busyTxPercent: 2 ** 32 - 1,
      noiseFloorDbm: -92,
    });
  });

  it("whatever a name is made of", () => {
    assert.equal(decodeReport(encodeReport(emptyReport("a\ud800b"))).nodeId, "a\ufffdb");
  });

  it("without width off the operating channel, without center up to 20 MHz, without puncturing of no center", () => {
    const wide = { ...sample, width: "80MHz", center0FreqMhz: 5210, puncture: 2 } as const;
    assert.deepEqual(survey("on-chan", [wide]), [wide]);
    assert.deepEqual(survey("off-chan", [wide])[0]?.width, undefined);
    assert.deepEqual(survey("on-chan", [{ ...wide, width: "20MHz" }]), [{ ...sample, width: "20MHz" }]);
    assert.deepEqual(survey("on-chan", [{ ...wide, center0FreqMhz: 0 }]), [{ ...sample, width: "80MHz" }]);
  });

  it("with the number of samples that one stands for where it stands for several, and nowhere else", () => {
    for (const reportType of ["raw", "histogram", "percentile", "diff"] as const) {
      const counted = { ...sample, sampleCount: 2, totalCount: 5 };
      const surveys = [{ band: "5G", surveyType: "on-chan", timestampMs: 0, reportType, samples: [counted] }] as const;
      const [read] = decodeReport(encodeReport({ ...emptyReport("gw"), surveys })).surveys;
      const counts = reportType === "histogram" || reportType === "percentile";
      assert.deepEqual(read?.reportType !== "average" && read?.samples, [counts ? counted : sample], reportType);
    }
  });

  it("with chain masks of three radios at most, and without queues that nothing went through", () => {
    const mask = { band: "5G", mask: 3 } as const;
    const devices = [
      {
        timestampMs: 0,
        fileSystems: [],
        processesByCpu: [],
        processesByMemory: [],
        temperatures: [],
        thermal: [{ timestampMs: 0, txChainmasks: [mask, mask, mask, mask], leds: [] }],
      },
    ];
    const read = decodeReport(encodeReport({ ...emptyReport("gw"), devices }));
    assert.equal(read.devices[0]?.thermal[0]?.txChainmasks.length, 3);
  });

  it("without steering reports that name no client", () => {
    const report = { ...emptyReport("gw"), steering: [{ timestampMs: 1, clients: [] }] };
    assert.equal(Buffer.from(encodeReport(report)).toString("hex"), gateway);
  });
});

describe("reports are decoded", () => {
  it("skipping fields and values of enumerations that are not known", () => {
    // Field 15 of the report; report_type 9 of the survey, which is thus raw.
    const read = decodeReport(hex(`${gateway} 78 01  12 06 08 01 10 00 30 09`));
    assert.deepEqual(read.surveys, [
      { band: "5G", surveyType: "on-chan", timestampMs: 0, reportType: "raw", samples: [] },
    ]);
  });

  it("unless a required field is missing, or has a value that is not known", () => {
    assert.throws(() => decodeReport(hex("")), /^MalformedPayload: no sts\.Report: required field nodeID is missing$/);
    assert.throws(
      () => decodeReport(hex(`${gateway} 12 02 08 01`)),
      /required field survey\[0\]\.survey_type is missing/,
    );
    assert.throws(
      () => decodeReport(hex(`${gateway} 12 04 08 07 10 00`)),
      /required field survey\[0\]\.band is missing/,
    );
    assert.throws(
      () => decodeReport(hex(`${gateway} 32 04 32 02 08 01`)),
      /required field device\[0\]\.mem_util\.mem_used is missing/,
    );
  });

  it("unless they are cut off, garbage, or larger than a payload may be", () => {
    assert.throws(() => decodeReport(hex("0a 05 67 77")), /^MalformedPayload: no sts\.Report: /);
    assert.throws(() => decodeReport(hex("ff ff ff ff ff ff ff ff ff ff ff")), /^MalformedPayload: no sts\.Report: /);
    assert.throws(() => decodeReport(new Uint8Array(2 * 1024 * 1024 + 1)), /2097153 bytes are more than the 2097152/);
  });

  it("unless they hold more messages than a payload may", () => {
    const devices = (count: number) => hex(`${gateway} ${"3200".repeat(count)}`);
    assert.equal(decodeReport(devices(65_535)).devices.length, 65_535);
    assert.throws(
      () => decodeReport(devices(65_536)),
      /^MalformedPayload: no sts\.Report: more than 65536 messages in it$/,
    );
  });

  it("unless they are unknown groups without end", () => {
    assert.throws(() => decodeReport(hex(`${gateway} ${"7b".repeat(100_000)}`)), /^MalformedPayload: no sts\.Report: /);
  });

  it("with names that are no UTF-8 read as far as they are", () => {
    assert.equal(decodeReport(hex("0a 03 67 ff 77")).nodeId, "g\ufffdw");
  });
});
