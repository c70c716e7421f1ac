import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { beginOf, columns, headRoom, shortText, spreadOf, spreadText, stacked } from "./chart-data.ts";

describe("series of a chart", () => {
  it("are stacked, and are unknown only where all of them are", () => {
    assert.deepEqual(
      stacked([
        [1, null, null],
        [2, 3, null],
      ]),
      [
        [1, 0, null],
        [3, 3, null],
      ],
    );
    assert.deepEqual(stacked([]), []);
  });

  it("are summed up by what is known", () => {
    assert.deepEqual(spreadOf([4, null, 1, Number.NaN, 7]), { least: 1, mean: 4, most: 7, last: 7, count: 3 });
    assert.equal(spreadOf([null]), undefined);
  });

  it("are summed up in words, and a flat one as such", () => {
    assert.equal(spreadText([2, 3, 7]), "2 to 7, on average 4");
    assert.equal(spreadText([50, null, 50.2]), "50 throughout");
    assert.equal(spreadText([null]), "–");
    assert.equal(spreadText([null, 0]), "0, the only value so far", "one value is nothing throughout");
  });

  it("never run along the upper edge", () => {
    for (const [bottom, highest, top] of [
      [0, 50, 50],
      [0, 100, 100],
      [30, 30, 31],
      [-90, -40, -40],
    ] as const) {
      assert.ok(headRoom(bottom, highest, top) > highest, `${highest}`);
    }
    assert.equal(headRoom(0, 40, 100), 100, "there is room already");
  });

  it("keep gaps, in order of time, several points of one time together", () => {
    const at = (minute: number) => new Date(minute * 60_000).toISOString();
    const points = [5, 1, 0, 1].map((minute, index) => ({ at: at(minute), values: { x: index } }));
    const { times, values } = columns(points, 60, [
      (there) => (there.length === 0 ? null : there.reduce((sum, { values }) => sum + (values.x ?? 0), 0)),
    ]);
    assert.deepEqual(times, [0, 60, 120, 300]);
    assert.deepEqual(values, [[2, 4, null, 0]]);
  });

  it("are shown from where they begin, where most of the chart would be empty", () => {
    const hour = 3_600_000;
    assert.equal(beginOf([], 0, hour), 0);
    assert.equal(beginOf([60], 0, hour), 0);
    assert.equal(beginOf([3000], 0, hour), hour - 600_000 * 1.2);
    assert.equal(beginOf([3590], 0, hour), hour - 600_000, "ten minutes at least");
  });

  it("say since when they are known, where they do not begin with their time", () => {
    assert.match(shortText([3000, 3540], 0, 3_600_000) ?? "", /^known since \d\d:50/);
    assert.equal(shortText([60], 0, 3_600_000), undefined);
    assert.equal(shortText([], 0, 3_600_000), undefined);
  });

  it("are bounded: the newest stay", () => {
    const points = [0, 1, 2, 3].map((minute) => ({ at: new Date(minute * 60_000).toISOString(), values: {} }));
    assert.deepEqual(columns(points, 60, [], 2).times, [120, 180]);
  });
});
