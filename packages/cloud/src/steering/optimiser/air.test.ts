import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Channel, capacity, type Hop, loadAfter, overlaps, span } from "./air.ts";
import { linkRate } from "./rates.ts";

const on = (band: Channel["band"], channel: number, width: number): Channel => ({ band, channel, width });
const hop = (channel: Channel, usableMbps: number, busy: number | null): Hop => ({ ...channel, usableMbps, busy });
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}`);

describe("channels", () => {
  const spans: readonly (readonly [Channel, readonly [number, number]])[] = [
    [on("2.4G", 6, 20), [2427, 2447]],
    [on("5G", 36, 80), [5170, 5250]],
    [on("5G", 48, 80), [5170, 5250]],
    [on("5G", 64, 160), [5170, 5330]],
    [on("5G", 100, 160), [5490, 5650]],
    [on("5G", 149, 80), [5735, 5815]],
    [on("6G", 37, 160), [6105, 6265]],
  ];
  for (const [channel, expected] of spans) {
    it(`${channel.band} ${channel.channel} with ${channel.width} MHz are ${expected.join(" to ")} MHz`, () =>
      assert.deepEqual(span(channel), expected));
  }

  it("overlap whatever their width, and never across bands", () => {
    assert.ok(overlaps(on("5G", 36, 80), on("5G", 44, 20)));
    assert.ok(overlaps(on("2.4G", 1, 20), on("2.4G", 3, 20)));
    assert.ok(!overlaps(on("2.4G", 1, 20), on("2.4G", 6, 20)));
    assert.ok(!overlaps(on("5G", 36, 80), on("5G", 52, 80)));
    assert.ok(!overlaps(on("5G", 37, 20), on("6G", 37, 20)));
  });
});

describe("capacity end to end", () => {
  const access = hop(on("5G", 36, 80), 400, 0);
  it("is rate times free airtime on one link", () => near(capacity([{ ...access, busy: 0.75 }], [], 0).mbps, 100));
  it("is that of the narrowest link on channels of their own", () => {
    near(capacity([access, hop(on("5G", 100, 80), 200, 0.5)], [], 0).mbps, 100);
  });
  it("is half where two equal links share the air", () =>
    near(capacity([access, hop(on("5G", 36, 80), 400, 0)], [], 0).mbps, 200));
  it("does not count the client's own traffic against it", () => {
    const busy = { ...access, busy: 0.5 };
    near(capacity([busy], [busy], 200).mbps, 400);
    near(loadAfter([busy], 100, [busy], 200), 0.25);
  });
  it("takes unknown load for somewhat busy", () => near(capacity([{ ...access, busy: null }], [], 0).mbps, 240));
  it("is never more than any link carries, nor less than nothing", () => {
    const anyHop = fc.record({
      channel: fc.constantFrom(36, 100, 149),
      usableMbps: fc.double({ min: 0, max: 1000, noNaN: true }),
      busy: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(anyHop, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (links, mbps) => {
          const way = links.map(({ channel, ...rest }) => ({ ...on("5G", channel, 80), ...rest }));
          const room = capacity(way, way, mbps);
          assert.ok(room.mbps >= 0 && room.mbps <= Math.min(...way.map(({ usableMbps }) => usableMbps)) + 1e-9);
          assert.ok(room.free >= 0 && room.free <= 1);
        },
      ),
    );
  });
});

describe("the rate of a link", () => {
  it("grows with signal, streams and width, and is nothing where nothing gets through", () => {
    const ability = { generation: "ax", streams: 2, width: 80 } as const;
    let last = 0;
    for (let snr = -10; snr <= 70; snr++) {
      const rate = linkRate(snr, ability);
      assert.ok(rate >= last, `${snr} dB`);
      assert.ok(linkRate(snr, { ...ability, streams: 1 }) <= rate && linkRate(snr, { ...ability, width: 20 }) <= rate);
      last = rate;
    }
    assert.equal(linkRate(-10, ability), 0);
    assert.equal(last, 7.2 * 80 * 2);
  });
});
