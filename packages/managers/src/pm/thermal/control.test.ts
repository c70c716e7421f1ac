import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainmaskOf, isTooHot, MovingAverage, nextStep } from "./control.ts";

const steps = [
  [0, 0],
  [70, 80],
  [80, 90],
  [90, 100],
].map((above) => ({
  above,
  txChainmasks: new Map<string, number>(),
  fanRpm: null,
}));

describe("the next step of cooling", () => {
  const cases: readonly (readonly [string, number, readonly (number | null)[], number])[] = [
    ["stays while it is cool", 0, [69.9, 79.9], 0],
    ["is one up when one source has reached the threshold", 0, [70, 40], 1],
    ["is one up for another source as well", 0, [40, 80], 1],
    ["is only one up, however hot it is", 0, [120, 120], 1],
    ["is one up from there as well", 1, [120, 120], 2],
    ["ends at the last", 3, [200, 200], 3],
    ["stays within three degrees below the threshold", 1, [67, 40], 1],
    ["is one down below that", 1, [66.9, 40], 0],
    ["is down only when all sources are cool enough", 1, [40, 77], 1],
    ["is only one down, however cool it is", 3, [20, 20], 2],
    ["stays where nothing can be read", 2, [null, null], 2],
    ["is judged by what can be read", 1, [null, 40], 0],
    ["goes up by what can be read", 1, [null, 90], 2],
  ];
  for (const [name, step, averages, expected] of cases) {
    it(name, () => assert.equal(nextStep(steps, step, averages), expected));
  }

  it("does not help when the last one is in force and a source is still above it", () => {
    assert.deepEqual(
      [
        isTooHot(steps, 3, [90, 20]),
        isTooHot(steps, 3, [89, 99]),
        isTooHot(steps, 2, [200, 200]),
        isTooHot(steps.slice(0, 1), 0, [200, 200]),
        isTooHot(steps, 3, [null, null]),
      ],
      [true, false, false, false, false],
    );
  });
});

describe("the chainmask for cooling", () => {
  const row = (thermal: number | null, asked: number | null = null) => ({
    tx_chainmask: asked,
    thermal_tx_chainmask: thermal,
  });
  const cases: readonly (readonly [string, number, number | undefined, ReturnType<typeof row>, number | null])[] = [
    ["is that of the step", 2, 3, row(null), 3],
    ["is none where the step says nothing of the radio", 2, undefined, row(3), null],
    ["does not appear while nothing is to be cooled", 0, 15, row(null, 3), null],
    ["undoes what was set before", 0, 15, row(3), 15],
    ["undoes it as far as the radio may send", 0, 15, row(1, 7), 7],
    ["is limited by what the radio may send with", 2, 3, row(null, 14), 2],
    ["is one chain of those it may, at least", 2, 1, row(null, 12), 4],
  ];
  for (const [name, step, ofStep, columns, expected] of cases) {
    it(name, () => assert.equal(chainmaskOf(step, ofStep, columns), expected));
  }
});

describe("the average of temperatures", () => {
  it("is that of the last three that could be read", () => {
    const average = new MovingAverage(1);
    const seen = [30, 60, null, 90, 120, null, null, null].map((reading) => average.add([reading])[0]);
    assert.deepEqual(seen, [30, 45, 45, 75, 105, 105, 120, null]);
  });
});
