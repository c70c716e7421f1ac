import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commonAbility, generations, type LinkAbility, phyRate } from "./rates.ts";

const ability = fc.record({
  generation: fc.constantFrom(...generations),
  streams: fc.integer({ min: 1, max: 4 }),
  width: fc.constantFrom(20, 40, 80, 160, 320),
});
const snr = fc.double({ min: -10, max: 70, noNaN: true });

describe("the rate of a link", () => {
  it("is the best of its tables when the signal is strong", () => {
    assert.equal(phyRate(60, { generation: "ax", streams: 2, width: 80 }), 1201.7);
    assert.equal(phyRate(60, { generation: "n", streams: 1, width: 20 }), 72.2);
    assert.equal(phyRate(60, { generation: "legacy", streams: 4, width: 160 }), 54);
  });

  it("is zero below what the slowest scheme needs", () => {
    assert.equal(phyRate(2.9, { generation: "ax", streams: 2, width: 80 }), 0);
  });

  it("never falls with the signal, the width, the streams", () => {
    fc.assert(
      fc.property(snr, ability, (value, link) => {
        const rate = phyRate(value, link);
        assert.ok(phyRate(value + 1, link) >= rate);
        assert.ok(phyRate(value, { ...link, streams: link.streams + 1 }) >= rate);
        assert.ok(phyRate(value, { ...link, width: link.width * 2 }) >= rate);
      }),
    );
  });
});

describe("what two ends have in common", () => {
  it("is symmetric and no more than either has", () => {
    fc.assert(
      fc.property(ability, ability, snr, (a, b, value) => {
        assert.deepEqual(commonAbility(a, b), commonAbility(b, a));
        assert.ok(phyRate(value, commonAbility(a, b)) <= Math.min(phyRate(value, a), phyRate(value, b)));
      }),
    );
  });

  it("stays within the width of the older generation", () => {
    const old: LinkAbility = { generation: "n", streams: 1, width: 160 };
    assert.equal(commonAbility(old, { generation: "be", streams: 4, width: 320 }).width, 40);
  });
});
