import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dbmOfRcpi, dbOfRsni, notMeasured, rcpiOfDbm, rsniOfDb } from "./signal.ts";

describe("RCPI", () => {
  it("is power in half decibels, from -110 to 0 dBm", () => {
    const cases: readonly (readonly [number, number])[] = [
      [0, -110],
      [1, -109.5],
      [120, -50],
      [164, -28],
      [219, -0.5],
      [220, 0],
    ];
    for (const [rcpi, dbm] of cases) {
      assert.equal(dbmOfRcpi(rcpi), dbm);
      assert.equal(rcpiOfDbm(dbm), rcpi);
    }
    assert.equal(rcpiOfDbm(-49.8), 120);
    assert.equal(rcpiOfDbm(-200), 0);
    assert.equal(rcpiOfDbm(20), 220);
  });

  it("may be unknown, or reserved", () => {
    assert.equal(rcpiOfDbm(Number.NaN), notMeasured);
    for (const rcpi of [221, 254, 255, -1, 1.5, Number.NaN]) assert.equal(dbmOfRcpi(rcpi), null);
  });
});

describe("RSNI", () => {
  it("is a ratio in half decibels, from -10 to 117 dB, or unknown", () => {
    const cases: readonly (readonly [number, number])[] = [
      [0, -10],
      [20, 0],
      [80, 30],
      [254, 117],
    ];
    for (const [rsni, db] of cases) {
      assert.equal(dbOfRsni(rsni), db);
      assert.equal(rsniOfDb(db), rsni);
    }
    assert.equal(rsniOfDb(-30), 0);
    assert.equal(rsniOfDb(500), 254);
    assert.equal(rsniOfDb(Number.NaN), notMeasured);
    assert.equal(dbOfRsni(notMeasured), null);
  });
});
