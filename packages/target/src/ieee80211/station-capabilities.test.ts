import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { channelOf } from "../channels.ts";
import type { Band, Channel, ChannelWidth } from "../radio.ts";
import { toAccessPoint } from "./action.ts";
import { buildAssociationRequest, parseAssociationRequest } from "./association-request.ts";
import { bandsOf, clientCapabilities, clientWidth } from "./client-capabilities.ts";
import { readRmCapabilities, rmCapabilitiesBody } from "./rm-capabilities.ts";
import {
  readStationCapabilities,
  type StationCapabilities,
  stationElements,
  supportsBtm,
} from "./station-capabilities.ts";
import { stationCapabilities } from "./testing/arbitrary-station.ts";
import { hex, octets } from "./testing/hex.ts";

const read = (text: string) => readStationCapabilities(octets(text));

function channel(
  band: Band,
  number: number,
  width: ChannelWidth,
  more: { center0?: number; center1?: number } = {},
): Channel {
  const made = channelOf({ band, number, width, ...more });
  assert.ok(made);
  return made;
}

/** A telephone with two streams on 2.4, 5 and 6 GHz, octet by octet. */
const phone = `
  00 04 68 6f 6d 65                 | SSID
  01 08 8c 12 98 24 b0 48 60 6c     | rates
  21 02 fb 15                       | -5 to 21 dBm
  24 0a 01 0b 24 08 64 0b 95 04 a5 01 | 1-11, 36-64, 100-140, 149-161, 165
  46 05 73 18 01 00 04              | RM: 0 1 4 5 6, 11 12, 16, 34
  3b 09 73 51 73 76 79 7d 80 82 83  | class 115 now, others
  2d 1a 6e 00 17 ff ff 00 00 ${"00 ".repeat(19)} | 40 MHz, SM power save disabled, MCS 15
  7f 08 00 00 08 00 00 00 00 40     | BSS transition (19), and 62
  bf 0c 06 70 10 03 fa ff 00 00 fa ff 00 00 | 160 MHz (1), MU beamformee; 2 streams, MCS 9
  ff 1d 23 00 00 00 00 00 00 0e ${"00 ".repeat(10)} fa ff fa ff fa ff fa ff 00 00 00 | 40 in 2.4, 80, 160; MCS 11
  ff 15 6c 00 00 02 ${"00 ".repeat(8)} ${"22 22 00 ".repeat(3)} | 320 MHz; 2 streams up to MCS 11
  ff 0c 6b 00 01 09 02 00 00 00 00 0a 00 00 | basic multi-link with MLD capabilities, its address
  dd 07 50 6f 9a 16 03 01 01        | Multiband: cellular data available
`;

