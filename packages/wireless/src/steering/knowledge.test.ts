import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import { macNumber } from "../testing/fixtures.ts";
import { ChannelKnowledgeBase, nothingKnown } from "./knowledge.ts";
import { steeringLimits } from "./limits.ts";

const phone = mac("0a:ff:00:00:00:01");
const link = mac("0a:ff:00:00:00:02");

function start() {
  const clock = new VirtualClock();
  const base = new ChannelKnowledgeBase(clock);
  const bands = (station: Mac = phone) => base.of([station]).bands;
  return { clock, base, bands };
}

describe("what is known of a station's channels", () => {
  it("is nothing of one that nobody has heard", () => {
    const { base } = start();
    assert.deepEqual(base.of([phone]), nothingKnown);
    assert.deepEqual(base.of([]), nothingKnown);
  });

  it("grows by each band on which it is heard, and says when there is something new", () => {
    const { base, bands } = start();
    assert.deepEqual(
      [2412, 2437, 5180, 5180, 5975].map((frequency) => base.heard(phone, frequency)),
      [true, false, true, false, true],
    );
    assert.deepEqual(bands(), ["2.4G", "5G", "6G"]);
    assert.deepEqual(base.of([phone]).listed, []);
  });

  it("has the bands of its links, and their channels once it gives account of any", () => {
    const { base } = start();
    base.connected(phone, 5180);
    assert.deepEqual(base.of([phone]), { bands: ["5G"], listed: [], listedBands: [] });
    assert.equal(base.listed(phone, [2412, 2437]), true);
    base.connected(phone, 5745);
    assert.deepEqual(base.of([phone]), { bands: ["5G"], listed: [2412, 2437, 5745], listedBands: ["2.4G", "5G"] });
  });

  it("says whether an account has something new, and never takes anything back", () => {
    const { base } = start();
    assert.equal(base.listed(phone, [5180, 5200]), true);
    assert.equal(base.listed(phone, [5200]), false);
    assert.equal(base.listed(phone, []), false);
    assert.deepEqual(base.of([phone]).listed, [5180, 5200]);
  });

  it("of a device is what is known by any of its addresses", () => {
    const { base } = start();
    base.heard(phone, 2412);
    base.listed(link, [5180]);
    assert.deepEqual(base.of([phone, link]), { bands: ["2.4G"], listed: [5180], listedBands: ["5G"] });
  });

  it("does not have frequencies of no band", () => {
    const { base } = start();
    assert.equal(base.heard(phone, 3_000), false);
    assert.equal(base.heard(phone, Number.NaN), false);
    assert.equal(base.listed(phone, [0, -5, 60_480]), false);
    base.connected(phone, null);
    assert.deepEqual(base.of([phone]), nothingKnown);
  });
});

describe("what was known of a station", () => {
  it("is forgotten ten minutes after it was only heard, each time anew", async () => {
    const { clock, base, bands } = start();
    base.heard(phone, 2412);
    await clock.advance(steeringLimits.knownHeard - 1_000);
    base.heard(phone, 2412);
    await clock.advance(steeringLimits.knownHeard - steeringLimits.knownSweep);
    assert.deepEqual(bands(), ["2.4G"]);
    await clock.advance(2 * steeringLimits.knownSweep);
    assert.deepEqual(bands(), []);
  });

  it("is kept while it has a link, and for seven days after", async () => {
    const { clock, base, bands } = start();
    base.connected(phone, 5180);
    base.connected(phone, 2412);
    base.disconnected(phone);
    await clock.advance(2 * steeringLimits.knownConnected);
    assert.deepEqual(bands(), ["2.4G", "5G"]);
    base.disconnected(phone);
    await clock.advance(steeringLimits.knownConnected - 1);
    assert.deepEqual(bands(), ["2.4G", "5G"]);
    await clock.advance(steeringLimits.knownSweep);
    assert.deepEqual(bands(), []);
  });

  it("ends where more links go than came", async () => {
    const { clock, base, bands } = start();
    base.disconnected(phone);
    base.connected(phone, 5180);
    base.disconnected(phone);
    base.disconnected(phone);
    await clock.advance(steeringLimits.knownConnected + steeringLimits.knownSweep);
    assert.deepEqual(bands(), []);
  });

  it("gives way to others beyond the bound: the one heard longest ago, not one that is connected", () => {
    const { base, bands } = start();
    base.connected(phone, 5180);
    for (let n = 1; n < steeringLimits.knownStations; n++) base.heard(macNumber(n), 2412);
    assert.deepEqual(bands(macNumber(1)), ["2.4G"]);
    base.heard(macNumber(1), 2412);
    base.heard(macNumber(steeringLimits.knownStations), 2412);
    assert.deepEqual(bands(), ["5G"]);
    assert.deepEqual([bands(macNumber(1)), bands(macNumber(2)), bands(macNumber(3))], [["2.4G"], [], ["2.4G"]]);
  });

  it("holds the bound where all are connected, too", () => {
    const { base, bands } = start();
    for (let n = 0; n <= steeringLimits.knownStations + 10; n++) base.connected(macNumber(n), 5180);
    let known = 0;
    for (let n = 0; n <= steeringLimits.knownStations + 10; n++) known += bands(macNumber(n)).length;
    assert.ok(known <= steeringLimits.knownStations);
  });
});

it("a knowledge base that is stopped leaves no timer behind", async () => {
  const { clock, base, bands } = start();
  base.heard(phone, 2412);
  base.stop();
  await clock.advance(steeringLimits.knownHeard * 2);
  assert.deepEqual(bands(), ["2.4G"]);
});
