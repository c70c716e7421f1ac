import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { limits } from "./limits.ts";
import { type MergeOptions, mergeReports } from "./merge.ts";
import type { NeighborReport } from "./neighbor.ts";
import { compress, decompress } from "./payload.ts";
import { decodeReport, emptyReport, encodeReport, type StatsReport } from "./report.ts";
import { statsReport } from "./testing/arbitrary-report.ts";

const plain: MergeOptions = { pack: (report) => report, maxBytes: limits.publication };

/** Bytes that do not compress, the same each time. */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** A scan result of `count` neighbors whose beacons have `size` bytes each. */
function scan(count: number, size: number): NeighborReport {
  return {
    band: "5G",
    scanType: "off-chan",
    timestampMs: 1_700_000_000_000,
    reportType: "raw",
    bsses: Array.from({ length: count }, (_, index) => ({
      bssid: `00:00:00:00:00:${index.toString(16).padStart(2, "0")}`,
      ssid: "",
      channel: 36,
      width: "20MHz" as const,
      beaconIes: noise(size),
    })),
  };
}

const reportOf = (part: Partial<StatsReport>, nodeId = "gw") => encodeReport({ ...emptyReport(nodeId), ...part });
const bssidsOf = (payloads: readonly Uint8Array[]) =>
  payloads.flatMap((payload) =>
    decodeReport(decompress(payload)).neighbors.flatMap(({ bsses }) => bsses.map(({ bssid }) => bssid)),
  );

describe("merging reports", () => {
  it("appends every list to that of the first report, whose node id stays", () => {
    fc.assert(
      fc.property(fc.array(statsReport, { minLength: 1, maxLength: 4 }), (reports) => {
        const encoded = reports.map(encodeReport);
        const { payloads, undecodable, oversized } = mergeReports(encoded, { ...plain, maxBytes: limits.payload });
        assert.deepEqual([payloads.length, undecodable, oversized], [1, [], []]);
        const [merged] = payloads.map(decodeReport);
        const parts = encoded.map(decodeReport);
        assert.ok(merged);
        assert.equal(merged.nodeId, parts[0]?.nodeId);
        for (const [key, list] of Object.entries(merged)) {
          if (!Array.isArray(list)) continue;
          assert.deepEqual(
            list,
            parts.flatMap((part) => part[key as "surveys"]),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keeps failed authentications of later reports", () => {
    const fails = (address: string) => ({
      authFailures: [
        {
          band: "2.4G" as const,
          bsses: [{ ifName: "home-ap-24", clients: [{ mac: address, authFails: 1, invalidPsk: 1 }] }],
        },
      ],
    });
    const two = [reportOf(fails("00:00:00:00:00:01")), reportOf(fails("00:00:00:00:00:02"))];
    const [merged] = mergeReports(two, plain).payloads.map(decodeReport);
    assert.equal(merged?.authFailures.length, 2);
  });

  it("sets the power mode and the node id where they are given", () => {
    const two = [reportOf({ powerMode: "old" }), reportOf({}, "other")];
    const [merged] = mergeReports(two, { ...plain, nodeId: "named", powerMode: "battery" }).payloads.map(decodeReport);
    assert.deepEqual([merged?.nodeId, merged?.powerMode], ["named", "battery"]);
    const [kept] = mergeReports(two, plain).payloads.map(decodeReport);
    assert.deepEqual([kept?.nodeId, kept?.powerMode], ["gw", "old"]);
  });

  it("keeps what newer nodes say, in a report and in its items", () => {
    const unknown = new BinaryWriter().tag(99, WireType.LengthDelimited).string("news").finish();
    const item = new BinaryWriter()
      .tag(1, WireType.Varint)
      .int32(0)
      .tag(2, WireType.Varint)
      .int32(0)
      .tag(88, WireType.Varint)
      .uint32(7)
      .finish();
    const survey = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(item).finish();
    const { payloads } = mergeReports([reportOf({}), Buffer.concat([reportOf({}), survey, unknown])], plain);
    const merged = Buffer.from(payloads[0] ?? []);
    assert.ok(merged.includes(Buffer.from(unknown)));
    assert.ok(merged.includes(Buffer.from(survey)));
  });

  it("leaves out what is no report, and says which and why", () => {
    const bad = [Buffer.from("garbage"), reportOf({}).subarray(0, 3), Buffer.alloc(0)];
    const { payloads, undecodable } = mergeReports([...bad, reportOf({}, "good")], plain);
    assert.deepEqual(
      payloads.map((payload) => decodeReport(payload).nodeId),
      ["good"],
    );
    assert.deepEqual(
      undecodable.map(({ index }) => index),
      [0, 1, 2],
    );
    assert.match(undecodable[2]?.reason ?? "", /nodeID is missing/);
    assert.deepEqual(mergeReports(bad, plain).payloads, []);
  });

  it("splits between the items what is larger than brokers take, and loses nothing", () => {
    const reports = Array.from({ length: 6 }, () => reportOf({ neighbors: [scan(20, 3_000)] }));
    const { payloads, oversized } = mergeReports(reports, plain);
    assert.deepEqual(oversized, []);
    assert.ok(payloads.length >= 3);
    for (const payload of payloads) assert.ok(payload.length <= limits.publication);
    assert.deepEqual(
      bssidsOf(payloads),
      reports.flatMap((report) => bssidsOf([report])),
    );
  });

  it("splits a report of 200 KiB that is a single item within that item; each part has its band and time", () => {
    const large = reportOf({ neighbors: [scan(100, 2_048)] });
    assert.ok(large.length > 200 * 1024);
    const { payloads, oversized } = mergeReports([large], plain);
    assert.deepEqual([payloads.length, oversized], [2, []]);
    assert.deepEqual(bssidsOf(payloads), bssidsOf([large]));
    for (const payload of payloads) {
      const [part] = decodeReport(payload).neighbors;
      assert.deepEqual(
        [part?.band, part?.timestampMs, payload.length <= limits.publication],
        ["5G", 1_700_000_000_000, true],
      );
    }
  });

  it("looks at what is published: what compresses well stays in one piece", () => {
    const reports = Array.from({ length: 4 }, () => reportOf({ neighbors: [scan(100, 1_024)] }));
    const packed = mergeReports(reports, { ...plain, pack: compress });
    assert.equal(packed.payloads.length, 1);
    assert.equal(bssidsOf(packed.payloads).length, 400);
    assert.ok(mergeReports(reports, plain).payloads.length > 3);
  });

  it("leaves out a record that fits nowhere, names it, and keeps its neighbors", () => {
    const mixed = { ...scan(3, 100), bsses: [...scan(1, 200_000).bsses, ...scan(3, 100).bsses] };
    const { payloads, oversized } = mergeReports([reportOf({ neighbors: [mixed] })], plain);
    assert.equal(bssidsOf(payloads).length, 3);
    assert.deepEqual(
      oversized.map(({ field, bytes }) => [field, bytes > 200_000]),
      [["neighbors", true]],
    );
  });

  it("never makes what our own decoder would refuse, however well it compresses", () => {
    const empty = Buffer.concat(Array.from({ length: 40_000 }, () => Buffer.from([0x32, 0x00])));
    const report = Buffer.concat([reportOf({}), empty]);
    const { payloads, oversized } = mergeReports([report, report], { ...plain, pack: compress });
    assert.deepEqual(oversized, []);
    assert.equal(
      payloads.reduce((sum, payload) => sum + decodeReport(decompress(payload)).devices.length, 0),
      80_000,
    );
  });
});
