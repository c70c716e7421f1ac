import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelNumbers, channelOf, sameChannel } from "@opensync-ts/target/channels";
import type { Band, ChannelWidth } from "@opensync-ts/target/radio";
import { airChannel, channelFromAir } from "./air-channel.ts";

describe("a channel heard on the air", () => {
  it("is the channel that was put there, in every band and width", () => {
    for (const band of ["2.4G", "5G", "6G"] as const satisfies readonly Band[]) {
      for (const number of channelNumbers[band]) {
        for (const width of [20, 40, 80, 160] as const satisfies readonly ChannelWidth[]) {
          const sent = channelOf({ band, number, width });
          if (sent) assert.ok(sameChannel(channelFromAir(airChannel(sent)), sent), `${band} ${number}/${width}`);
        }
      }
    }
    const widest = channelOf({ band: "6G", number: 37, width: 320, center0: 63 });
    assert.ok(widest && sameChannel(channelFromAir(airChannel(widest)), widest));
  });

  it("is known with its holes, and with both its halves", () => {
    const channels = [
      channelOf({ band: "5G", number: 36, width: 80, puncture: 0b0100 }),
      channelOf({ band: "5G", number: 36, width: 160, puncture: 0b11000000 }),
      channelOf({ band: "6G", number: 37, width: 320, center0: 31, puncture: 0b1111 }),
      channelOf({ band: "6G", number: 69, width: 320, center0: 63, puncture: 0b11 }),
      channelOf({ band: "5G", number: 36, width: "80p80", center1: 155 }),
      channelOf({ band: "5G", number: 157, width: "80p80", center1: 42 }),
    ];
    for (const sent of channels) assert.ok(sent && sameChannel(channelFromAir(airChannel(sent)), sent));
  });

  it("that is none is known by its primary", () => {
    const odd = { band: "5G" as const, control: 5180, segments: [5180, 5320] };
    assert.deepEqual(
      channelFromAir({ ...odd, segments: [5180, 5825] }),
      channelOf({ band: "5G", number: 36, width: 20 }),
    );
    assert.equal(channelFromAir({ ...odd, control: 1 }), null);
  });
});
