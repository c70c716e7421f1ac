import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csaTarget } from "./csa-target.ts";
import { channel, phyState } from "./testing/fixtures.ts";

const all = [phyState("wifi0"), phyState("wifi1", { band: "5G" }), phyState("wifi2", { band: "6G" })];
const phys = new Map(all.map((phy) => [phy.name, phy]));

describe("a channel that a parent switches to", () => {
  it("is of the STA's own phy, if that has it", () => {
    const lower = phyState("wifi3", { band: "5G" });
    assert.equal(csaTarget(new Map([...phys, ["wifi3", lower]]), "wifi3", channel("5G", 36, 80)), "wifi3");
  });

  it("may be of another phy", () => {
    assert.equal(csaTarget(phys, "wifi1", channel("2.4G", 6)), "wifi0");
    assert.equal(csaTarget(phys, "wifi0", channel("6G", 5)), "wifi2");
  });

  it("may be of none", () => {
    const few = new Map(phys).set(
      "wifi1",
      phyState("wifi1", { band: "5G", channelStates: all[0]?.channelStates ?? [] }),
    );
    assert.equal(csaTarget(few, "wifi0", channel("5G", 36)), null);
  });

  it("is told by its band where a phy lists no channels", () => {
    const silent = new Map([["wifi1", phyState("wifi1", { band: "5G", channelStates: [] })]]);
    assert.equal(csaTarget(silent, "wifi1", channel("5G", 36)), "wifi1");
    assert.equal(csaTarget(silent, "wifi1", channel("2.4G", 6)), null);
  });
});
