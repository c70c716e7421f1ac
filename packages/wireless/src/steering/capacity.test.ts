import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectedRate, expectedShare, isBusier } from "./capacity.ts";
import { ap24, ap50, StationRig } from "./testing/station-rig.ts";

/** −60 dBm. */
const good = { rcpi: 100 };
const weak = { rcpi: 50 };
/** Operating classes of 20, 80, 160 MHz and 80+80 MHz. */
const [class20, class80, class160, class8080] = [
  { opClass: 115 },
  { opClass: 128 },
  { opClass: 129 },
  { opClass: 130 },
];

describe("what a client can expect of an access point", () => {
  it("grows with the signal up to a bound, and with the width of the channel as far as clients can use it", () => {
    let before = 0;
    for (let rcpi = 0; rcpi <= 220; rcpi++) {
      const rate = expectedRate({ rcpi }, class80);
      assert.ok(rate >= before && rate <= 640);
      before = rate;
    }
    assert.ok(expectedRate(good, class80) > 2 * expectedRate(good, class20));
    assert.equal(expectedRate(good, class160), expectedRate(good, class80));
    assert.equal(expectedRate(good, class8080), expectedRate(good, class80));
    assert.equal(expectedRate(good, { opClass: 255 }), expectedRate(good, class20));
    assert.ok(expectedRate(weak, class80) < expectedRate(good, class80) / 5);
  });

  it("is what others leave of it; unknown load is somewhat busy, and no channel is given up", () => {
    const rate = expectedRate(good, class80);
    const share = (load: number | null) => expectedShare(good, { ...class80, load }) / rate;
    assert.deepEqual([0, 50, 100, null].map(share), [1, 0.5, 0.2, 0.6]);
  });

  it("is not there on a full channel, if that of the client has room", () => {
    const busier = (here: number | null, there: number | null) => {
      const rig = new StationRig({ bsses: [{ ...ap24, load: here }, ap50] });
      rig.connect(ap24);
      return isBusier({ load: there }, rig.snapshot);
    };
    assert.deepEqual(
      [busier(50, 70), busier(51, 70), busier(0, 69), busier(null, 99), busier(0, null)],
      [true, false, false, false, false],
    );
  });
});
