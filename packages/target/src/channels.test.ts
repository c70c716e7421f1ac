import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  allSegments20,
  bandOf,
  channel40,
  channelFrequency,
  channelNumber,
  channelNumbers,
  channelOf,
  formatChannel,
  htModeOf,
  intersects,
  isDfs,
  isUsable,
  narrow,
  sameChannel,
  secondSegment,
  segments20,
  widthOfHtMode,
} from "./channels.ts";
import type { Band, Channel, ChannelState, ChannelWidth } from "./radio.ts";

const bands: readonly Band[] = ["2.4G", "5G", "6G"];

function channel(band: Band, number: number, width: ChannelWidth, rest: { center0?: number; puncture?: number } = {}) {
  const made = channelOf({ band, number, width, ...rest });
  assert.ok(made, `${band} ${number}/${width}`);
  return made;
}

describe("channel numbers", () => {
  it("convert to frequencies and back, in every band", () => {
    for (const band of bands) {
      for (const number of channelNumbers[band]) {
        const frequency = channelFrequency(band, number);
        assert.ok(frequency);
        assert.equal(channelNumber(frequency), number);
        assert.equal(bandOf(frequency), band);
      }
    }
  });

  it("know the two channels off the raster: 14 at 2484 MHz and 6 GHz channel 2 at 5935 MHz", () => {
    assert.equal(channelFrequency("2.4G", 14), 2484);
    assert.equal(channelNumber(2484), 14);
    assert.equal(channelFrequency("6G", 2), 5935);
    assert.equal(channelNumber(5935), 2);
  });

  it("do not exist between channels or outside the band", () => {
    assert.equal(channelFrequency("5G", 38), null);
    assert.equal(channelFrequency("2.4G", 36), null);
    assert.equal(channelFrequency("6G", 237), null);
    assert.equal(channelNumber(5181), 0);
    assert.equal(channelNumber(4000), 0);
    assert.equal(bandOf(5900), null);
  });
});

