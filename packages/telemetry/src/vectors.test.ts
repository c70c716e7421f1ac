import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { ReportSchema as LatencySchema } from "./gen/latency_pb.ts";
import { ReportSchema } from "./gen/opensync_stats_pb.ts";
import { TimeEventsReportSchema } from "./gen/time_event_pb.ts";
import { decodeLatency, encodeLatency } from "./latency.ts";
import { decodeReport, encodeReport } from "./report.ts";
import { latencyVector, latencyWithoutDscpVector, timeEventsVector } from "./testing/payload-vectors.ts";
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

  for (const vector of [latencyVector, latencyWithoutDscpVector]) {
    it(vector.what, () => {
      assert.equal(hex(encodeLatency(vector.report)), hex(bytesOf(vector)));
      assert.deepEqual(decodeLatency(bytesOf(vector)), vector.report);
    });
  }

  it(timeEventsVector.what, () => {
    assert.equal(hex(encodeTimeEvents(timeEventsVector.report)), hex(bytesOf(timeEventsVector)));
    assert.deepEqual(decodeTimeEvents(bytesOf(timeEventsVector)), timeEventsVector.report);
  });

  it("have every field of every message that is ever sent", () => {
    const fields = new Set([ReportSchema, LatencySchema, TimeEventsReportSchema].flatMap((schema) => fieldsIn(schema)));
    const seen = new Set([
      ...reportVectors.flatMap((vector) => fieldsSet(ReportSchema, bytesOf(vector))),
      ...[latencyVector, latencyWithoutDscpVector].flatMap((vector) => fieldsSet(LatencySchema, bytesOf(vector))),
      ...fieldsSet(TimeEventsReportSchema, bytesOf(timeEventsVector)),
    ]);
    const missing = [...fields].filter((field) => !seen.has(field));
    assert.deepEqual(missing.sort(), neverSent.toSorted());
  });
});

/** As in the reference; docs/stats.md has the list. */
const neverSent = [
  "sts.BSClient.BSBandReport.probe_bcast_blocked",
  "sts.BSClient.BSBandReport.probe_direct_blocked",
  "sts.BSClient.BSBandReport.probe_direct_cnt",
  "sts.Client.RxStats.ChainRSSI.chain",
  "sts.Client.RxStats.ChainRSSI.ht",
  "sts.Client.RxStats.ChainRSSI.rssi",
  "sts.Client.RxStats.chain_rssi",
  "sts.Neighbor.NeighborBss.c_freq0_chan",
];

/** Of a message and of those in it, by their full names. */
function fieldsIn(schema: DescMessage): string[] {
  return schema.fields.flatMap((field) => [
    `${schema.typeName}.${field.name}`,
    ...(field.message ? fieldsIn(field.message) : []),
  ]);
}

function fieldsSet(schema: DescMessage, bytes: Uint8Array): string[] {
  const walk = (message: ReflectMessage): string[] =>
    message.fields.flatMap((field) => {
      if (!message.isSet(field)) return [];
      const inner =
        field.fieldKind === "message"
          ? [message.get(field)]
          : field.fieldKind === "list" && field.listKind === "message"
            ? [...(message.get(field) as Iterable<ReflectMessage>)]
            : [];
      return [`${message.desc.typeName}.${field.name}`, ...inner.flatMap(walk)];
    });
  return walk(reflect(schema, fromBinary(schema, bytes)));
}
