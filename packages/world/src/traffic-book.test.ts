import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { TrafficSource, triesUp } from "./traffic.ts";
import { TrafficBook } from "./traffic-book.ts";

/** Never silent: 8 Mbit/s to the client and 2 from it, which is 1 MB and 250 kB a second. */
const spec = { down: 8, up: 2, burst: 60, silence: 0 };
const book = () => new TrafficBook(new TrafficSource(spec, new SeededRandom(1), 0));

describe("a client's traffic", () => {
  it("is delivered while it is served, and wanted all the time", () => {
    const traffic = book();
    traffic.account(1_000, true);
    traffic.account(3_000, false);
    assert.deepEqual(traffic.wanted, { down: 3_000_000, up: 750_000 });
    assert.deepEqual(traffic.delivered, { down: 1_000_000, up: 250_000 });
  });

  it("is delivered as far as the air gives it", () => {
    const traffic = book();
    traffic.satisfied(0.25);
    traffic.account(1_000, true);
    assert.deepEqual(traffic.delivered, { down: 250_000, up: 62_500 });
  });

  it("is its tries alone where it is held back, whatever it wants", () => {
    const traffic = book();
    traffic.holdBack(true);
    traffic.account(1_000, true);
    assert.deepEqual([traffic.wants(1_000), traffic.load(1_000)], [spec, { down: 0, up: triesUp }]);
    assert.deepEqual([traffic.delivered.down, Math.round(traffic.delivered.up)], [0, (triesUp * 1e6) / 8]);
    traffic.holdBack(false);
    assert.equal(traffic.load(1_000), spec);
  });
});
