import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Channel, PhyState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";
import { nextFollow } from "./sta-channel-override.ts";
import { apVif, channel, linkDown, phyState, staVif, wpa2 } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const [low, high, wish] = [channel("5G", 36, 80), channel("5G", 149, 80), channel("5G", 44, 40)];
const network = { ssid: "bhaul", bssid: null, psk: "backhaul", wpa: wpa2, bridge: "", multiAp: false, priority: 0 };

const radio = (name: string): PhyState => phyState(name, { band: "5G", radar: "unsupported" });
const sta = (on: Channel | null) =>
  staVif("wifi1", "sta", {
    networks: [network],
    link: on ? { ...linkDown, status: "connected", ssid: "bhaul", channel: on } : linkDown,
  });

interface Leaf extends Rig {
  readonly ap: (name?: string) => Channel | null;
  moveAp(to: Channel): void;
}

/** A radio with an uplink on `uplink` and two access points on `aps`, configured to be on `wish`. */
async function leaf(uplink: Channel | null, aps: Channel): Promise<Leaf> {
  const vifs = ["a", "b"].map((name) => apVif("wifi1", name, { channel: aps }));
  const elsewhere = apVif("wifi2", "c", { channel: aps });
  const rig = await startRig({ phys: [radio("wifi1"), radio("wifi2")], vifs: [...vifs, elsewhere, sta(uplink)] });
  for (const phy of ["wifi1", "wifi2"]) rig.wireless.overrides.setPhy(phy, { ap: { channel: wish } });
  await rig.settle();
  const ap = (name = "a") => {
    const vif = [rig.driver.vif("wifi1", name), rig.driver.vif("wifi2", name)].find((one) => one?.type === "ap");
    return vif?.type === "ap" ? vif.ap.channel : null;
  };
  const moveAp = (to: Channel) => {
    for (const name of ["a", "b"]) rig.driver.setVif(apVif("wifi1", name, { channel: to }));
  };
  return { ...rig, ap, moveAp };
}

describe("access points", () => {
  it("are where they are configured to be while the phy has no uplink", async () => {
    const { ap } = await leaf(null, low);
    assert.deepEqual([ap("a"), ap("b")], [wish, wish]);
  });

  it("follow the uplink of their phy, all of them, at once, and say so", async () => {
    const { ap, wireless } = await leaf(high, low);
    assert.deepEqual([ap("a"), ap("b")], [high, high]);
    assert.equal(wireless.confsync.settled, true);
    assert.deepEqual(
      wireless.confsync.limitations.map(({ vif, asked, holds, advice }) => [vif, asked, holds, advice]),
      ["a", "b"].map((name) => [name, "44/HT40", "149/HT80", "it follows the uplink of sta"]),
    );
  });

  it("of another phy do not", async () => {
    const { ap } = await leaf(high, low);
    assert.deepEqual(ap("c"), wish);
  });

  it("are left alone for 5 s when the uplink has switched before them", async () => {
    const { ap, driver, clock, moveAp, wireless } = await leaf(high, high);
    const before = driver.requests.length;
    driver.setVif(sta(low));
    await clock.advance(limits.staChannelSettling - 500);
    assert.deepEqual(ap(), high);
    moveAp(low);
    await clock.advance(20_000);
    assert.deepEqual(ap(), low);
    assert.equal(driver.requests.length, before);
    assert.equal(wireless.confsync.settled, true);
  });

  it("that do not come after by then are sent there", async () => {
    const { ap, driver, clock, wireless } = await leaf(high, high);
    driver.setVif(sta(low));
    await clock.advance(limits.staChannelSettling + 500);
    assert.deepEqual([ap("a"), ap("b")], [low, low]);
    assert.equal(wireless.confsync.settled, true);
  });

  it("that have switched before the uplink stay, and are free when it is lost", async () => {
    const { ap, driver, clock, moveAp, settle } = await leaf(high, high);
    moveAp(low);
    await clock.advance(2_000);
    assert.deepEqual(ap(), low);
    driver.setVif(sta(null));
    await settle();
    assert.deepEqual([ap("a"), ap("b")], [wish, wish]);
  });

  it("that have switched alone are fetched back", async () => {
    const { ap, clock, moveAp } = await leaf(high, high);
    moveAp(low);
    await clock.advance(limits.staChannelSettling + 500);
    assert.deepEqual(ap(), high);
  });

  it("that come up join the uplink at once", async () => {
    const { ap, driver, wireless, settle } = await leaf(high, high);
    driver.setVif(apVif("wifi1", "a", { channel: low }, { status: "disabled" }));
    wireless.overrides.setVif("wifi1", "a", { enabled: true });
    await settle();
    assert.deepEqual(ap(), high);
  });

  it("that cannot be as wide as the uplink settle narrower", async () => {
    const rig = await startRig({
      phys: [{ ...radio("wifi1"), capabilities: { band: "5G", widths: [20, 40] } }],
      vifs: [apVif("wifi1", "a", { channel: channel("5G", 36) }), sta(high)],
    });
    await rig.clock.advance(30_000);
    const vif = rig.wireless.state.vifs.get("a");
    assert.deepEqual(vif?.type === "ap" && vif.ap.channel, channel("5G", 149, 40));
    assert.equal(rig.wireless.confsync.settled, true);
  });
});

describe("following", () => {
  it("settles only from being together", () => {
    assert.equal(nextFollow("APART", "other channel"), "APART");
    assert.equal(nextFollow("TOGETHER", "other channel"), "SETTLING");
    assert.equal(nextFollow("SETTLING", "settling is over"), "APART");
    for (const state of ["APART", "TOGETHER", "SETTLING"] as const) {
      assert.equal(nextFollow(state, "same channel"), "TOGETHER");
      assert.equal(nextFollow(state, "no STA"), "APART");
    }
  });
});