describe("what a station says of itself", () => {
  it("is read from the elements of its association request", () => {
    const found = read(phone);
    assert.deepEqual(found.power, { min: -5, max: 21 });
    assert.deepEqual(found.channels, [
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      ...[36, 40, 44, 48, 52, 56, 60, 64],
      ...[100, 104, 108, 112, 116, 120, 124, 128, 132, 136, 140],
      ...[149, 153, 157, 161, 165],
    ]);
    assert.deepEqual(found.operatingClasses, { current: 115, supported: [81, 115, 118, 121, 125, 128, 130, 131] });
    assert.deepEqual(found.extended, [19, 62]);
    assert.ok(supportsBtm(found));
    assert.deepEqual(found.ht, { width: 40, streams: 2, maxMcs: 15, smPowerSave: "disabled" });
    assert.deepEqual(found.vht, { width: 160, muBeamformee: true, streams: 2, maxMcs: 9 });
    assert.deepEqual(found.he, { width2g: 40, width: 160, streams: 2, maxMcs: 11 });
    assert.deepEqual(found.eht, { width320: true, streams: 2, maxMcs: 11 });
    assert.equal(found.mldAddr, mac("02:00:00:00:00:0a"));
    assert.deepEqual(found.mbo, { cellularData: "available" });
  });

  it("makes a report to the cloud, no wider than the access point", () => {
    const station = read(phone);
    const report = {
      btm: true,
      rrm: true,
      maxWidth: 2,
      maxStreams: 2,
      phyMode: 0,
      maxMcs: 11,
      maxTxPowerDbm: 21,
      staticSmps: false,
      muMimo: true,
      band2G: true,
      band5G: true,
      band6G: true,
      rrmLinkMeasurement: true,
      rrmNeighborReport: true,
      rrmBeaconPassive: true,
      rrmBeaconActive: true,
      rrmBeaconTable: true,
      rrmLciMeasurement: true,
      rrmFtmRange: true,
    };
    assert.deepEqual(clientCapabilities(station, channel("5G", 36, 80)), report);
    assert.equal(clientCapabilities(station, channel("6G", 37, 320, { center0: 31 })).maxWidth, 5);
  });

  it("of a client that says nothing is nothing", () => {
    assert.deepEqual(read(""), {});
    const report = clientCapabilities({}, channel("2.4G", 1, 20));
    assert.deepEqual(
      Object.values(report).filter((value) => value !== false && value !== 0),
      [1],
      "one stream",
    );
  });

  it("gives back what its elements were built of", () => {
    fc.assert(
      fc.property(stationCapabilities, (station) => {
        assert.deepEqual(readStationCapabilities(stationElements(station)), station);
      }),
      { numRuns: 1000 },
    );
  });

  it("is passed over where it is cut short or senseless", () => {
    const elements = octets(phone);
    for (let length = 0; length < elements.length; length++) readStationCapabilities(elements.subarray(0, length));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.nat(255), (random, at, value) => {
        const changed = octets(phone);
        changed[at % changed.length] = value;
        for (const each of [random, changed]) {
          const found = readStationCapabilities(each);
          const { maxStreams, maxMcs } = clientCapabilities(found, channel("5G", 36, 160));
          assert.ok(maxStreams >= 1 && maxStreams <= 15 && maxMcs >= 0 && maxMcs <= 31);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is the first of a kind that makes sense", () => {
    assert.deepEqual(read("21 01 05 21 02 00 14 21 02 00 1e"), { power: { min: 0, max: 20 } });
    assert.deepEqual(read("dd 05 50 6f 9a 16 03 dd 07 50 6f 9a 16 03 01 02"), { mbo: { cellularData: "unavailable" } });
    assert.deepEqual(read("46 00 2d 02 00 00 bf 00 ff 01 23 3b 00 ff 04 6b 01 00 07"), {});
    // Channels of no band, and runs beyond the end of one.
    assert.deepEqual(read("24 06 00 05 22 02 a5 09"), { channels: [165, 169, 173, 177] });
    // What comes after a zero are pairs of classes.
    assert.deepEqual(read("3b 05 51 51 53 00 7d"), { operatingClasses: { current: 81, supported: [81, 83] } });
  });

  it("cannot be built of what its fields cannot hold", () => {
    const ht = { width: 20, streams: 1, maxMcs: 7 } as const;
    const cases: readonly (readonly [StationCapabilities, RegExp])[] = [
      [{ power: { min: -129, max: 0 } }, /minimum power: -129/],
      [{ channels: [37] }, /there is no channel 37/],
      [{ operatingClasses: { current: 81, supported: [0] } }, /supported operating class: 0/],
      [{ extended: [-1] }, /extended capabilities: -1/],
      [{ ht: { ...ht, streams: 5 } }, /HT streams: 5/],
      [{ ht: { ...ht, maxMcs: 8 } }, /highest MCS of the last stream: 8/],
      [{ vht: { width: 80, muBeamformee: false, streams: 1, maxMcs: 11 } }, /VHT: 11 is none of/],
      [{ eht: { width320: false, streams: 1, maxMcs: 7 } }, /EHT: 7 is none of/],
    ];
    for (const [station, message] of cases)
      assert.throws(() => stationElements(station), { name: "RangeError", message });
  });
});

describe("RM enabled capabilities", () => {
  it("are one bit each, from 0 to 35, but for three numbers", () => {
    for (const bit of [0, 1, 4, 5, 6, 12, 17, 27, 31, 32, 34, 35]) {
      const body = new Uint8Array(5);
      body[bit >> 3] = 1 << (bit & 7);
      const set = Object.entries(readRmCapabilities(body)).filter(([, value]) => value !== false && value !== 0);
      assert.equal(set.length, 1, `bit ${bit}`);
      assert.deepEqual(rmCapabilitiesBody(readRmCapabilities(body)), [...body]);
    }
    // 5 in bits 18 to 20, 3 in 21 to 23, 7 in 24 to 26: 5 << 2 | 3 << 5 = 0x74 in the third octet.
    const numbers = { operatingChannelMaxDuration: 5, nonoperatingChannelMaxDuration: 3, measurementPilot: 7 };
    assert.equal(hex(rmCapabilitiesBody(numbers)), "00 00 74 07 00");
    assert.throws(() => rmCapabilitiesBody({ measurementPilot: 8 }), RangeError);
  });

  it("may be shorter or longer than they should be", () => {
    assert.ok(readRmCapabilities(Uint8Array.of(0x20)).beaconActive);
    assert.ok(readRmCapabilities(Uint8Array.of(0x20, 0, 0, 0, 4, 0xff)).ftmRangeReport);
  });
});

describe("the bands of a client", () => {
  it("are those of its operating classes, or else of its channels", () => {
    const classes = (...supported: number[]) => ({ operatingClasses: { current: 81, supported } });
    assert.deepEqual(bandsOf(classes(115)), new Set(["2.4G", "5G"]));
    assert.deepEqual(bandsOf(classes(131)), new Set(["2.4G", "6G"]));
    assert.deepEqual(bandsOf({ ...classes(), channels: [36] }), new Set(["2.4G"]));
    assert.deepEqual(bandsOf({ channels: [36, 40] }), new Set(["5G"]));
    assert.deepEqual(bandsOf({ channels: [1, 36] }), new Set(["2.4G", "5G"]));
    assert.deepEqual(bandsOf({}), new Set());
  });
});

describe("the width of a client", () => {
  const he = { width2g: 20, streams: 1, maxMcs: 7 } as const;
  const vht = { muBeamformee: false, streams: 1, maxMcs: 7 } as const;
  const halves = { center0: 42, center1: 155 };
  const cases: readonly (readonly [string, StationCapabilities, Channel, ChannelWidth])[] = [
    ["HT on 2.4 GHz", { ht: { width: 40, streams: 1, maxMcs: 7 } }, channel("2.4G", 1, 40), 40],
    ["HE on 2.4 GHz", { he: { ...he, width: 160 } }, channel("2.4G", 1, 40), 20],
    ["20 MHz only", { he: { ...he, width: 20 } }, channel("5G", 36, 80), 20],
    ["VHT", { vht: { ...vht, width: 80 } }, channel("5G", 36, 160), 80],
    ["VHT and 80+80 of the access point", { vht: { ...vht, width: 160 } }, channel("5G", 36, "80p80", halves), 80],
    ["80+80", { vht: { ...vht, width: "80p80" } }, channel("5G", 36, "80p80", halves), "80p80"],
    ["80+80 and 160 of the access point", { vht: { ...vht, width: "80p80" } }, channel("5G", 36, 160), 160],
    ["HE on 6 GHz", { he: { ...he, width: 160 } }, channel("6G", 1, 320, { center0: 31 }), 160],
    ["legacy", {}, channel("5G", 36, 80), 20],
  ];
  for (const [name, station, offered, expected] of cases) {
    it(`with ${name} is ${expected}`, () => assert.equal(clientWidth(station, offered), expected));
  }
});

describe("an association request", () => {
  const station = mac("02:00:00:00:00:0a");
  const bssid = mac("02:00:00:00:00:01");
  const elements = octets("00 04 68 6f 6d 65");
  const request = { capability: 0x1431, listenInterval: 10, elements };

  it("has capability, listen interval and elements; a reassociation the access point of before", () => {
    const frame = buildAssociationRequest(toAccessPoint(station, bssid), request);
    assert.equal(hex(frame.subarray(0, 2)), "00 00");
    assert.equal(hex(frame.subarray(24)), "31 14 0a 00 00 04 68 6f 6d 65");
    const again = buildAssociationRequest(toAccessPoint(station, bssid), { ...request, currentAp: bssid });
    assert.equal(hex(again.subarray(0, 2)), "20 00");
    assert.equal(hex(again.subarray(24)), "31 14 0a 00 02 00 00 00 00 01 00 04 68 6f 6d 65");
    for (const octets of [frame, again]) {
      const parsed = parseAssociationRequest(octets);
      assert.ok(parsed.ok);
      assert.equal(parsed.value.header.transmitter, station);
      assert.equal(parsed.value.currentAp, octets === again ? bssid : undefined);
      assert.deepEqual(parsed.value.elements, elements);
      assert.deepEqual(buildAssociationRequest(parsed.value.header, parsed.value), octets);
    }
  });

  it("is refused with a reason where it is none", () => {
    const frame = buildAssociationRequest(toAccessPoint(station, bssid), request);
    const short = parseAssociationRequest(frame.subarray(0, 27));
    assert.ok(!short.ok);
    assert.equal(short.reason, "association request: it ends within the listen interval");
    frame[0] = 0x80;
    const beacon = parseAssociationRequest(frame);
    assert.ok(!beacon.ok);
    assert.equal(beacon.reason, "association request: its subtype is 8");
  });
});
