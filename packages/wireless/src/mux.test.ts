import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { limits } from "./limits.ts";
import { Mux } from "./mux.ts";
import { ObservedState } from "./state.ts";
import { DummyDriver } from "./testing/dummy-driver.ts";
import { apVif, macNumber, phyState } from "./testing/fixtures.ts";

async function rig() {
  const clock = new VirtualClock();
  const ring = new LogRing(100);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => 0 });
  const [first, second] = ["first", "second"].map((name) => new DummyDriver({ clock, name }));
  assert.ok(first && second);
  first.setPhy(phyState("wifi0"));
  first.setVif(apVif("wifi0", "home-ap-24"));
  second.setPhy(phyState("wifi1"));
  const mux = new Mux([first, second], log);
  const state = new ObservedState({ clock, log, source: mux });
  mux.start(state);
  await clock.advance(100);
  return { clock, first, second, mux, state, lines: () => ring.records().map(({ text }) => text) };
}

describe("mux", () => {
  it("gives each driver its own phys only, and nothing where there is nothing", async () => {
    const { mux, first, second } = await rig();
    const [wifi0, wifi1] = ["wifi0", "wifi1"].map((name) => ({ name, enabled: false, vifs: [] }));
    assert.ok(wifi0 && wifi1);
    assert.equal(mux.requestConfig({ phys: [wifi0, wifi1] }), true);
    assert.equal(mux.requestConfig({ phys: [wifi1] }), true);
    assert.deepEqual(first.requests, [{ phys: [wifi0] }]);
    assert.deepEqual(second.requests, [{ phys: [wifi1] }, { phys: [wifi1] }]);
  });

  it("says so when nobody has the phy", async () => {
    const { mux, lines } = await rig();
    assert.equal(mux.requestConfig({ phys: [{ name: "wifi7", enabled: false, vifs: [] }] }), false);
    assert.match(lines()[0] ?? "", /wifi7: no driver has this phy/);
  });

  it("sends a deauthentication to the owner", async () => {
    const { mux, first, second } = await rig();
    mux.requestDeauth("wifi0", "home-ap-24", macNumber(1), 1);
    assert.equal(first.deauths.length, 1);
    assert.equal(second.deauths.length, 0);
  });

  it("believes only the owner about a phy", async () => {
    const { clock, second, state, lines } = await rig();
    second.setPhy(phyState("wifi0", { enabled: false }));
    second.setPhy(phyState("wifi0", { enabled: false }));
    second.setVif(apVif("wifi0", "forged"));
    await clock.advance(100);
    assert.equal(state.phys.get("wifi0")?.enabled, true);
    assert.equal(state.vifs.has("forged"), false);
    assert.deepEqual(lines(), ["osw: mux: wifi0: driver second reports it too, but first owns it; ignored"]);
  });

  it("a phy its owner withdrew goes to the next to announce it", async () => {
    const { clock, mux, first, second, state } = await rig();
    first.removePhy("wifi0");
    await clock.advance(100);
    assert.equal(state.phys.has("wifi0"), false);
    second.setPhy(phyState("wifi0", { txChainmask: 1 }));
    await clock.advance(100);
    assert.equal(mux.ownerOf("wifi0"), "second");
    assert.equal(state.phys.get("wifi0")?.txChainmask, 1);
  });

  it("a driver that throws is named, and costs the others nothing", async () => {
    const { mux, first, second, lines } = await rig();
    first.requestConfig = () => {
      throw new Error("netlink: no buffer space");
    };
    const phys = ["wifi0", "wifi1"].map((name) => ({ name, enabled: false, vifs: [] }));
    assert.equal(mux.requestConfig({ phys }), true);
    assert.equal(second.requests.length, 1);
    assert.deepEqual(lines(), ["osw: mux: driver first: requestConfig: netlink: no buffer space"]);
  });

  it("a driver that does not start is named, and the others start", async () => {
    const clock = new VirtualClock();
    const ring = new LogRing(100);
    const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => 0 });
    const [broken, sound] = ["broken", "sound"].map((name) => new DummyDriver({ clock, name }));
    assert.ok(broken && sound);
    broken.start = () => {
      throw new Error("no such device");
    };
    sound.setPhy(phyState("wifi0"));
    const mux = new Mux([broken, sound], log);
    const state = new ObservedState({ clock, log, source: mux });
    mux.start(state);
    await clock.advance(100);
    assert.equal(state.phys.has("wifi0"), true);
    assert.deepEqual(
      ring.records().map(({ text }) => text),
      ["osw: mux: driver broken: start: no such device"],
    );
  });

  it("a phy belongs to who announces it, not to who chats about it", async () => {
    const { clock, mux, first, second, state } = await rig();
    let heard = 0;
    state.events.on("statistics", () => heard++);
    state.events.on("frameReceived", () => heard++);
    for (let n = 0; n < limits.phys + 5; n++) {
      second.events.statistics({ phy: `ghost${n}`, at: 0, stations: [], survey: [] });
      second.events.frameReceived(`phantom${n}`, "x", new Uint8Array(0));
    }
    second.events.statistics({ phy: "wifi2", at: 0, stations: [], survey: [] });
    first.setPhy(phyState("wifi2"));
    await clock.advance(100);
    assert.equal(mux.ownerOf("wifi2"), "first");
    assert.equal(state.phys.has("wifi2"), true);
    assert.equal(heard, 0);
    second.events.statistics({ phy: "wifi1", at: 0, stations: [], survey: [] });
    assert.equal(heard, 1);
  });

  it("a phy whose announcement was lost belongs to the driver that names it", async () => {
    const { clock, mux, first, second, state } = await rig();
    const { phyChanged } = first.events;
    first.events.phyChanged = () => {};
    first.setPhy(phyState("wifi2"));
    first.events.phyChanged = phyChanged;
    second.phyNames = () => {
      throw new Error("busy");
    };
    state.poll();
    await clock.advance(100);
    assert.equal(mux.ownerOf("wifi2"), "first");
    assert.equal(state.phys.has("wifi2"), true);
    assert.equal(state.idle, true);
  });

  it("takes no more phys than it has room for", async () => {
    const { clock, first, state } = await rig();
    for (let n = 0; n < limits.phys + 5; n++) first.setPhy(phyState(`phy${n}`));
    await clock.advance(100);
    assert.equal(state.phys.size, limits.phys);
  });
});
