import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { ChannelHold } from "./channel-hold.ts";
import { limits } from "./limits.ts";
import { channel as channelIn } from "./testing/fixtures.ts";

const { channelHold } = limits;
const channel = (number: number) => channelIn("5G", number);

describe("a radio's channel while its APs move", () => {
  it("stays what it was for 5 s, then is unknown", async () => {
    const clock = new VirtualClock();
    const expired: string[] = [];
    const hold = new ChannelHold(clock, (phy) => expired.push(phy));
    assert.deepEqual(hold.update("wifi1", channel(36)), channel(36));
    assert.deepEqual(hold.update("wifi1", null), channel(36));
    await clock.advance(channelHold - 1);
    assert.deepEqual(hold.update("wifi1", null), channel(36));
    await clock.advance(1);
    assert.deepEqual(expired, ["wifi1"]);
    assert.equal(hold.update("wifi1", null), null);
  });

  it("is the new one as soon as they agree", async () => {
    const clock = new VirtualClock();
    const hold = new ChannelHold(clock, () => assert.fail("it was not held long enough"));
    hold.update("wifi1", channel(36));
    hold.update("wifi1", null);
    assert.deepEqual(hold.update("wifi1", channel(44)), channel(44));
    await clock.advance(2 * channelHold);
    assert.deepEqual(hold.update("wifi1", null), channel(44));
    hold.stop();
  });
});
