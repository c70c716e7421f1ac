import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AirChannel, airBandwidth, overlap, sameAirChannel } from "./spectrum.ts";

const on = (...segments: number[]): AirChannel => ({ band: "5G", control: segments[0] ?? 0, segments });

describe("overlap of channels", () => {
  it("is the covered part of the first", () => {
    assert.equal(overlap(on(5180), on(5180)), 1);
    assert.equal(overlap(on(5180), on(5180, 5200, 5220, 5240)), 1);
    assert.equal(overlap(on(5180, 5200, 5220, 5240), on(5200)), 0.25);
    assert.equal(overlap(on(5180), on(5200)), 0);
  });

  it("is partial for neighbouring 2.4 GHz channels", () => {
    assert.equal(overlap(on(2412), on(2417)), 0.75);
    assert.equal(overlap(on(2412), on(2437)), 0);
  });

  it("does not reach punctured segments", () => {
    assert.equal(overlap(on(5180, 5220, 5240), on(5200)), 0);
    assert.equal(airBandwidth(on(5180, 5220, 5240)), 60);
  });
});

describe("channels on the air", () => {
  it("are the same when primary and segments are", () => {
    assert.equal(sameAirChannel(on(5180, 5200), on(5180, 5200)), true);
    assert.equal(sameAirChannel(on(5180, 5200), { ...on(5180, 5200), control: 5200 }), false);
    assert.equal(sameAirChannel(on(5180), on(5180, 5200)), false);
  });
});
