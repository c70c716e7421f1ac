import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { definitionOf } from "./definitions.ts";
import { type Mark, noMark, Tracker } from "./tracker.ts";

/** What happens to a station, and to those who read its counters. */
type Step =
  | { readonly kind: "traffic"; readonly bytes: number }
  | { readonly kind: "sample" }
  | { readonly kind: "again" }
  | { readonly kind: "reset" }
  | { readonly kind: "reassociation" }
  | { readonly kind: "report"; readonly reader: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("traffic" as const), bytes: fc.nat(2 ** 31 - 1) }),
  fc.record({ kind: fc.constant("traffic" as const), bytes: fc.nat(1_000) }),
  fc.constant({ kind: "sample" as const }),
  fc.constant({ kind: "sample" as const }),
  fc.constant({ kind: "again" as const }),
  fc.constant({ kind: "reset" as const }),
  fc.constant({ kind: "reassociation" as const }),
  fc.record({ kind: fc.constant("report" as const), reader: fc.nat(2) }),
);

class Reader {
  sum = 0;
  #from: Mark = noMark;

  read(tracker: Tracker): void {
    const record = tracker.recordSince(this.#from, (each) => each);
    if (!record) return;
    this.#from = tracker.mark;
    assert.ok(record.stats === "STA");
    this.sum += record.data.tx_bytes ?? 0;
  }
}

describe("the account of a station", () => {
  for (const bits of [32, 64]) {
    it(`tells every reader what was counted up to the last sample, with counters of ${bits} bits`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const tracker = new Tracker("STA", definitionOf("STA"));
          const readers = [new Reader(), new Reader(), new Reader()];
          let now = 0;
          let counted = 0;
          let unsampled = 0;
          let truth = 0;
          const sample = () => {
            const shown = bits === 32 ? counted % 2 ** 32 : counted;
            tracker.take({ stats: "STA", values: { tx_bytes: shown } }, now);
            truth += unsampled;
            unsampled = 0;
          };
          for (const each of steps) {
            now++;
            if (each.kind === "traffic" && unsampled + each.bytes < 2 ** 31) {
              counted += each.bytes;
              unsampled += each.bytes;
            }
            if (each.kind === "sample") sample();
            if (each.kind === "again") {
              sample();
              sample();
            }
            // Unannounced, it shows when the counter has fallen; a small one may be taken to have gone over where 32 bits are full.
            if (each.kind === "reset" && counted > 0 && counted < 2 ** 31) {
              sample();
              counted = 0;
              unsampled = 0;
              sample();
            }
            if (each.kind === "reassociation") {
              tracker.beginsAnew(now);
              counted = 0;
              unsampled = 0;
            }
            if (each.kind === "report") readers[each.reader]?.read(tracker);
          }
          sample();
          for (const reader of readers) {
            reader.read(tracker);
            assert.equal(reader.sum, truth);
          }
        }),
        { numRuns: 1_000 },
      );
    });
  }

  it("gives those who ask for the same the same record", () => {
    const tracker = new Tracker("STA", definitionOf("STA"));
    tracker.take({ stats: "STA", values: { tx_bytes: 1 } }, 0);
    const record = tracker.recordSince(noMark, (each) => each);
    assert.ok(record !== null && record === tracker.recordSince(noMark, (each) => each));
    const mark = tracker.mark;
    assert.equal(
      tracker.recordSince(mark, (each) => each),
      null,
    );
    tracker.take({ stats: "STA", values: { tx_bytes: 5 } }, 1);
    assert.notEqual(
      tracker.recordSince(mark, (each) => each),
      record,
    );
  });
});
