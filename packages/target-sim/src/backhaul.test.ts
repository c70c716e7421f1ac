import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelNumbers, channelOf, sameChannel } from "@opensync-ts/target/channels";
import type { Band, ChannelWidth } from "@opensync-ts/target/radio";
import { channelFromAir } from "./backhaul.ts";
import { airChannel } from "./sim-vif.ts";

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

  it("with holes in it is known by its primary", () => {
    const punctured = channelOf({ band: "5G", number: 36, width: 80, puncture: 0b0100 });
    assert.ok(punctured);
    assert.deepEqual(channelFromAir(airChannel(punctured)), channelOf({ band: "5G", number: 36, width: 20 }));
  });
});
