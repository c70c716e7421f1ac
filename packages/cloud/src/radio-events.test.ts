import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as limits from "./limits.ts";
import { settle, testHome } from "./test-node.ts";
import { obedientNode, TestCloud } from "./testing/test-cloud.ts";

const stays = "its 5 GHz radio is not as it was told: channel 44 asked for, 36 is on";

/** A node whose 5 GHz radio was told channel 44 by hand, and says that it is on 36. */
async function aBench(home = testHome()) {
  const cloud = new TestCloud(home);
  const node = await obedientNode();
  await cloud.connect(node);
  const show = async (columns: object) => {
    await node.client.transact((transaction) =>
      transaction.update("Wifi_Radio_State", [["if_name", "==", "wifi1"]], columns),
    );
    await settle(cloud.clock);
  };
  await node.set("Wifi_Radio_Config", "wifi1", { channel: 44 });
  await settle(cloud.clock);
  const told = () => cloud.events.filter((text) => /radio (is|has)/.test(text));
  return { cloud, node, show, told };
}

describe("a node whose radio is not as it was told", () => {
  it("says so at once, tells of it once it had its time, and of its end", async () => {
    const { cloud, show, told } = await aBench();
    assert.deepEqual([cloud.gateway.state, cloud.gateway.note, told()], ["SETTLED", null, []]);
    await show({ channel: 36 });
    assert.match(
      cloud.gateway.note ?? "",
      /^its 5 GHz radio has not done so far what it was told: channel 44 asked for/,
    );
    assert.deepEqual([cloud.gateway.state, told()], ["SETTLED", []]);
    await cloud.clock.advance(limits.proofMs);
    const who = "the home's settings do not ask for that";
    assert.deepEqual([cloud.gateway.note, told()], [`${stays}; ${who}`, [`gateway: ${stays}; ${who}`]]);
    await cloud.clock.advance(limits.proofMs * 3);
    assert.equal(told().length, 1, "once");
    await show({ channel: 44 });
    assert.equal(cloud.gateway.note, null);
    assert.equal(told()[1], "gateway: its 5 GHz radio is as it was told again: channel 44 is there now");
  });

  it("has no time where the radio has said that it cannot", async () => {
    const { show, told } = await aBench();
    await show({ channel: 36, allowed_channels: [36, 40] });
    assert.match(told().join(), /channel 44 asked for, 36 is on, and it may not use 44/);
  });

  it("tells of the end also where the node was away in between", async () => {
    const { cloud, node, show, told } = await aBench();
    await show({ channel: 36 });
    await cloud.clock.advance(limits.proofMs);
    await cloud.location.session("gateway")?.close("a test");
    await settle(cloud.clock);
    assert.equal(cloud.gateway.note, null, "nothing is known of it now");
    await node.set("Wifi_Radio_Config", "wifi1", { channel: null });
    await cloud.connect(node);
    assert.equal(told()[1], "gateway: its 5 GHz radio is as it was told again: channel 44 is no longer asked for");
  });

  it("has had its time where the node comes back and is still so", async () => {
    const { cloud, node, show, told } = await aBench();
    await show({ channel: 36 });
    await cloud.clock.advance(limits.proofMs);
    await cloud.location.session("gateway")?.close("a test");
    await settle(cloud.clock);
    await cloud.connect(node);
    assert.match(cloud.gateway.note ?? "", /^its 5 GHz radio is not as it was told/);
    await cloud.clock.advance(limits.proofMs);
    assert.equal(told().length, 1, "nothing is told again");
  });

  it("is not told to be over while nothing is looked at, as the node is not written", async () => {
    const { cloud, show, told } = await aBench();
    await show({ channel: 36 });
    await cloud.clock.advance(limits.proofMs);
    cloud.location.setQuarantine("gateway", "a test");
    cloud.location.session("gateway")?.surroundingsChanged();
    await settle(cloud.clock);
    assert.deepEqual([cloud.gateway.state, cloud.gateway.note, told().length], ["HELD", null, 1]);
  });

  it("leaves what the document states to the rows of the document", async () => {
    const { cloud, show, told } = await aBench(testHome({ radios: [{ band: "5G", channel: 44, width: 80 }] }));
    await show({ channel: 36 });
    assert.deepEqual([cloud.gateway.note, cloud.gateway.settled], [null, false]);
    await cloud.clock.advance(limits.proofMs);
    assert.match(cloud.gateway.pending ?? "", /channel is 36, wanted 44/);
    assert.deepEqual(told(), []);
  });
});

describe("a node whose radios are on the air in another way than before", () => {
  it("tells so at once: of another channel, of listening for radar, and not of what is no other", async () => {
    const { cloud, show } = await aBench();
    const told = () => cloud.events.filter((text) => /on the air in another way/.test(text)).length;
    const before = told();
    await show({ channel: 100, channels: new Map([["100", '{"state":"cac_started"}']]) });
    assert.equal(told(), before + 1);
    await show({ channels: new Map([["100", '{"state":"cac_completed"}']]) });
    assert.equal(told(), before + 2);
    await show({ tx_power: 10 });
    assert.equal(told(), before + 2);
    await show({ enabled: false });
    assert.equal(told(), before + 3);
  });
});
