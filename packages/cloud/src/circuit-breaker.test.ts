import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Breaker, left, settledFor, trusted, untested, wrote } from "./circuit-breaker.ts";
import * as limits from "./limits.ts";

const minute = 60_000;

/** One session: written to at `at`, gone after `ms`. */
function session(breaker: Breaker, at: number, ms: number): Breaker {
  return left(wrote(breaker, at), at + ms);
}

describe("the circuit breaker of a node", () => {
  it("trips when the node leaves again and again right after it was written to", () => {
    let breaker = untested;
    const kinds = [0, 1, 2, 3, 4].map((index) => {
      breaker = session(breaker, index * 2 * minute, 30_000);
      return breaker.kind;
    });
    assert.deepEqual(kinds, ["suspect", "suspect", "suspect", "suspect", "tripped"]);
  });

  it("trusts a version that the node has shown for a while, and does not mind power cuts afterwards", () => {
    let breaker = session(untested, 0, 10_000);
    assert.equal(settledFor(breaker, limits.breakerTrustMs - 1).kind, "suspect");
    breaker = settledFor(breaker, limits.breakerTrustMs);
    for (let index = 0; index < 10; index++) breaker = session(breaker, index * minute, 1_000);
    assert.equal(breaker, trusted);
  });

  it("counts departures without another write, too: the node restarts with what it has kept", () => {
    let breaker = wrote(untested, 0);
    for (const at of [10_000, 40_000, 70_000, 100_000, 130_000]) breaker = left(breaker, at);
    assert.equal(breaker.kind, "tripped");
  });

  it("counts none that comes long after the last write", () => {
    let breaker = wrote(untested, 0);
    for (let index = 0; index < 5; index++) breaker = left(breaker, limits.breakerSuspicionMs + 1 + index * minute);
    assert.equal(breaker.kind, "suspect");
  });

  it("stays as it is where nothing was written, and once it has tripped", () => {
    assert.equal(left(untested, 1_000), untested);
    const tripped: Breaker = { kind: "tripped" };
    assert.equal(wrote(tripped, 0), tripped);
    assert.equal(left(tripped, 1), tripped);
    assert.equal(settledFor(tripped, limits.breakerTrustMs), tripped);
  });
});