describe("a channel of a number and a width", () => {
  it("has the centre of the standard block", () => {
    const center = (band: Band, number: number, width: ChannelWidth) =>
      channelNumber(channel(band, number, width).center0);
    assert.equal(center("5G", 36, 20), 36);
    assert.equal(center("5G", 40, 40), 38);
    assert.equal(center("5G", 44, 80), 42);
    assert.equal(center("5G", 64, 160), 50);
    assert.equal(center("5G", 144, 80), 138);
    assert.equal(center("5G", 161, 80), 155);
    assert.equal(center("5G", 165, 40), 167);
    assert.equal(center("5G", 177, 160), 163);
    assert.equal(center("6G", 37, 80), 39);
    assert.equal(center("6G", 1, 160), 15);
    assert.equal(center("6G", 229, 40), 227);
  });

  it("extends upwards on 2.4 GHz while the regulatory domain allows", () => {
    assert.equal(channel("2.4G", 6, 40).center0, 2407 + 5 * 8);
    assert.equal(channel("2.4G", 1, 40).center0, 2407 + 5 * 3);
    assert.equal(channel("2.4G", 11, 40).center0, 2407 + 5 * 9);
    assert.equal(channelOf({ band: "2.4G", number: 9, width: 40, maxChannel2g: 11 })?.center0, 2407 + 5 * 7);
    assert.equal(channelOf({ band: "2.4G", number: 9, width: 40, maxChannel2g: 13 })?.center0, 2407 + 5 * 11);
  });

  it("needs an explicit centre for 320 MHz, whose blocks overlap", () => {
    assert.equal(channelOf({ band: "6G", number: 37, width: 320 }), null);
    assert.equal(channel("6G", 37, 320, { center0: 31 }).center0, 6105);
    assert.equal(channel("6G", 37, 320, { center0: 63 }).center0, 6265);
    assert.equal(channelOf({ band: "6G", number: 1, width: 320, center0: 63 }), null);
  });

  it("needs a separate second segment for 80+80", () => {
    assert.equal(channelOf({ band: "5G", number: 36, width: "80p80" }), null);
    assert.equal(channelOf({ band: "5G", number: 36, width: "80p80", center1: 58 }), null);
    const split = channelOf({ band: "5G", number: 36, width: "80p80", center1: 155 });
    assert.equal(split && formatChannel(split), "5180 (80p80/5210 5775) 0x0");
  });

  it("does not exist where the width does not fit", () => {
    assert.equal(channelOf({ band: "2.4G", number: 6, width: 80 }), null);
    assert.equal(channelOf({ band: "2.4G", number: 14, width: 40 }), null);
    assert.equal(channelOf({ band: "5G", number: 132, width: 160 }), null);
    assert.equal(channelOf({ band: "6G", number: 2, width: 40 }), null);
    assert.equal(channelOf({ band: "6G", number: 233, width: 40 }), null);
    assert.equal(channelOf({ band: "5G", number: 36, width: 80, center0: 155 }), null);
    assert.equal(channelOf({ band: "5G", number: 36, width: 80, center0: 43 }), null);
  });

  it("refuses to puncture its primary or segments it does not have", () => {
    assert.equal(channelOf({ band: "5G", number: 36, width: 80, puncture: 0b0001 }), null);
    assert.equal(channelOf({ band: "5G", number: 36, width: 80, puncture: 0b10000 }), null);
    assert.deepEqual(segments20(channel("5G", 36, 80, { puncture: 0b0100 })), [5180, 5200, 5240]);
  });

  it("always contains its primary, once, among width/20 segments", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bands),
        fc.nat(240),
        fc.constantFrom<ChannelWidth>(20, 40, 80, 160),
        (band, n, width) => {
          const made = channelOf({ band, number: n, width });
          if (!made) return;
          const segments = segments20(made);
          assert.equal(segments.length, Number(width) / 20);
          assert.equal(segments.filter((segment) => segment === made.control).length, 1);
          if (band !== "2.4G")
            assert.ok(segments.every((segment) => channelFrequency(band, channelNumber(segment)) === segment));
        },
      ),
    );
  });
});

describe("narrowing", () => {
  it("keeps the primary and halves towards it", () => {
    assert.equal(formatChannel(narrow(channel("5G", 56, 80)) as Channel), "5280 (40/5270 0) 0x0");
    assert.equal(formatChannel(narrow(channel("5G", 36, 160)) as Channel), "5180 (80/5210 0) 0x0");
  });

  it("shifts the puncture along with the kept half", () => {
    assert.equal(narrow(channel("5G", 48, 80, { puncture: 0b0101 }))?.puncture, 0b01);
    assert.equal(narrow(channel("5G", 36, 80, { puncture: 0b0110 }))?.puncture, 0b10);
  });

  it("yields the channel that the narrower width gives, down to 20 MHz", () => {
    for (const number of channelNumbers["5G"]) {
      const wide = channelOf({ band: "5G", number, width: 160 });
      if (!wide) continue;
      assert.ok(sameChannel(narrow(wide), channelOf({ band: "5G", number, width: 80 })));
    }
    assert.equal(narrow(channel("5G", 36, 20)), null);
  });
});

describe("DFS", () => {
  const states: readonly ChannelState[] = [
    { control: 5180, dfs: "non_dfs", nolRemaining: 0 },
    { control: 5200, dfs: "non_dfs", nolRemaining: 0 },
    { control: 5260, dfs: "cac_possible", nolRemaining: 0 },
    { control: 5280, dfs: "nol", nolRemaining: 1800 },
  ];

  it("covers channels 52–64 and 100–144", () => {
    const dfs = channelNumbers["5G"].filter((number) => isDfs(5000 + 5 * number));
    assert.deepEqual([dfs[0], dfs[3], dfs[4], dfs.at(-1), dfs.length], [52, 64, 100, 144, 16]);
  });

  it("makes a channel unusable when a segment is unlisted or on the non-occupancy list, unless punctured", () => {
    assert.equal(isUsable(channel("5G", 36, 40), states), true);
    assert.equal(isUsable(channel("5G", 36, 80), states), false);
    assert.equal(isUsable(channel("5G", 52, 40), states), false);
    assert.equal(isUsable(channel("5G", 52, 40, { puncture: 0b10 }), states), true);
  });

  it("intersects a state only by segments in use", () => {
    assert.equal(intersects(channel("5G", 52, 40), states, "nol"), true);
    assert.equal(intersects(channel("5G", 52, 40, { puncture: 0b10 }), states, "nol"), false);
    assert.equal(intersects(channel("5G", 36, 40), states, "nol", "cac_possible"), false);
  });
});

