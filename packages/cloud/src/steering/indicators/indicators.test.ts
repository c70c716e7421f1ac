import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { type IndicatorInput, indicators, recordsOf, type Stay } from "./indicators.ts";

const second = 1000;
const minute = 60 * second;
const a = mac("0a:00:00:00:00:0a");
const b = mac("0a:00:00:00:00:0b");
const c = mac("0a:00:00:00:00:0c");
const tv = mac("02:00:00:00:00:01");
const asked = 100 * minute;

const stay = (bssid: Mac, from: number, to: number | null): Stay => ({ mac: tv, bssid, from, to });
const before = (until: number) => stay(a, 0, until);

function figures(stays: readonly Stay[], more: Partial<IndicatorInput> = {}) {
  return indicators({
    ...{ from: 0, to: 200 * minute, clients: [tv], moves: [{ at: asked, mac: tv, from: a, to: b }], stays },
    ...{ events: [], throughput: [], classOf: () => "tv" },
    ...more,
  });
}

describe("success, ping-pong and time of moves", () => {
  const at = asked + 3 * second;
  const cases: readonly (readonly [
    string,
    readonly Stay[],
    readonly [number | null, number | null, number | null, number | null],
  ])[] = [
    ["there at once, and stays", [before(at), stay(b, at + 100, null)], [1, 0, 3100, 0.1]],
    ["late", [before(asked + 20 * second), stay(b, asked + 21 * second, null)], [0, 0, 21_000, 1]],
    [
      "gone again after two minutes",
      [before(at), stay(b, at, at + 2 * minute), stay(c, at + 2 * minute, null)],
      [0, 0, 3000, 0],
    ],
    [
      "back after two minutes",
      [before(at), stay(b, at, at + 2 * minute), stay(a, at + 2 * minute, null)],
      [0, 1, 3000, 0],
    ],
    [
      "back after eight minutes",
      [before(at), stay(b, at, at + 8 * minute), stay(a, at + 8 * minute, null)],
      [1, 1, 3000, 0],
    ],
    ["does not go", [before(150 * minute)], [0, null, null, null]],
    ["goes elsewhere", [before(at), stay(c, at + 2 * second, null)], [0, null, null, 2]],
    ["the old link ends after the new one begins", [before(at + second), stay(b, at, null)], [1, 0, 3000, 0]],
  ];
  for (const [what, stays, [success, pingPong, took, offline]] of cases) {
    it(what, () => {
      const result = figures(stays);
      assert.deepEqual(
        [
          result.success.share,
          result.pingPong.share,
          result.convergenceMs?.median ?? null,
          result.offlineSecondsPerMove,
        ],
        [success, pingPong, took, offline],
      );
    });
  }

  it("are left open while they cannot be told", () => {
    const result = figures([before(at), stay(b, at, null)], { to: at + minute });
    assert.deepEqual(
      [result.success, result.pingPong, result.harm].map(({ of }) => of),
      [0, 0, 0],
    );
  });

  it("are nothing where nobody was moved", () => {
    const result = figures([], { moves: [], clients: [] });
    assert.deepEqual(
      [result.success.share, result.convergenceMs, result.offlineSecondsPerMove, result.forcedDeauthsPerClientDay],
      [null, null, null, null],
    );
  });
});

describe("harm", () => {
  const stays = [before(asked + second), stay(b, asked + second, null)];
  const series = (was: number, is: number) =>
    Array.from({ length: 12 }, (_, each) => ({
      at: asked + (each - 6 + 1) * minute,
      mac: tv,
      mbps: each < 6 ? was : is,
    }));
  const cases: readonly (readonly [string, number, number, number | null])[] = [
    ["less than before is", 10, 5, 1],
    ["as much as before is none", 10, 9.5, 0],
    ["more than before is none", 10, 20, 0],
    ["cannot be done to who was not in use", 0.01, 0, null],
  ];
  for (const [what, was, is, expected] of cases) {
    it(what, () => assert.equal(figures(stays, { throughput: series(was, is) }).harm.share, expected));
  }
});

describe("events of nodes", () => {
  const report = (events: readonly SteeringEvent[], address = "02:00:00:00:00:01") =>
    recordsOf({ timestampMs: asked, clients: [{ mac: address, bands: [{ events }] }] } as unknown as Parameters<
      typeof recordsOf
    >[0]);

  it("have times of their own, and are left out without an address", () => {
    assert.deepEqual(
      report([{ type: "CLIENT_KICKED", offsetMs: 500 }]).map(({ at, mac }) => [at, mac]),
      [[asked - 500, tv]],
    );
    assert.deepEqual(report([{ type: "CLIENT_KICKED", offsetMs: 500 }], "nonsense"), []);
  });

  it("count as BTM accepted by class, and as forced deauthentications of a client and day", () => {
    const events = [
      ...report([0, 0, 0, 6].map((status) => ({ type: "CLIENT_BTM_STATUS", status, offsetMs: 1 }))),
      ...report([
        { type: "CLIENT_STICKY_KICK", offsetMs: 1 },
        { type: "CLIENT_BTM", offsetMs: 1 },
      ]),
    ];
    const result = figures([], { events, to: 1_440 * minute, clients: [tv, c, tv] });
    assert.deepEqual(result.btmAcceptance, new Map([["tv", { of: 4, share: 0.75 }]]));
    assert.equal(result.forcedDeauthsPerClientDay, 0.5);
  });
});
