import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterOutcome, type CounterRow, type StabilitySituation } from "./stability.ts";

const thresholds = { link: 2, router: 8, internet: 6, fatal: 16 };
const situation: StabilitySituation = { connected: false, mendable: true, used: true };
const none: CounterRow = {
  unreachable_link_counter: null,
  unreachable_router_counter: null,
  unreachable_internet_counter: null,
  ntp_state: null,
};
const dead = { router: { ipv4: false }, internet: { ipv4: false } };

describe("the counters of an uplink", () => {
  it("count failures in a row, from whatever is not known", () => {
    for (const [before, ok, after] of [
      [null, false, 1],
      [-1, false, 1],
      [0, false, 1],
      [4, false, 5],
      [4, true, 0],
      [null, true, 0],
    ] as const) {
      const row = { ...none, unreachable_router_counter: before };
      assert.equal(
        afterOutcome(row, { router: { ipv4: ok } }, situation, thresholds).columns.unreachable_router_counter,
        after,
      );
    }
  });

  it("stay as they are where nothing was asked, and nothing is written where nothing changes", () => {
    const row = { ...none, unreachable_router_counter: 0, unreachable_link_counter: 0, ntp_state: true };
    assert.deepEqual(afterOutcome(row, {}, situation, thresholds).columns, {});
    const fine = { link: true, router: { ipv4: true }, ntp: true };
    assert.deepEqual(afterOutcome(row, fine, situation, thresholds).columns, {});
  });

  it("count a family that fails, whatever the other says", () => {
    const outcome = { router: { ipv4: true, ipv6: false } };
    assert.equal(afterOutcome(none, outcome, situation, thresholds).counters.router, 1);
  });
});

describe("what is tried for an uplink", () => {
  function played(rounds: number, change: Partial<StabilitySituation> = {}): readonly string[] {
    let row = none;
    const tried: string[] = [];
    for (let round = 1; round <= rounds; round++) {
      const { columns, repair } = afterOutcome(row, dead, { ...situation, ...change }, thresholds);
      row = { ...row, ...columns } as CounterRow;
      if (repair) tried.push(`${round} ${repair}`);
    }
    return tried;
  }

  it("comes at multiples of the thresholds: the address anew, one later the interface off and on", () => {
    assert.deepEqual(played(18), [
      "6 renew",
      "7 restart-interface",
      "8 renew",
      "9 restart-interface",
      "12 renew",
      "14 restart-interface",
      "16 renew",
      "18 restart-interface",
    ]);
  });

  it("is nothing with a connection to the cloud, over Wi-Fi, and under a tunnel", () => {
    assert.deepEqual(played(18, { connected: true }), []);
    assert.deepEqual(played(18, { mendable: false }), []);
  });

  it("is nothing while one family leads out", () => {
    const half = { router: { ipv4: true, ipv6: false }, internet: { ipv4: true, ipv6: false } };
    for (let counter = 0; counter < 40; counter++) {
      const row = { ...none, unreachable_router_counter: counter, unreachable_internet_counter: counter };
      const { repair, fatal } = afterOutcome(row, half, situation, thresholds);
      assert.deepEqual([repair, fatal], [null, false]);
    }
  });

  it("ends for the uplink in use when the router has been silent for too long", () => {
    const at = (counter: number, used: boolean) =>
      afterOutcome({ ...none, unreachable_router_counter: counter }, dead, { ...situation, used }, thresholds).fatal;
    assert.deepEqual([at(15, true), at(16, true), at(16, false)], [false, true, false]);
  });
});
