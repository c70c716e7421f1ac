import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeLatency, encodeLatency } from "./latency.ts";
import { MalformedPayload } from "./message.ts";
import { compress, decompress } from "./payload.ts";
import { decodeReport, encodeReport } from "./report.ts";
import { latencyReport, statsReport, timeEventsReport } from "./testing/arbitrary-report.ts";
import { bytesOf } from "./testing/vector.ts";
import { reportVectors } from "./testing/vectors.ts";
import { decodeTimeEvents, encodeTimeEvents } from "./time-events.ts";

/** What damaged or hostile bytes may do: be a report all the same, or be refused in one line. */
function survives(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof MalformedPayload, String(error));
    assert.doesNotMatch(error.message, /\n/);
  }
}

describe("reports", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(statsReport, (report) => {
        const bytes = encodeReport(report);
        assert.deepEqual(decodeReport(bytes), report);
        assert.deepEqual(decodeReport(decompress(compress(bytes))), report);
      }),
    );
    fc.assert(fc.property(latencyReport, (report) => assert.deepEqual(decodeLatency(encodeLatency(report)), report)));
    fc.assert(
      fc.property(timeEventsReport, (report) => assert.deepEqual(decodeTimeEvents(encodeTimeEvents(report)), report)),
    );
  });

  it("once decoded, are encoded to bytes that mean the same", () => {
    for (const vector of reportVectors) {
      const bytes = bytesOf(vector);
      assert.deepEqual(encodeReport(decodeReport(bytes)), bytes);
    }
  });
});

describe("the decoder", () => {
  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        survives(() => decodeReport(decompress(bytes)));
        survives(() => decodeLatency(bytes));
        survives(() => decodeTimeEvents(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("survives reports that were damaged or cut off", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(statsReport, damage, fc.nat(), fc.boolean(), (report, changes, cut, compressed) => {
        const bytes = Buffer.from(encodeReport(report));
        const payload = Buffer.from(compressed ? compress(bytes) : bytes);
        for (const [at, value] of changes) payload[at % payload.length] = value;
        survives(() => decodeReport(decompress(payload)));
        survives(() => decodeReport(decompress(bytes.subarray(0, cut % bytes.length))));
      }),
      { numRuns: 500 },
    );
  });
});
