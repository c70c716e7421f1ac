import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SurveySample } from "@opensync-ts/telemetry/survey";
import fc from "fast-check";
import { statsLimits } from "./limits.ts";
import { averages, changedSamples, histogram, percentiles, type TakenSample } from "./survey-shapes.ts";

function taken(channel: number, busyPercent: number, more: Partial<SurveySample> & { at?: number } = {}): TakenSample {
  const { at = 0, ...sample } = more;
  return {
    key: `wifi1 ${channel}`,
    at,
    sample: {
      channel,
      durationMs: 1_000,
      offsetMs: 0,
      busyPercent,
      busyTxPercent: 0,
      busyRxPercent: 0,
      busySelfPercent: 0,
      busyExtPercent: 0,
      ...sample,
    },
  };
}

const anything = fc.array(
  fc
    .record({
      channel: fc.constantFrom(36, 40, 44),
      busy: fc.nat(100),
      tx: fc.nat(100),
      ms: fc.integer({ min: 1, max: 60_000 }),
    })
    .map(({ channel, busy, tx, ms }) =>
      taken(channel, busy, { busyTxPercent: tx, durationMs: ms, noiseFloorDbm: -busy }),
    ),
  { minLength: 1, maxLength: 50 },
);

const only = (samples: readonly TakenSample[]) => samples.map(({ sample }) => sample);
const sum = (values: readonly (number | undefined)[]) => values.reduce((total: number, value = 0) => total + value, 0);

describe("averages of a survey", () => {
  it("are weighted by the time that samples stand for", () => {
    const [average] = averages([taken(36, 10, { durationMs: 3_000 }), taken(36, 50, { durationMs: 1_000 })]);
    assert.deepEqual(average?.busy, { average: 20, least: 10, most: 50, samples: 2 });
    assert.deepEqual(average?.noiseFloor, { average: 0, least: 0, most: 0, samples: 0 });
  });

  it("lie between the least and the most, for each channel", () => {
    fc.assert(
      fc.property(anything, (samples) => {
        const all = averages(samples);
        assert.equal(all.length, new Set(samples.map(({ key }) => key)).size);
        assert.equal(sum(all.map(({ busy }) => busy.samples)), samples.length);
        for (const { busy, noiseFloor } of all) {
          assert.ok(busy.least <= busy.average && busy.average <= busy.most);
          assert.ok(noiseFloor.least <= noiseFloor.average && noiseFloor.average <= noiseFloor.most);
        }
      }),
    );
  });
});

describe("a histogram of a survey", () => {
  it("has how many samples were in each tenth of busy", () => {
    const bins = only(histogram([5, 7, 41, 100, 95].map((busy) => taken(36, busy))));
    assert.deepEqual(
      bins.map(({ busyPercent, sampleCount, totalCount, durationMs }) => [
        busyPercent,
        sampleCount,
        totalCount,
        durationMs,
      ]),
      [
        [6, 2, 5, 2_000],
        [41, 1, 5, 1_000],
        [98, 2, 5, 2_000],
      ],
    );
  });

  it("accounts for every sample and all of its time", () => {
    fc.assert(
      fc.property(anything, (samples) => {
        const bins = only(histogram(samples));
        assert.equal(sum(bins.map(({ sampleCount }) => sampleCount)), samples.length);
        assert.equal(
          sum(bins.map(({ durationMs }) => durationMs)),
          sum(only(samples).map(({ durationMs }) => durationMs)),
        );
        assert.ok(bins.length <= 30);
      }),
    );
  });
});

describe("percentiles of a survey", () => {
  it("are the 10th, the 50th and the 90th of each channel", () => {
    const samples = Array.from({ length: 10 }, (_, index) => taken(36, 10 * index + 1, { busyTxPercent: 10 - index }));
    assert.deepEqual(
      only(percentiles(samples)).map(({ busyPercent, busyTxPercent, sampleCount, totalCount }) => [
        busyPercent,
        busyTxPercent,
        sampleCount,
        totalCount,
      ]),
      [
        [1, 1, 1, 10],
        [41, 5, 5, 10],
        [81, 9, 9, 10],
      ],
    );
  });

  it("are values that occurred, not exceeded by as many samples as they say", () => {
    fc.assert(
      fc.property(anything, (samples) => {
        for (const { channel, busyPercent, sampleCount = 0, totalCount } of only(percentiles(samples))) {
          const own = only(samples).filter((sample) => sample.channel === channel);
          assert.equal(totalCount, own.length);
          assert.ok(own.some((sample) => sample.busyPercent === busyPercent));
          assert.ok(own.filter((sample) => sample.busyPercent <= busyPercent).length >= sampleCount);
          assert.ok(own.filter((sample) => sample.busyPercent < busyPercent).length < sampleCount);
        }
      }),
    );
  });
});

describe("differences of a survey", () => {
  it("are the latest samples that say something else than was told", () => {
    const told = new Map<string, SurveySample>();
    const busy = (samples: readonly TakenSample[]) =>
      only(changedSamples(samples, told)).map(({ channel, busyPercent }) => [channel, busyPercent]);
    assert.deepEqual(busy([taken(36, 10), taken(36, 20), taken(40, 5)]), [
      [36, 20],
      [40, 5],
    ]);
    assert.deepEqual(busy([taken(36, 20, { durationMs: 5 }), taken(40, 6)]), [[40, 6]]);
    assert.deepEqual(busy([taken(36, 20), taken(40, 6)]), []);
  });

  it("remember no more channels than there can be", () => {
    const told = new Map<string, SurveySample>();
    for (let channel = 0; channel < 2 * statsLimits.surveyChannels; channel++)
      changedSamples([taken(channel, 1)], told);
    assert.equal(told.size, statsLimits.surveyChannels);
  });
});
