import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shareAirtime, utilisation } from "./airtime.ts";
import type { AirChannel } from "./spectrum.ts";

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("sharing airtime", () => {
  it("gives everyone what they ask for while there is enough", () => {
    assert.deepEqual(shareAirtime([0.1, 0.3], 0.5), [0.1, 0.3]);
  });

  it("lets small demands through and splits the rest evenly", () => {
    assert.deepEqual(shareAirtime([0.9, 0.1, 0.9], 0.9), [0.4, 0.1, 0.4]);
  });

  it("never gives more than asked or than there is, and wastes nothing", () => {
    fc.assert(
      fc.property(fc.array(fraction, { maxLength: 20 }), fraction, (demands, available) => {
        const shares = shareAirtime(demands, available);
        shares.forEach((share, index) => {
          assert.ok(share >= 0 && share <= (demands[index] ?? 0));
        });
        assert.ok(Math.abs(sum(shares) - Math.min(sum(demands), available)) < 1e-9);
      }),
    );
  });
});

describe("channel utilisation", () => {
  const channel: AirChannel = { band: "5G", control: 5180, segments: [5180, 5200, 5220, 5240] };
  const one = (segments: number[]): AirChannel => ({ band: "5G", control: segments[0] ?? 0, segments });

  it("ignores what is too weak to hold transmissions back", () => {
    assert.equal(utilisation(channel, [{ rssi: -85, channel, airtime: 0.5 }]), 0);
    assert.equal(utilisation(channel, [{ rssi: -81, channel, airtime: 0.5 }]), 0.5);
  });

  it("counts in full what sits on the primary, and in part what sits on other segments", () => {
    assert.equal(utilisation(channel, [{ rssi: -50, channel: one([5180]), airtime: 0.4 }]), 0.4);
    assert.equal(utilisation(channel, [{ rssi: -50, channel: one([5240]), airtime: 0.4 }]), 0.1);
    assert.equal(utilisation(channel, [{ rssi: -50, channel: one([5260]), airtime: 0.4 }]), 0);
  });

  it("never exceeds all the time", () => {
    const busy = { rssi: -50, channel, airtime: 0.8 };
    assert.equal(utilisation(channel, [busy, busy]), 1);
  });
});
