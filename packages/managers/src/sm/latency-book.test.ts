import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { type Delays, type Flow, latencyBook, type Measured, mergeDelays } from "./latency-book.ts";

const flow = (ifName: string, address = 1): Flow => ({
  ifName,
  mac: mac(`02:00:00:00:${String(address >> 8).padStart(2, "0")}:${(address & 255).toString(16).padStart(2, "0")}`),
});

const delays = (average: number, packets: number): Delays => ({
  least: average,
  most: average,
  sum: average * packets,
  last: average,
  packets,
});

/** A sample as it comes from single packets. */
const packets = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 20 }).map((times) => ({
  times,
  delays: {
    least: Math.min(...times),
    most: Math.max(...times),
    sum: times.reduce((all, each) => all + each, 0),
    last: times.at(-1) ?? 0,
    packets: times.length,
  } satisfies Delays,
}));

describe("latency between two reports", () => {
  it("merged is what one look at all packets would have told, the average weighted by them", () => {
    fc.assert(
      fc.property(fc.array(packets, { minLength: 1, maxLength: 10 }), (polls) => {
        const book = latencyBook("merge");
        polls.forEach((poll, index) => {
          book.add(index, [{ flow: flow("a"), delays: poll.delays }]);
        });
        const all = polls.flatMap(({ times }) => times);
        const [{ samples } = { samples: [] }] = book.take();
        assert.deepEqual(samples, [
          {
            timestamp: polls.length - 1,
            delays: {
              least: Math.min(...all),
              most: Math.max(...all),
              sum: all.reduce((sum, each) => sum + each, 0),
              last: all.at(-1),
              packets: all.length,
            },
          },
        ]);
      }),
    );
  });

  it("merged does not depend on how polls are put together", () => {
    fc.assert(
      fc.property(packets, packets, packets, ({ delays: a }, { delays: b }, { delays: c }) => {
        assert.deepEqual(mergeDelays(mergeDelays(a, b), c), mergeDelays(a, mergeDelays(b, c)));
      }),
    );
  });

  it("merged and separate tell of the same packets", () => {
    const poll = fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 3 }), packets), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(poll, { maxLength: 6 }), (polls) => {
        const books = [latencyBook("merge"), latencyBook("separate")] as const;
        polls.forEach((each, index) => {
          const measured = each.map(([name, address, sample]) => ({
            flow: flow(name, address),
            delays: sample.delays,
          }));
          for (const book of books) book.add(index, measured);
        });
        const [merged, separate] = books.map((book) =>
          book.take().map((entry) => ({
            flow: entry.flow,
            delays: entry.samples.map((sample) => sample.delays).reduce(mergeDelays),
          })),
        );
        assert.deepEqual(merged, separate);
      }),
    );
  });

  it("begins anew once it is taken", () => {
    for (const policy of ["merge", "separate"] as const) {
      const book = latencyBook(policy);
      book.add(1, [{ flow: flow("a"), delays: delays(1, 1) }]);
      assert.equal(book.take().length, 1);
      assert.deepEqual(book.take(), []);
    }
  });

  it("comes by interface, host and DSCP", () => {
    const book = latencyBook("separate");
    const all: Flow[] = [
      flow("b"),
      { ...flow("a", 2), dscp: 46 },
      { ...flow("a", 2), dscp: "none" },
      { ...flow("a", 2), dscp: 8 },
      flow("a", 1),
    ];
    book.add(
      1,
      all.map((each) => ({ flow: each, delays: delays(1, 1) })),
    );
    assert.deepEqual(
      book.take().map(({ flow: { ifName, dscp } }) => [ifName, dscp]),
      [
        ["a", undefined],
        ["a", 8],
        ["a", 46],
        ["a", "none"],
        ["b", undefined],
      ],
    );
  });

  it("has a bound: hosts too many when merged, the oldest polls when separate, both counted", () => {
    const poll = (from: number): Measured[] =>
      Array.from({ length: 64 }, (_, index) => ({ flow: flow("a", from + index), delays: delays(1, 1) }));
    const merged = latencyBook("merge");
    for (let first = 0; first < 1024; first += 64) merged.add(first, poll(first));
    assert.equal(merged.dropped, 512);
    // Those that are known go on.
    merged.add(2000, poll(0));
    assert.equal(merged.dropped, 512);
    assert.equal(merged.take().length, 512);

    const separate = latencyBook("separate");
    for (let time = 0; time < 40; time++) separate.add(time, poll(0));
    assert.equal(separate.dropped, 8 * 64);
    const [{ samples } = { samples: [] }] = separate.take();
    assert.deepEqual([samples.length, samples[0]?.timestamp], [32, 8]);
  });
});
