/**
 * The power is cut between every two steps of a gateway's life, and the Internet with it. After the boot the home is served
 * with the configuration of before or of after, whole: never a mixture, never none.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atFirst, newSsid, oldSsid, steps } from "./testing/cloudless-flow.ts";
import { CloudlessHome, minute } from "./testing/cloudless-home.ts";

/** Networks that may be on the air after a cut behind step n without Internet; `null`: none, the owner did not ask for it (yet). */
function expected(after: number): readonly (string | null)[] {
  if (after < 1) return [null];
  // Between the order and the first save there is nothing to restore yet.
  if (after < 2) return [null, oldSsid];
  if (after < 3) return [oldSsid];
  if (after < 15) return [newSsid];
  return after < 16 ? [newSsid, null] : [null];
}

describe("a power cut", () => {
  for (let after = 0; after < steps.length; after++) {
    it(`behind step ${after} leaves a home that is served with one whole configuration`, async () => {
      await using home = await CloudlessHome.start({ home: atFirst });
      await home.settled();
      for (const { act } of steps.slice(0, after)) await act(home);
      home.wanDown();
      await home.reboot("powerCut");
      await home.pass(20 * minute);
      const vifs = await home.rows("Wifi_VIF_Config");
      const ssids = new Set(vifs.map(({ ssid }) => ssid));
      assert.ok(ssids.size <= 1, `a mixture: ${[...ssids].join(", ")}`);
      const ssid = [...ssids][0] ?? null;
      assert.ok(expected(after).includes(ssid), `${ssid}; status ${await home.status()}`);
      if (ssid !== null) await home.restored(ssid);
    });
  }

  it("in the middle of the change from one configuration to another leaves one of them whole", async () => {
    await using home = await CloudlessHome.start({ home: atFirst });
    await home.settled();
    for (const { act } of steps.slice(0, 2)) await act(home);
    // The cloud renames the network; the power fails at moments before, while and after it is saved.
    for (const ms of [10, 1_000, 14_000, 15_100, 17_000, 30_000]) {
      await using again = await CloudlessHome.start({ home: atFirst });
      await again.settled();
      for (const { act } of steps.slice(0, 2)) await act(again);
      again.rename(newSsid);
      await again.pass(ms);
      again.wanDown();
      await again.reboot("powerCut");
      await again.pass(20 * minute);
      const ssids = new Set((await again.rows("Wifi_VIF_Config")).map(({ ssid }) => ssid));
      assert.equal(ssids.size, 1);
      const [ssid] = ssids;
      assert.ok(ssid === oldSsid || ssid === newSsid);
      await again.restored(ssid);
    }
  });
});
