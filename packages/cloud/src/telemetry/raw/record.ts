/**
 * One payload as a file keeps it, little endian: length and CRC-32 of what follows; when it arrived (double, ms since 1970), CRC-32 of the
 * payload, kind (byte), a byte of zero, lengths of the node's name and of the topic (two bytes each), both, and the payload as it was published.
 */

import { crc32 } from "node:zlib";
import type { PayloadKind } from "../../mqtt/node-topics.ts";
import * as limits from "../limits.ts";

export interface RawRecord {
  /** When it arrived, ms since 1970. */
  readonly at: number;
  readonly node: string;
  readonly kind: PayloadKind;
  readonly topic: string;
  /** As it was published: perhaps compressed. */
  readonly payload: Uint8Array;
}

/** Where a record is in its file, and a check of its payload. */
export interface RawPlace {
  readonly at: number;
  readonly node: string;
  readonly offset: number;
  readonly length: number;
  readonly check: number;
}

const kinds: readonly PayloadKind[] = ["stats", "latency", "time events", "log", "other"];
const headBytes = 8;
const fixedBytes = 18;

/** The same for the same payload, whenever it arrives. */
export function checkOf(payload: Uint8Array): number {
  return crc32(payload);
}

export function encodeRecord({ at, node, kind, topic, payload }: RawRecord, check = checkOf(payload)): Buffer {
  const nodeBytes = Buffer.byteLength(node);
  const topicBytes = Buffer.byteLength(topic);
  const names = headBytes + fixedBytes;
  const record = Buffer.allocUnsafe(names + nodeBytes + topicBytes + payload.length);
  record.writeUInt32LE(record.length - headBytes, 0);
  record.writeDoubleLE(at, 8);
  record.writeUInt32LE(check, 16);
  record.writeUInt8(kinds.indexOf(kind), 20);
  record.writeUInt8(0, 21);
  record.writeUInt16LE(nodeBytes, 22);
  record.writeUInt16LE(topicBytes, 24);
  record.write(node, names);
  record.write(topic, names + nodeBytes);
  record.set(payload, names + nodeBytes + topicBytes);
  record.writeUInt32LE(crc32(record.subarray(headBytes)), 4);
  return record;
}

/** Undefined where at `offset` there is no whole record. */
export function recordAt(
  bytes: Buffer,
  offset: number,
): { readonly record: RawRecord; readonly place: RawPlace } | undefined {
  if (offset + headBytes + fixedBytes > bytes.length) return undefined;
  const length = headBytes + bytes.readUInt32LE(offset);
  if (length > limits.rawRecordBytes || length < headBytes + fixedBytes || offset + length > bytes.length)
    return undefined;
  const record = bytes.subarray(offset, offset + length);
  if (crc32(record.subarray(headBytes)) !== record.readUInt32LE(4)) return undefined;
  const at = record.readDoubleLE(8);
  const check = record.readUInt32LE(16);
  const kind = kinds[record.readUInt8(20)];
  const names = headBytes + fixedBytes;
  const topicStart = names + record.readUInt16LE(22);
  const payloadStart = topicStart + record.readUInt16LE(24);
  if (kind === undefined || payloadStart > length) return undefined;
  const node = record.toString("utf8", names, topicStart);
  const topic = record.toString("utf8", topicStart, payloadStart);
  return {
    record: { at, node, kind, topic, payload: record.subarray(payloadStart) },
    place: { at, node, offset, length, check },
  };
}
