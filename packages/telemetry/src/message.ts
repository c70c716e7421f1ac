/** Messages from bytes and to bytes, with the checks that proto2 leaves to its users. */

import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { messageOf } from "@opensync-ts/base/errors";
import { limits } from "./limits.ts";

/** Bytes that are no message of the kind asked for; the message says why, in one line. */
export class MalformedPayload extends Error {
  override readonly name = "MalformedPayload";
}

/** What a message is made of. An `undefined` field is left out of the bytes. */
export type Fields<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Fields<Item>[]
    : T extends Message
      ? { readonly [Key in Exclude<keyof T, "$typeName" | "$unknown">]?: Fields<T[Key]> | undefined }
      : T;

/** Fields in the order of their numbers, as the reference writes them. */
export function serialize<Desc extends DescMessage>(schema: Desc, fields: Fields<MessageShape<Desc>>): Uint8Array {
  // `create` skips what is undefined; only its type does not say so.
  return toBinary(schema, create(schema, fields as MessageInitShape<Desc>));
}

/**
 * The message that `bytes` hold. Unknown fields and unknown values of enumerations are skipped: newer nodes send them.
 * Throws `MalformedPayload` where the bytes are no protobuf or where a required field is missing, as the reference
 * refuses them.
 */
export function parse<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> {
  if (bytes.length > limits.payload) {
    throw new MalformedPayload(`${bytes.length} bytes are more than the ${limits.payload} a payload may have`);
  }
  let message: MessageShape<Desc>;
  try {
    count(schema, new BinaryReader(bytes), bytes.length, 0);
    // A copy: fields of bytes are parts of it, and the caller may use its buffer again.
    message = fromBinary(schema, new Uint8Array(bytes), { readUnknownFields: false });
  } catch (error) {
    throw new MalformedPayload(`no ${schema.typeName}: ${messageOf(error)}`);
  }
  const missing = missingField(reflect(schema, message, false));
  if (missing !== undefined) throw new MalformedPayload(`no ${schema.typeName}: required field ${missing} is missing`);
  return message;
}

/** How many messages are in a message of `schema` that `parse` has accepted, itself included. */
export function messagesIn(schema: DescMessage, bytes: Uint8Array): number {
  return count(schema, new BinaryReader(bytes), bytes.length, 0);
}

/**
 * How many messages are in those before `end`, and `counted`: an empty one takes two bytes on the wire and a thousand
 * times as many in memory, hence the bound.
 */
function count(schema: DescMessage, reader: BinaryReader, end: number, counted: number): number {
  let messages = counted + 1;
  if (messages > limits.messages) throw new RangeError(`more than ${limits.messages} messages in it`);
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const inner = schema.fields.find((field) => field.number === number)?.message;
    if (inner && wireType === WireType.LengthDelimited) {
      const length = reader.uint32();
      messages = count(inner, reader, Math.min(end, reader.pos + length), messages);
    } else {
      reader.skip(wireType, number);
    }
  }
  return messages;
}

/** Path of the first required field that is not there; protobuf-es asks for them when it writes, not when it reads. */
function missingField(message: ReflectMessage): string | undefined {
  for (const field of message.fields) {
    if (!message.isSet(field)) {
      if (field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED) return field.name;
    } else if (field.fieldKind === "message") {
      const missing = missingField(message.get(field));
      if (missing !== undefined) return `${field.name}.${missing}`;
    } else if (field.fieldKind === "list" && field.listKind === "message") {
      const list = message.get(field);
      for (let index = 0; index < list.size; index++) {
        const missing = missingField(list.get(index) as ReflectMessage);
        if (missing !== undefined) return `${field.name}[${index}].${missing}`;
      }
    }
  }
  return undefined;
}
