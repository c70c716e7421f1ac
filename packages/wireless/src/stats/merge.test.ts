import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Fields, Values } from "./definitions.ts";
import { difference, merge, subtract } from "./merge.ts";

const fields = {
  name: { id: 0, type: "string", operation: "overwrite" },
  bytes: { id: 1, type: "u32", operation: "accumulate" },
  energy: { id: 2, type: "float", operation: "accumulate" },
  ignored: { id: 3, type: "u32", operation: "none" },
  inner: {
    id: 4,
    type: "nested",
    operation: "merge",
    fields: { frames: { id: 0, type: "u32", operation: "accumulate" } },
  },
} as const satisfies Fields;

/** What samples add up to, one after the other. */
function total(samples: readonly Values<typeof fields>[], first: "zero" | "two samples"): Values {
  let last: Values | undefined;
  let sum: Values = {};
  for (const sample of samples) {
    const step = difference(fields, sample, last, first);
    sum = merge(fields, sum, step.values);
    last = step.last;
  }
  return sum;
}

describe("merging samples", () => {
  it("adds up what counters have moved, from zero or from the first sample", () => {
    assert.deepEqual(total([{ bytes: 10 }, { bytes: 12 }], "zero"), { bytes: 12 });
    assert.deepEqual(total([{ bytes: 10 }, { bytes: 12 }], "two samples"), { bytes: 2 });
    assert.deepEqual(total([{ bytes: 10 }], "two samples"), {});
    assert.deepEqual(total([{ inner: { frames: 10 } }, { inner: { frames: 13 } }], "two samples"), {
      inner: { frames: 3 },
    });
  });

  it("takes what is marked as added for what it is", () => {
    const deltas = { bytes: true, inner: { frames: true } } as const;
    const { values, last } = difference(
      fields,
      { bytes: 3, inner: { frames: 4 } },
      { bytes: 100 },
      "two samples",
      deltas,
    );
    assert.deepEqual(values, { bytes: 3, inner: { frames: 4 } });
    assert.deepEqual(last, { bytes: 100, inner: {} });
    assert.deepEqual(merge(fields, { bytes: 6, inner: { frames: 1 } }, values), { bytes: 9, inner: { frames: 5 } });
  });

  it("lets the latest of everything else stand, and ignores what nobody merges", () => {
    assert.deepEqual(total([{ name: "a", ignored: 1 }, { name: "longer" }, { bytes: 1 }], "zero"), {
      name: "longer",
      bytes: 1,
    });
  });

  it("goes over the end of 32 bits, once", () => {
    assert.deepEqual(total([{ bytes: 0xffffffff }, { bytes: 2 }], "two samples"), { bytes: 3 });
    assert.deepEqual(total([{ bytes: 2 ** 40 }, { bytes: 2 ** 40 + 2 ** 33 }], "two samples"), { bytes: 2 ** 33 });
  });

  it("names counters that have fallen; they add nothing, and nothing twice", () => {
    const step = difference(fields, { bytes: 40, inner: { frames: 1 } }, { bytes: 100, inner: { frames: 2 } }, "zero");
    assert.deepEqual(step.fallen, ["bytes", "inner.frames"]);
    assert.deepEqual(step.values, {});
    assert.deepEqual(total([{ bytes: 100 }, { bytes: 40 }, { bytes: 110 }], "zero"), { bytes: 110 });
    // Beyond 32 bits nothing goes over.
    assert.deepEqual(difference(fields, { bytes: 5 }, { bytes: 2 ** 32 }, "zero").fallen, ["bytes"]);
    // Half of the range is too far to have gone over.
    assert.deepEqual(difference(fields, { bytes: 0 }, { bytes: 2 ** 31 }, "zero").fallen, ["bytes"]);
    assert.deepEqual(difference(fields, { bytes: 0 }, { bytes: 2 ** 31 + 1 }, "zero").values, { bytes: 2 ** 31 - 1 });
  });

  it("lets floats fall: nobody counts in them", () => {
    assert.deepEqual(total([{ energy: 2 }, { energy: 0.5 }], "zero"), { energy: 0.5 });
  });

  it("gives the last minus the first, however often it was sampled", () => {
    const growth = fc.array(fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(1000)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(0xffffffff), growth, (start, steps) => {
        let bytes = start;
        let frames = 0;
        const samples = [{ bytes, inner: { frames } }];
        for (const [more, some] of steps) {
          bytes += more;
          frames += some;
          // As a counter of 32 bits shows it.
          samples.push({ bytes: bytes % 2 ** 32, inner: { frames } });
        }
        assert.deepEqual(total(samples, "two samples"), { bytes: bytes - start, inner: { frames } });
      }),
    );
  });

  it("is undone by subtraction", () => {
    const values = fc.record(
      { bytes: fc.nat(), inner: fc.record({ frames: fc.nat() }, { noNullPrototype: true }) },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(values, values, (before, added) => {
        assert.deepEqual(subtract(fields, merge(fields, before, added), before), added);
      }),
    );
  });
});
