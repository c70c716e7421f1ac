/** A message as the fields it consists of on the wire, without looking into them: those that nobody knows stay whole. */

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { messagesIn } from "./message.ts";

export interface WireField {
  readonly number: number;
  /** Tag and value. */
  readonly bytes: Uint8Array;
  /** The value of a field of messages or bytes, without its length. */
  readonly value: Uint8Array | undefined;
}

/** The fields in their order. `bytes` must be a message that `parse` has accepted. */
export function fieldsOf(bytes: Uint8Array): WireField[] {
  const reader = new BinaryReader(bytes);
  const fields: WireField[] = [];
  while (reader.pos < bytes.length) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    const value = wireType === WireType.LengthDelimited ? reader.bytes() : undefined;
    if (!value) reader.skip(wireType, number);
    fields.push({ number, bytes: bytes.subarray(start, reader.pos), value });
  }
  return fields;
}

/** The field with its number before the value. */
export function messageField(number: number, value: Uint8Array): WireField {
  return { number, bytes: new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(value).finish(), value };
}

export function textField(number: number, text: string): WireField {
  return messageField(number, Buffer.from(text));
}

/** The message that the fields make, in order of their numbers. */
export function joined(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(fields.toSorted((a, b) => a.number - b.number).map(({ bytes }) => bytes));
}

export function bytesIn(fields: readonly WireField[]): number {
  return fields.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The list of messages that a field of `schema` is one item of, if it is that. */
export function listOf(schema: DescMessage, { number, value }: WireField): DescMessage | undefined {
  const field: DescField | undefined = schema.fields.find((candidate) => candidate.number === number);
  return value && field?.fieldKind === "list" && field.listKind === "message" ? field.message : undefined;
}

/** How many messages a field of `schema` holds. */
export function messagesInField(schema: DescMessage, field: WireField): number {
  const inner = listOf(schema, field);
  return inner && field.value ? messagesIn(inner, field.value) : 0;
}

/** Two parts of about the same size, none of them empty; needs two fields at least. */
export function halves(fields: readonly WireField[]): readonly [readonly WireField[], readonly WireField[]] {
  const half = bytesIn(fields) / 2;
  let cut = 0;
  for (let sum = 0; cut < fields.length - 1 && sum < half; cut++) sum += fields[cut]?.bytes.length ?? 0;
  cut = Math.max(1, cut);
  return [fields.slice(0, cut), fields.slice(cut)];
}
