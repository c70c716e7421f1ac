import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readBeacon } from "./beacon-channel.ts";
import { allSegments20, formatChannel } from "./channels.ts";
import { element, elementsOf, extendedElement } from "./elements.ts";

const ssid = element(0, Buffer.from("home"));
const ds = (number: number) => element(3, [number]);
const ht = (primary: number, offset: number) => element(61, [primary, offset, ...new Array<number>(20).fill(0)]);
const vht = (width: number, first: number, second = 0) => element(192, [width, first, second, 0xfc, 0xff]);
const he6 = (primary: number, control: number, first: number, second = 0) =>
  extendedElement(36, [0, 0, 2, 0, 0xfc, 0xff, primary, control, first, second, 6]);
const eht = (width: number, first: number, second: number, bitmap?: number) =>
  extendedElement(106, [
    bitmap === undefined ? 1 : 3,
    ...[0, 0, 0, 0],
    ...[width, first, second],
    ...(bitmap === undefined ? [] : [bitmap & 0xff, bitmap >> 8]),
  ]);

function channel(octets: readonly number[], heardOn?: number): string | null {
  const found = readBeacon(Uint8Array.from(octets), heardOn).channel;
  return found && formatChannel(found);
}

describe("the channel of a beacon", () => {
  const cases: readonly (readonly [string, readonly number[], string | null])[] = [
    ["the DS parameter set", ds(6), "2437 (20/2437 0) 0x0"],
    ["HT operation, 20 MHz", ht(11, 0), "2462 (20/2462 0) 0x0"],
    ["HT operation, secondary above", ht(1, 1), "2412 (40/2422 0) 0x0"],
    ["HT operation, secondary below", [...ds(11), ...ht(11, 3)], "2462 (40/2452 0) 0x0"],
    ["VHT operation that leaves it to HT", [...ht(36, 1), ...vht(0, 0)], "5180 (40/5190 0) 0x0"],
    ["VHT operation, 80 MHz", [...ht(44, 1), ...vht(1, 42)], "5220 (80/5210 0) 0x0"],
    ["VHT operation, 160 MHz", [...ht(44, 1), ...vht(1, 42, 50)], "5220 (160/5250 0) 0x0"],
    ["VHT operation, 160 MHz in the old form", [...ht(36, 1), ...vht(2, 50)], "5180 (160/5250 0) 0x0"],
    ["VHT operation, 80+80 MHz", [...ht(36, 1), ...vht(1, 42, 155)], "5180 (80p80/5210 5775) 0x0"],
    ["VHT operation, 80+80 MHz in the old form", [...ht(36, 1), ...vht(3, 42, 155)], "5180 (80p80/5210 5775) 0x0"],
    ["HE operation, 6 GHz, 20 MHz", he6(37, 0, 37), "6135 (20/6135 0) 0x0"],
    ["HE operation, 6 GHz, 40 MHz", he6(37, 1, 35), "6135 (40/6125 0) 0x0"],
    ["HE operation, 6 GHz, 80 MHz", he6(37, 2, 39), "6135 (80/6145 0) 0x0"],
    ["HE operation, 6 GHz, 160 MHz", he6(37, 3, 39, 47), "6135 (160/6185 0) 0x0"],
    ["EHT operation, 320 MHz", [...he6(37, 3, 39, 47), ...eht(4, 47, 31)], "6135 (320/6105 0) 0x0"],
    ["EHT operation with a puncture", [...ht(36, 1), ...vht(1, 42), ...eht(2, 42, 0, 0b0100)], "5180 (80/5210 0) 0x4"],
    ["EHT operation, 160 MHz", [...ht(36, 1), ...vht(1, 42), ...eht(3, 42, 50)], "5180 (160/5250 0) 0x0"],
    ["nothing", ssid, null],
    ["a centre that does not cover the primary", [...ht(36, 1), ...vht(1, 155)], "5180 (40/5190 0) 0x0"],
    ["a puncture of the primary", [...ht(36, 1), ...eht(2, 42, 0, 0b0001)], "5180 (40/5190 0) 0x0"],
    ["a channel that there is not", ht(37, 1), null],
    [
      "elements that are too short",
      [...ds(6), ...element(61, []), ...element(192, [1]), ...extendedElement(36, [])],
      "2437 (20/2437 0) 0x0",
    ],
  ];
  for (const [name, octets, expected] of cases) {
    it(`is read from ${name}: ${expected}`, () => assert.equal(channel(octets), expected));
  }

  it("has the primary on which it was heard where it does not say its own", () => {
    assert.equal(channel(ssid, 5955), "5955 (20/5955 0) 0x0");
    assert.equal(channel(vht(1, 42), 5200), "5200 (80/5210 0) 0x0");
    assert.equal(channel(ssid, 1234), null);
  });

  it("is possible whatever the octets are, and the name has 1 to 32 octets", () => {
    const anyElement = fc.tuple(
      fc.constantFrom(0, 3, 61, 192, 255, 45),
      fc.array(fc.oneof(fc.constantFrom(36, 106, 1, 2, 42, 50), fc.nat(255)), { maxLength: 20 }),
    );
    const plausible = fc
      .array(anyElement, { maxLength: 8 })
      .map((all) => all.flatMap(([id, body]) => element(id, body)));
    const octets = fc.oneof(
      plausible.map((all) => Uint8Array.from(all)),
      fc.uint8Array({ maxLength: 400 }),
    );
    fc.assert(
      fc.property(
        octets,
        fc.option(fc.constantFrom(2412, 5180, 5955, 0, -1, Number.NaN), { nil: undefined }),
        (all, heardOn) => {
          const { ssid: name, channel: found } = readBeacon(all, heardOn);
          assert.ok(name === null || (name.length >= 1 && name.length <= 32));
          if (found) assert.ok(allSegments20(found).includes(found.control));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("the name of a beacon", () => {
  const name = (octets: readonly number[]) => readBeacon(Uint8Array.from(octets)).ssid;

  it("is that of the first SSID element", () => {
    assert.deepEqual(name([...ssid, ...element(0, [1])]), Uint8Array.from(Buffer.from("home")));
  });

  it("is none where it is empty, all zero or too long", () => {
    for (const body of [[], [0, 0, 0, 0], new Array<number>(33).fill(65)]) assert.equal(name(element(0, body)), null);
    assert.equal(name([]), null);
  });
});

describe("elements", () => {
  it("are read up to the first that is cut short", () => {
    const octets = Uint8Array.from([...ssid, 255, 0, ...extendedElement(36, [7]), 3, 2, 1]);
    assert.deepEqual(
      [...elementsOf(octets)].map(({ id, extension, body }) => [id, extension, [...body]]),
      [
        [0, null, [...Buffer.from("home")]],
        [255, 36, [7]],
      ],
    );
  });

  it("hold up to 255 octets", () => {
    assert.equal(element(1, new Array<number>(255).fill(0)).length, 257);
    assert.throws(() => element(1, new Array<number>(256).fill(0)), RangeError);
  });
});
