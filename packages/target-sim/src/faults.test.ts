import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import { bench, channel, homeNetwork, phone } from "./testing/observer.ts";

const addresses = (count: number): Mac[] =>
  Array.from({ length: count }, (_, i) => mac(`02:00:00:00:00:${i.toString(16).padStart(2, "0")}`));

describe("a driver with faults", () => {
  it("that holds 64 list entries keeps the first 64 of 85, reports those, and enforces only those", async () => {
    const { clock, driver, faults, observer, request } = bench({
      faults: { aclLimit: 64 },
      clients: [{ ...phone, mac: "02:00:00:00:00:50" }],
    });
    const acl = addresses(85);
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, aclPolicy: "deny", acl } }]);
    await clock.advance(1000);
    assert.deepEqual(observer.ap("home-ap-24").acl, acl.slice(0, 64));
    assert.equal(observer.phys.get("wifi0")?.capabilities.aclLimit, undefined);
    assert.equal(observer.stations.size, 1, "entry 81 is not enforced");
    faults.clear();
    request("wifi0", [{ name: "home-ap-24", ap: { acl } }]);
    await clock.advance(0);
    driver.requestDeauth("wifi0", "home-ap-24", mac("02:00:00:00:00:50"), 1);
    await clock.advance(1000);
    assert.equal(observer.ap("home-ap-24").acl.length, 85);
    assert.equal(observer.stations.size, 0);
  });

  it("whose model states its limits cuts lists the same way, and says so in its capabilities", async () => {
    const { clock, observer, request } = bench({ radio: { aclLimit: 4, pskLimit: 1 } });
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, acl: addresses(9) } }]);
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-24").acl.length, 4);
    assert.deepEqual(observer.ap("home-ap-24").psks, [{ keyId: 1, psk: "correct-horse" }]);
    const { aclLimit, pskLimit } = observer.phys.get("wifi0")?.capabilities ?? {};
    assert.deepEqual([aclLimit, pskLimit], [4, 1]);
  });

  it("ignores requests until it is mended", async () => {
    const { clock, faults, observer, request } = bench({ faults: { ignoreRequests: 1 } });
    request("wifi0", [homeNetwork]);
    await clock.advance(1000);
    assert.equal(observer.status("home-ap-24"), "disabled");
    faults.set({ ignoreRequests: 0 });
    request("wifi0", [homeNetwork]);
    await clock.advance(1000);
    assert.equal(observer.status("home-ap-24"), "enabled");
  });

  it("ignores some requests with a probability, the same ones on each run", async () => {
    const run = async () => {
      const { clock, observer, request } = bench({ faults: { ignoreRequests: 0.5 } });
      const heard: boolean[] = [];
      for (let i = 0; i < 20; i++) {
        request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, ssid: `home${i}` } }]);
        await clock.advance(0);
        heard.push(observer.ap("home-ap-24").ssid === `home${i}`);
      }
      return heard;
    };
    const heard = await run();
    assert.ok(heard.includes(true) && heard.includes(false));
    assert.deepEqual(await run(), heard);
  });

  it("loses reports: asked, it never answers; asked again when mended, it does", async () => {
    const { clock, driver, faults, observer } = bench({ faults: { loseReports: 1 } });
    await clock.advance(10_000);
    assert.equal(observer.phys.size, 0);
    faults.set({ loseReports: 0 });
    driver.requestPhyState("wifi0");
    await clock.advance(0);
    assert.equal(observer.phys.size, 1);
  });

  it("reports late", async () => {
    const { clock, observer } = bench({ faults: { reportDelay: 5000 } });
    await clock.advance(4999);
    assert.equal(observer.phys.size, 0);
    await clock.advance(1);
    assert.equal(observer.phys.size, 3);
  });

  it("reports a wrong value, says that something changed when that starts and ends, and does the right thing", async () => {
    const { clock, world, faults, observer, request } = bench();
    request("wifi0", [homeNetwork]);
    await clock.advance(0);
    faults.set({ wrong: { ssid: "nonsense" } });
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-24").ssid, "nonsense");
    assert.equal(world.snapshot().bsses[0]?.ssid, "home");
    faults.set({ wrong: {} });
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-24").ssid, "home");
  });

  it("leaves unsupported attributes as they are and applies the others", async () => {
    const { clock, observer, request } = bench({ faults: { unsupported: ["isolated", "channel"] } });
    const asked = { ...homeNetwork.ap, isolated: true, mcast2ucast: true, channel: channel("2.4G", 11, 20) };
    request("wifi0", [{ ...homeNetwork, ap: asked }]);
    await clock.advance(0);
    const { isolated, mcast2ucast, channel: actual } = observer.ap("home-ap-24");
    assert.deepEqual([isolated, mcast2ucast, actual?.control], [false, true, 2437]);
  });
});
