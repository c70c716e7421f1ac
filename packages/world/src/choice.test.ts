import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { best, type Candidate, defaultHabits, roamTarget, score } from "./choice.ts";
import { bands } from "./spectrum.ts";

const address = (n: number): Mac => mac(`02:00:00:00:00:${n.toString(16).padStart(2, "0")}`);
const candidate = (n: number, band: Candidate["band"], rssi: number, priority = 0): Candidate => ({
  bssid: address(n),
  band,
  rssi,
  priority,
});

const candidates = fc.uniqueArray(
  fc.record({
    bssid: fc.nat(255).map(address),
    band: fc.constantFrom(...bands),
    rssi: fc.integer({ min: -92, max: -30 }),
    priority: fc.nat(1),
  }),
  { selector: ({ bssid }) => bssid, maxLength: 8 },
);

describe("choosing a BSS", () => {
  it("takes the strongest, with the better bands favoured", () => {
    assert.equal(best([candidate(1, "2.4G", -50), candidate(2, "5G", -60)], defaultHabits)?.bssid, address(2));
    assert.equal(best([candidate(1, "2.4G", -50), candidate(2, "5G", -80)], defaultHabits)?.bssid, address(1));
  });

  it("takes a preferred network before a stronger one", () => {
    assert.equal(best([candidate(1, "5G", -50), candidate(2, "5G", -75, 1)], defaultHabits)?.bssid, address(2));
  });

  it("finds nothing among nothing", () => {
    assert.equal(best([], defaultHabits), null);
  });

  it("does not depend on the order in which they were heard", () => {
    fc.assert(
      fc.property(candidates, (heard) => {
        assert.deepEqual(best(heard.toReversed(), defaultHabits), best(heard, defaultHabits));
      }),
    );
  });
});

describe("roaming", () => {
  it("does not happen while the link is good, however good another is", () => {
    assert.equal(roamTarget(candidate(1, "2.4G", -60), [candidate(2, "5G", -30)], defaultHabits), null);
  });

  it("needs a gain beyond the hysteresis", () => {
    const weak = candidate(1, "5G", -75);
    assert.equal(roamTarget(weak, [candidate(2, "5G", -70)], defaultHabits), null);
    assert.equal(roamTarget(weak, [candidate(2, "5G", -67)], defaultHabits)?.bssid, address(2));
  });

  it("always improves by the hysteresis, so that two BSSs never exchange a client for ever", () => {
    fc.assert(
      fc.property(candidates, (heard) => {
        const [current, ...others] = heard;
        if (!current) return;
        const target = roamTarget(current, others, defaultHabits);
        if (target)
          assert.ok(score(target, defaultHabits) >= score(current, defaultHabits) + defaultHabits.roamHysteresis);
      }),
    );
  });
});
