import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelBlocks } from "./channel-blocks.ts";
import type { FrequencyBand } from "./radio-bands.ts";

const span = (first: number, last: number) =>
  Array.from({ length: (last - first) / 4 + 1 }, (_, index) => first + index * 4);

describe("a wide channel", () => {
  for (const [band, channel, width, blocks] of [
    ["5G", 44, 20, [[44]]],
    ["5G", 44, 40, [[44, 48]]],
    ["5G", 44, 80, [span(36, 48)]],
    ["5GL", 64, 160, [span(36, 64)]],
    ["5G", 112, 160, [span(100, 128)]],
    ["5G", 132, 80, [span(132, 144)]],
    ["5G", 132, 160, []],
    ["5GU", 165, 40, [[165, 169]]],
    ["5G", 177, 160, [span(149, 177)]],
    ["5G", 36, 320, []],
    [
      "2.4G",
      6,
      40,
      [
        [6, 2],
        [6, 10],
      ],
    ],
    ["2.4G", 6, 80, []],
    ["6G", 37, 160, [span(33, 61)]],
    ["6G", 37, 320, [span(1, 61), span(33, 93)]],
    ["6G", 5, 320, [span(1, 61)]],
    ["6G", 221, 320, [span(161, 221)]],
    ["6G", 229, 40, [[225, 229]]],
    ["6G", 233, 40, []],
  ] as readonly (readonly [FrequencyBand, number, number, number[][]])[]) {
    const found = blocks.map((block) => `${block[0]} … ${block.at(-1)}`).join(", or ") || "impossible";
    it(`of ${width} MHz with primary ${channel} on ${band} is ${found}`, () => {
      assert.deepEqual(channelBlocks(band, channel, width), blocks);
    });
  }
});
