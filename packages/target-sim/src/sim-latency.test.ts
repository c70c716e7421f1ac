import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { LatencyReading } from "@opensync-ts/target/latency";
import type { WorldSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { createSimLatency } from "./sim-latency.ts";
import { openBss, someClients } from "./testing/open-bss.ts";

/** Always on the air, so that every poll finds packets. */
const steady = { down: 2, up: 0.5, burst: 10, silence: 0 };

function setUp(spec: WorldSpec, site = "gw") {
  const clock = new VirtualClock();
  const world = new World({ clock, seed: 1, spec });
  world.addSite("gw", { x: 0, y: 0 });
  world.putBss(openBss("gw"));
  return { clock, world, latency: createSimLatency({ world, clock, site }) };
}

async function measured(spec: WorldSpec): Promise<readonly LatencyReading[]> {
  const { clock, latency } = setUp(spec);
  await clock.advance(10_000);
  const meter = latency.start({ perDscp: false });
  await clock.advance(10_000);
  return meter.poll();
}

const mean = (readings: readonly LatencyReading[]) =>
  readings.reduce((sum, { average }) => sum + average, 0) / readings.length;

describe("the latency of a simulated device", () => {
  it("is told of each client with packets, least to most, and is the same in the same world", async () => {
    const spec = {
      clients: [...someClients(3, steady), { ...someClients(9, "none")[8], name: "silent" }],
    } as WorldSpec;
    const readings = await measured(spec);
    assert.equal(readings.length, 3);
    for (const { ifName, least, average, most, last, packets, dscp } of readings) {
      assert.equal(ifName, "home-ap-24");
      assert.equal(dscp, undefined);
      assert.ok(least > 0 && least <= average && average <= most && last >= least && last <= most);
      // 2.5 Mbit/s for ten seconds.
      assert.ok(packets > 1_500 && packets < 3_000, `${packets} packets`);
    }
    assert.deepEqual(await measured(spec), readings);
  });

  it("is more on a busy channel and on a poor link", async () => {
    const near = mean(await measured({ clients: someClients(3, steady) }));
    const noise = {
      name: "oven",
      place: { x: 1, y: 1 },
      band: "2.4G",
      segments: [2437],
      power: 20,
      airtime: 0.6,
    } as const;
    const busy = mean(await measured({ clients: someClients(3, steady), interferers: [noise] }));
    const far = mean(await measured({ clients: someClients(3, steady, 150) }));
    assert.ok(busy > 1.5 * near, `${busy} ms, ${near} ms`);
    assert.ok(far > 1.5 * near, `${far} ms, ${near} ms`);
  });

  it("is counted for each consumer since its own last poll", async () => {
    const { clock, latency } = setUp({ clients: someClients(1, steady) });
    await clock.advance(10_000);
    const often = latency.start({ perDscp: false });
    const seldom = latency.start({ perDscp: false });
    let packets = 0;
    for (let times = 0; times < 5; times++) {
      await clock.advance(1_000);
      packets += (await often.poll())[0]?.packets ?? 0;
    }
    const all = (await seldom.poll())[0]?.packets ?? 0;
    assert.ok(Math.abs(all - packets) <= 5 && all > 500, `${all}, ${packets}`);
    often.stop();
    assert.deepEqual(await often.poll(), []);
  });

  it("is told apart by what the packets carry, where that is asked for", async () => {
    const call = { down: 1, up: 1, burst: 10, silence: 0 };
    const video = { down: 12, up: 0.2, burst: 8, silence: 0 };
    const [a, b, c] = [someClients(1, call), someClients(2, video).slice(1), someClients(3, steady).slice(2)];
    const { clock, latency } = setUp({ clients: [...a, ...b, ...c] });
    await clock.advance(10_000);
    const meter = latency.start({ perDscp: true });
    await clock.advance(5_000);
    assert.deepEqual(
      (await meter.poll()).map(({ dscp }) => dscp),
      [46, 34, 0],
    );
  });

  it("is not told of clients of another device", async () => {
    const { clock, latency } = setUp({ clients: someClients(1, steady) }, "elsewhere");
    const meter = latency.start({ perDscp: false });
    await clock.advance(10_000);
    assert.deepEqual(await meter.poll(), []);
  });
});
