import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeLatency, encodeLatency } from "./latency.ts";
import { decodeReport, encodeReport } from "./report.ts";
import { latencyVector, timeEventsVector } from "./testing/payload-vectors.ts";
import { bytesOf } from "./testing/vector.ts";
import { reportVectors } from "./testing/vectors.ts";
import { decodeTimeEvents, encodeTimeEvents } from "./time-events.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("reports on the wire, byte by byte", () => {
  for (const vector of reportVectors) {
    it(vector.what, () => {
      assert.equal(hex(encodeReport(vector.report)), hex(bytesOf(vector)));
      assert.deepEqual(decodeReport(bytesOf(vector)), vector.report);
    });
  }

  it(latencyVector.what, () => {
    assert.equal(hex(encodeLatency(latencyVector.report)), hex(bytesOf(latencyVector)));
    assert.deepEqual(decodeLatency(bytesOf(latencyVector)), latencyVector.report);
  });

  it(timeEventsVector.what, () => {
    assert.equal(hex(encodeTimeEvents(timeEventsVector.report)), hex(bytesOf(timeEventsVector)));
    assert.deepEqual(decodeTimeEvents(bytesOf(timeEventsVector)), timeEventsVector.report);
  });
});
