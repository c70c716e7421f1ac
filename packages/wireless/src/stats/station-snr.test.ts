import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { limits } from "../limits.ts";
import { macNumber } from "../testing/fixtures.ts";
import { idleStation, phone, statsRig } from "../testing/stats-rig.ts";
import { type SnrObserver, StationSnr } from "./station-snr.ts";

function snrRig() {
  const rig = statsRig();
  rig.latency = 0;
  const stationSnr = new StationSnr({ stats: rig.bus, clock: rig.clock });
  let snr = 40;
  let vif = "home-ap-24";
  rig.answer = () => ({ stations: [{ ...idleStation, snr, vif }] });
  return {
    ...rig,
    stationSnr,
    set: (next: number, on = vif) => {
      snr = next;
      vif = on;
    },
    silence: () => {
      rig.answer = null;
    },
    observe: (observer: Partial<SnrObserver> = {}) => {
      const seen: (number | null)[] = [];
      const stop = stationSnr.observe({ station: phone, changed: (value) => seen.push(value), ...observer });
      return { seen, stop };
    },
  };
}

describe("SNR per station", () => {
  it("is the first sample, then halfway to each new one", async () => {
    const rig = snrRig();
    const { seen } = rig.observe();
    await rig.clock.advance(600);
    rig.set(20);
    await rig.clock.advance(1_500);
    assert.deepEqual(seen, [40, 30, 25, 22]);
  });

  it("is told only when whole decibels change", async () => {
    const rig = snrRig();
    const { seen } = rig.observe();
    await rig.clock.advance(10_000);
    assert.deepEqual(seen, [40]);
  });

  it("follows more after a longer silence", async () => {
    const rig = snrRig();
    const { seen } = rig.observe();
    await rig.clock.advance(600);
    rig.silence();
    await rig.clock.advance(1_400);
    rig.push({ stations: [{ ...idleStation, snr: 0 }] });
    await rig.clock.advance(2_000);
    // 1500 ms later: a quarter of the old is left.
    assert.deepEqual(seen, [40, 10]);
  });

  it("is polled only while somebody observes", async () => {
    const rig = snrRig();
    await rig.clock.advance(2_000);
    const one = rig.observe();
    const two = rig.observe();
    one.stop();
    await rig.clock.advance(1_000);
    two.stop();
    two.stop();
    await rig.clock.advance(5_000);
    assert.deepEqual(rig.requests, ["2.5 wifi0 STA", "3 wifi0 STA"]);
  });

  it("is gone when there is no news for long enough, and begins again with the next", async () => {
    const rig = snrRig();
    const patient = rig.observe();
    const { seen } = rig.observe({ ageOut: 3_000 });
    await rig.clock.advance(600);
    rig.silence();
    await rig.clock.advance(5_000);
    rig.push({ stations: [{ ...idleStation, snr: 10 }] });
    await rig.clock.advance(1_000);
    assert.deepEqual(seen, [40, null, 10]);
    assert.equal(patient.seen.includes(null), false);
  });

  it("is that of the access point the observer names, by name or by address", async () => {
    const rig = snrRig();
    const byName = rig.observe({ vif: { name: "home-ap-24" } });
    const byAddress = rig.observe({ vif: { address: mac("02:00:00:00:01:02") } });
    const anywhere = rig.observe();
    await rig.clock.advance(600);
    rig.set(10, "guest-ap-24");
    await rig.clock.advance(500);
    assert.deepEqual([byName.seen, byAddress.seen, anywhere.seen], [[40], [10], [40, 25]]);
  });

  it("is that of one station, and nonsense is cut to 255", async () => {
    const rig = snrRig();
    const other = rig.observe({ station: macNumber(2) });
    rig.set(5_000);
    const { seen } = rig.observe();
    await rig.clock.advance(600);
    assert.deepEqual([other.seen, seen], [[], [255]]);
  });

  it("is refused to too many observers", () => {
    const rig = snrRig();
    for (let i = 0; i < limits.snrObservers; i++) rig.observe();
    assert.throws(() => rig.observe(), /osw_sta_snr: there are 4096 observers already/);
  });
});
