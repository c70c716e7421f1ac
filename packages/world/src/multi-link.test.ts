import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { laptop, setUp, triBand } from "./testing/home.ts";

const bssids = triBand("gw", 0).map(({ bssid }) => bssid);
const [b24, b50, b60] = bssids as [Mac, Mac, Mac];

function linked(bsses: readonly Bss[]) {
  const all = setUp({ clients: [{ ...laptop, device: "laptop-wifi7", sleep: null }] });
  for (const bss of bsses) all.world.putBss(bss);
  const on = () => bssids.filter((bssid) => all.world.stations(bssid).length > 0);
  return { ...all, on };
}

describe("a client with several links", () => {
  const bsses = triBand("gw", 0).map((bss) => ({ ...bss, generation: "be" as const, mld: mac("02:00:00:00:0f:01") }));

  it("runs as many as it can with one multi-link device, the highest bands first", async () => {
    const { clock, world, on, events } = linked(bsses);
    await clock.advance(4000);
    assert.deepEqual(on(), [b50, b60]);
    assert.equal(events.filter((line) => line.includes(" + ")).length, 2);
    const [client] = world.snapshot().clients;
    assert.equal(client?.link?.links, 2);
    assert.equal(client?.service.associations, 1);
  });

  it("runs one where the access point is no such device, or speaks an older 802.11", async () => {
    const plain = linked(triBand("gw", 0));
    await plain.clock.advance(4000);
    assert.equal(plain.on().length, 1);
    const older = linked(bsses.map((bss) => ({ ...bss, generation: "ax" as const })));
    await older.clock.advance(4000);
    assert.equal(older.on().length, 1);
  });

  it("loses a link alone, and all when that on which it came is gone", async () => {
    const { clock, world, on, events } = linked(bsses);
    await clock.advance(4000);
    const main = world.client(mac(laptop.mac))?.association?.bssid;
    const other = [b50, b60].find((bssid) => bssid !== main);
    assert.ok(main && other);
    world.removeBss(other);
    assert.deepEqual(on(), [main]);
    assert.equal(events.at(-1), `laptop - ${other} bss_removed`);
    world.removeBss(main);
    assert.deepEqual(on(), []);
    await clock.advance(4000);
    assert.deepEqual(on(), [b24]);
  });

  it("moves more over two links than over one", async () => {
    const rate = async (links: number) => {
      const all = setUp({
        clients: [{ ...laptop, device: "laptop-wifi7", links, traffic: { down: 9000, up: 0, burst: 60, silence: 0 } }],
      });
      for (const bss of bsses) all.world.putBss(bss);
      await all.clock.advance(4000);
      return all.world.snapshot().clients[0]?.satisfaction ?? 0;
    };
    const [one, two] = [await rate(1), await rate(2)];
    assert.ok(one > 0 && two > one * 1.2 && two < 1, `${one} ${two}`);
  });
});