describe("HT40+ and HT40-", () => {
  const center = (...[query, side]: Parameters<typeof channel40>) => channel40(query, side)?.center0 ?? null;

  it("extend to the side they name on 2.4 GHz, as far as channels are allowed", () => {
    assert.equal(center({ band: "2.4G", number: 6 }, "above"), 2447);
    assert.equal(center({ band: "2.4G", number: 6 }, "below"), 2427);
    assert.equal(center({ band: "2.4G", number: 4 }, "below"), null);
    assert.equal(center({ band: "2.4G", number: 9 }, "above"), 2462);
    assert.equal(center({ band: "2.4G", number: 9, maxChannel2g: 11 }, "above"), null);
  });

  it("exist above 2.4 GHz only where they are the block of the primary", () => {
    assert.equal(center({ band: "5G", number: 36 }, "above"), 5190);
    assert.equal(center({ band: "5G", number: 36 }, "below"), null);
    assert.equal(center({ band: "5G", number: 40 }, "above"), null);
    assert.equal(center({ band: "5G", number: 40 }, "below"), 5190);
    assert.equal(center({ band: "6G", number: 5 }, "below"), 5965);
  });
});

describe("the second segment of 80+80 MHz", () => {
  const list = (nol: readonly number[], ...numbers: readonly number[]): ChannelState[] =>
    numbers.map((number) => ({
      control: channelFrequency("5G", number) ?? 0,
      dfs: nol.includes(number) ? "nol" : "non_dfs",
      nolRemaining: 0,
    }));
  const lower = [36, 40, 44, 48, 52, 56, 60, 64];
  const upper = [100, 104, 108, 112, 149, 153, 157, 161];

  it("is the first listed block that does not touch the first segment", () => {
    assert.equal(secondSegment(channel("5G", 36, 80), list([], ...lower, ...upper)), 5530);
    assert.equal(secondSegment(channel("5G", 149, 80), list([], ...lower, ...upper)), 5210);
  });

  it("has no channel on the non-occupancy list, and none that is not listed", () => {
    assert.equal(secondSegment(channel("5G", 36, 80), list([104], ...lower, ...upper)), 5775);
    assert.equal(secondSegment(channel("5G", 36, 80), list([], ...lower, 100, 104, 108)), null);
  });
});

describe("texts", () => {
  it("print a channel as OpenSync logs it", () => {
    assert.equal(formatChannel(channel("5G", 36, 80)), "5180 (80/5210 0) 0x0");
  });

  it("name the HT mode of a width", () => {
    assert.equal(htModeOf(channel("5G", 36, 80)), "HT80");
    assert.equal(htModeOf({ ...channel("5G", 36, 80), width: "80p80", center1: 5775 }), "HT80+80");
  });

  it("take every HT mode without a fixed width for 20 MHz", () => {
    assert.deepEqual(
      ["HT20", "HT40", "HT320", "HT2040", "HT40+", "HT80+80"].map(widthOfHtMode),
      [20, 40, 320, 20, 20, 20],
    );
  });

  it("list segments of 80+80 ascending whichever comes first", () => {
    const split = channelOf({ band: "5G", number: 149, width: "80p80", center1: 42 });
    assert.ok(split);
    assert.deepEqual(allSegments20(split).slice(0, 2), [5180, 5200]);
  });
});
