/**
 * Whatever drivers do to it, OWM comes right, from the rows of its tables to those of its state. (`confsync-simulation.test.ts` does as
 * much to the core alone, many times as often.) A failing seed is in the message; `OPENSYNC_SEED` runs it alone, `OPENSYNC_SEEDS` as many.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { simulateRadios } from "./testing/radio-simulation.ts";

const only = process.env.OPENSYNC_SEED;
const seeds = only === undefined ? Number(process.env.OPENSYNC_SEEDS ?? 80) : 1;
const first = only === undefined ? 1 : Number(only);

describe("OWM on drivers that go wrong at random", { timeout: 15 * 60_000 }, () => {
  it(`settles when the faults end, by itself or after its watchdog barked, and loses nothing: ${seeds} seeds`, async (t) => {
    let restarts = 0;
    let requests = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const outcome = await simulateRadios(seed);
      restarts += outcome.restarts;
      requests += outcome.requests;
    }
    t.diagnostic(`${seeds} runs: ${requests} requests, ${restarts} restarts by the watchdog`);
    // A watchdog that never barked was never tried.
    if (only === undefined) assert.ok(restarts > 0);
  });

  it("goes the same way for the same seed", async () => {
    assert.deepEqual(await simulateRadios(first), await simulateRadios(first));
  });
});
