import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  bssidInformation,
  neighborReportElement,
  readBssidInformation,
  readNeighborReport,
} from "./neighbor-report.ts";
import { octets } from "./testing/hex.ts";

const fixed = "00 aa aa aa aa aa 8f 00 00 00 51 06 07";

describe("a neighbor report", () => {
  it("keeps subelements that are not as they should be, or come twice, as they are", () => {
    const cases: readonly (readonly [string, number | undefined, number])[] = [
      ["03 00", undefined, 1],
      ["03 02 01 02", undefined, 1],
      ["03 01 05 03 01 06", 5, 1],
      // One that makes no sense does not stand in for the one that does.
      ["03 00 03 01 06", 6, 1],
      ["02 03 44 45 04", undefined, 1],
      ["02 02 00 00", undefined, 1],
      ["04 09 00 00 00 00 00 00 00 00 00", undefined, 1],
      ["00 00 ff 01 02", undefined, 2],
    ];
    for (const [text, preference, others] of cases) {
      const report = readNeighborReport(octets(`${fixed} ${text}`));
      assert.equal(report.preference, preference, text);
      assert.equal(report.others?.length, others, text);
      assert.equal(neighborReportElement(report).length, 2 + octets(`${fixed} ${text}`).length, text);
    }
  });

  it("writes its subelements in the order of their ids, whatever order they were in", () => {
    const report = readNeighborReport(octets(`${fixed} 47 01 09 03 01 05 01 04 00 00 64 00`));
    assert.deepEqual(
      Uint8Array.from(neighborReportElement(report)),
      octets(`34 19 ${fixed} 01 04 00 00 64 00 03 01 05 47 01 09`),
    );
  });

  it("says what the neighbour has in common with the sender, and which generations it knows", () => {
    // 0x8f = reachable (3), security (4), key scope (8), radio measurement (0x80).
    const common = { reachability: 3, security: true, keyScope: true, radioMeasurement: true };
    const info = readBssidInformation(0x8f);
    assert.deepEqual({ ...info, ...common }, info);
    assert.equal(Object.values(info).filter((each) => each === true).length, 3);
    // 0x400 mobility domain, 0x800 HT, 0x1000 VHT, 0x4000 HE, 0x200000 EHT.
    const wide = readBssidInformation(0x20_5c8f);
    assert.ok(wide.mobilityDomain && wide.ht && wide.vht && wide.he && wide.eht && !wide.ftm);
    assert.throws(() => bssidInformation({ ...info, reachability: 4 }), RangeError);
  });

  it("has the same information again, but for reserved bits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (field) => {
        const again = bssidInformation(readBssidInformation(field));
        assert.equal(again, (field & 0x20_7cff) >>> 0);
        assert.deepEqual(readBssidInformation(again), readBssidInformation(field));
      }),
    );
  });
});
