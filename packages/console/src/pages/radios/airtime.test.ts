import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { airtimeOf, type RadioSeries } from "./airtime.ts";

const point = (minute: number, channel: number | null, values: Record<string, number | null>) => ({
  ...{ at: new Date(minute * 60_000).toISOString(), node: "gateway", band: "5G", channel, ssid: null, values },
});
const of = (...points: RadioSeries["points"]) => airtimeOf({ points, step: 60 });

describe("airtime by source", () => {
  it("splits what is busy into own, own clients', others' and what is no Wi-Fi, so that they add up", () => {
    const { sources } = of(point(0, 36, { busyPercent: 60, txPercent: 20, rxPercent: 30, selfPercent: 10 }));
    assert.deepEqual(
      sources.map(({ values }) => values[0]),
      [20, 10, 20, 10],
    );
  });

  it("never shows less than nothing, and nothing where nothing was measured", () => {
    const { sources } = of(
      point(0, 36, { busyPercent: 10, txPercent: 20, rxPercent: 5, selfPercent: 9 }),
      point(1, 36, { busyPercent: null, txPercent: null, rxPercent: null, selfPercent: null }),
    );
    assert.deepEqual(
      sources.map(({ values }) => values),
      [
        [20, null],
        [9, null],
        [0, null],
        [0, null],
      ],
    );
  });

  it("tells when the radio went to another channel", () => {
    const none = { busyPercent: 1 };
    const { moves } = of(point(0, 36, none), point(1, null, none), point(2, 100, none), point(3, 100, none));
    assert.deepEqual(moves, [{ at: 120_000, text: "channel 36 → 100" }]);
  });
});
