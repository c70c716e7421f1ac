import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aClient, aNode, aSimulation } from "./testing/simulations.ts";
import { linkText, planText, secondsLeft, uplinkDeed, uplinkText, walkText } from "./words.ts";

describe("a simulated home in words", () => {
  it("says what a client is on, or that it is on nothing", () => {
    const link = { node: "gateway", ssid: "x", band: "5G", channel: 36, rssiDbm: -50, snrDb: 40.6, rateMbps: 500 };
    assert.equal(linkText(aClient({ link })), "gateway, 5 GHz channel 36, signal 41 dB");
    assert.equal(linkText(aClient()), "not connected");
    assert.equal(linkText(aClient({ state: "joining" })), "joining …");
  });

  it("says how long a walk takes yet", () => {
    const walking = aClient({ walkingTo: { x: 12, y: 5, z: 0 } });
    assert.equal(secondsLeft(walking, 1.4), 5);
    assert.equal(walkText(walking, 1.4), "walks to 12, 5 m, 5 s left");
    assert.equal(walkText(aClient(), 1.4), "stands");
  });

  it("does not speak of cables where there is none", () => {
    for (const state of ["ok", "line"] as const) {
      assert.doesNotMatch(uplinkDeed("wifi", state) + uplinkText("wifi", state), /cable/i);
    }
    assert.match(uplinkText("cable", "cable"), /pulled/);
  });

  it("tells the plan to who does not see it", () => {
    const home = aSimulation({ nodes: [aNode(), aNode({ node: "extender", power: "booting" })] });
    assert.equal(
      planText(home),
      "Plan of the home: gateway at 2, 3 m is up; extender at 2, 3 m boots. 0 of 1 clients are connected; the table below has where each is.",
    );
  });
});
