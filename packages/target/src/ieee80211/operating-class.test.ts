import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bandOf, channelNumber, channelNumbers, channelOf, formatChannel, segments20 } from "../channels.ts";
import type { Channel, ChannelWidth } from "../radio.ts";
import {
  channelOfClass,
  controlFrequencyOf,
  countryOctets,
  frequenciesOfClass,
  operatingClass,
  operatingClass20Of,
  operatingClassNumbers,
  operatingClassOf,
  readCountry,
} from "./operating-class.ts";

const text = (channel: Channel | null) => channel && formatChannel(channel);

describe("operating classes", () => {
  const cases: readonly (readonly [number, number, string, ...number[]])[] = [
    [81, 1, "2412 (20/2412 0) 0x0"],
    [81, 13, "2472 (20/2472 0) 0x0"],
    [82, 14, "2484 (20/2484 0) 0x0"],
    [83, 1, "2412 (40/2422 0) 0x0"],
    [83, 9, "2452 (40/2462 0) 0x0"],
    [84, 5, "2432 (40/2422 0) 0x0"],
    [84, 13, "2472 (40/2462 0) 0x0"],
    [115, 36, "5180 (20/5180 0) 0x0"],
    [116, 44, "5220 (40/5230 0) 0x0"],
    [117, 48, "5240 (40/5230 0) 0x0"],
    [118, 64, "5320 (20/5320 0) 0x0"],
    [119, 52, "5260 (40/5270 0) 0x0"],
    [120, 56, "5280 (40/5270 0) 0x0"],
    [121, 144, "5720 (20/5720 0) 0x0"],
    [122, 100, "5500 (40/5510 0) 0x0"],
    [123, 104, "5520 (40/5510 0) 0x0"],
    [124, 161, "5805 (20/5805 0) 0x0"],
    [125, 165, "5825 (20/5825 0) 0x0"],
    [126, 149, "5745 (40/5755 0) 0x0"],
    [127, 153, "5765 (40/5755 0) 0x0"],
    [128, 44, "5220 (80/5210 0) 0x0"],
    [128, 161, "5805 (80/5775 0) 0x0"],
    [129, 100, "5500 (160/5570 0) 0x0"],
    [130, 36, "5180 (80p80/5210 5775) 0x0", 42, 155],
    [131, 233, "7115 (20/7115 0) 0x0"],
    [132, 5, "5975 (40/5965 0) 0x0"],
    [133, 37, "6135 (80/6145 0) 0x0"],
    [134, 37, "6135 (160/6185 0) 0x0"],
    [135, 1, "5955 (80p80/5985 6305) 0x0", 7, 71],
    [136, 2, "5935 (20/5935 0) 0x0"],
    [137, 1, "5955 (320/6105 0) 0x0"],
    [137, 37, "6135 (320/6265 0) 0x0", 63],
    [137, 37, "6135 (320/6105 0) 0x0", 31],
    [137, 221, "7055 (320/6905 0) 0x0"],
  ];
  for (const [opClass, number, expected, center0, center1] of cases) {
    it(`${opClass}, channel ${number} is ${expected}`, () => {
      const channel = channelOfClass(opClass, number, center0, center1);
      assert.equal(text(channel), expected);
      assert.ok(channel);
      // 125 has all that 124 has.
      assert.equal(operatingClassOf(channel), opClass === 124 ? 125 : opClass);
      assert.equal(controlFrequencyOf(opClass, number), channel.control);
    });
  }

  it("are those of the global table", () => {
    assert.equal(operatingClassNumbers.length, 27);
    for (const number of operatingClassNumbers) assert.equal(operatingClass(number)?.number, number);
    for (const number of [0, 1, 12, 80, 85, 114, 138, 180, 255, -1, 1.5, Number.NaN]) {
      assert.equal(operatingClass(number), null);
      assert.equal(channelOfClass(number, 1), null);
      assert.equal(controlFrequencyOf(number, 1), null);
      assert.deepEqual(frequenciesOfClass(number), []);
    }
  });

  it("do not tell a channel that may be one of two, or that they do not have", () => {
    const none: readonly (readonly [number, number, ...number[]])[] = [
      // Both 31 and 63 have it.
      [137, 37],
      [137, 37, 95],
      [130, 36],
      [130, 36, 42],
      [130, 36, 42, 58],
      [130, 36, 42, 43],
      // 42 is a centre, not a primary.
      [128, 42],
      [115, 52],
      [81, 14],
      [83, 10],
      [84, 4],
      [116, 40],
      [116, 36, 42],
      [115, 36, 38],
      [128, 36, 58],
      [128, 36, 42, 155],
      [131, 2],
    ];
    for (const [opClass, number, ...centers] of none) {
      assert.equal(text(channelOfClass(opClass, number, ...centers)), null, `${opClass} ${number} ${centers}`);
    }
  });

  it("have every channel that a band has, of each width, and give it back", () => {
    const widths: readonly ChannelWidth[] = [20, 40, 80, 160];
    const channels = (["2.4G", "5G", "6G"] as const).flatMap((band) =>
      channelNumbers[band].flatMap((number) => widths.flatMap((width) => channelOf({ band, number, width }) ?? [])),
    );
    assert.ok(channels.length > 250);
    for (const channel of channels) {
      const opClass = operatingClassOf(channel);
      assert.ok(opClass !== null, formatChannel(channel));
      assert.equal(text(channelOfClass(opClass, channelNumber(channel.control))), formatChannel(channel));
      const opClass20 = operatingClass20Of(channel);
      assert.ok(opClass20 !== null && operatingClass(opClass20)?.width === 20);
      assert.equal(controlFrequencyOf(opClass20, channelNumber(channel.control)), channel.control);
    }
  });

  it("have only channels that make sense, whatever is asked", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const near = fc.oneof(fc.constantFrom(...operatingClassNumbers), octet);
    fc.assert(
      fc.property(
        near,
        octet,
        fc.option(octet, { nil: undefined }),
        fc.option(octet, { nil: undefined }),
        (...query) => {
          const channel = channelOfClass(...query);
          if (!channel) return;
          assert.equal(bandOf(channel.control), operatingClass(query[0])?.band);
          assert.ok(segments20(channel).includes(channel.control));
          assert.equal(operatingClassOf(channel), query[0] === 124 ? 125 : query[0]);
          assert.equal(channelNumber(channel.control), query[1]);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("know the 20 MHz channels that a station with them can use", () => {
    assert.deepEqual(frequenciesOfClass(115), [5180, 5200, 5220, 5240]);
    assert.deepEqual(frequenciesOfClass(116), [5180, 5220]);
    assert.deepEqual(frequenciesOfClass(129).slice(0, 8), [5180, 5200, 5220, 5240, 5260, 5280, 5300, 5320]);
    assert.equal(frequenciesOfClass(131).length, 59);
    // All but the last, channel 233, for there is no 40 MHz channel above 227.
    assert.equal(frequenciesOfClass(132).length, 58);
    assert.equal(frequenciesOfClass(137).length, 56);
    assert.deepEqual(frequenciesOfClass(136), [5935]);
  });

  it("do not have channels that no block is made of", () => {
    const odd: Channel = { control: 5180, width: 80, center0: 5190, center1: 0, puncture: 0 };
    assert.equal(operatingClassOf(odd), null);
    assert.equal(operatingClassOf({ ...odd, control: 5000, center0: 5000, width: 20 }), null);
    assert.equal(operatingClassOf({ ...odd, control: 5181, center0: 5181, width: 20 }), null);
  });

  it("have a punctured channel as they have the whole one", () => {
    const channel = channelOf({ band: "5G", number: 36, width: 80, puncture: 0b1000 });
    assert.ok(channel);
    assert.equal(operatingClassOf(channel), 128);
  });
});

describe("a country string", () => {
  it("says which table the classes are of", () => {
    assert.deepEqual(countryOctets({ country: "DE", table: "global" }), [0x44, 0x45, 4]);
    assert.deepEqual(countryOctets({ country: "US", table: null }), [0x55, 0x53, 0x20]);
    assert.deepEqual(readCountry(Uint8Array.of(0x55, 0x53, 1, 36, 4, 30)), { country: "US", table: "US" });
    for (const environment of " OIX") {
      const octets = Uint8Array.of(0x4a, 0x50, environment.charCodeAt(0));
      assert.deepEqual(readCountry(octets), { country: "JP", table: null });
    }
  });

  it("of octets that say nothing is none", () => {
    for (const octets of [[], [0x44], [0x44, 0x45], [0, 0, 4], [0x44, 0x45, 0], [0x44, 0x45, 6]]) {
      assert.equal(readCountry(Uint8Array.from(octets)), null);
    }
    assert.throws(() => countryOctets({ country: "D", table: null }), RangeError);
  });
});
