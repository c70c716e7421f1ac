import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type CutterLimits, FramingError, MessageCutter } from "./json-stream.ts";

function cut(pieces: readonly Uint8Array[], limits?: CutterLimits): string[] {
  const cutter = new MessageCutter(limits);
  const texts: string[] = [];
  for (const piece of pieces) {
    cutter.push(piece);
    for (let text = cutter.next(); text !== undefined; text = cutter.next()) texts.push(text);
  }
  return texts;
}

function split(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let i = 0; i < bytes.length; i += size) pieces.push(bytes.subarray(i, i + size));
  return pieces;
}

const messages = ['{"a":"}\\"{","b":[1,[2]]}', "[]", '{"é":"\\\\"}', "{}", '["😀",{"x":null}]'];

describe("cutting messages out of a stream", () => {
  it("finds the same messages however the bytes are split", () => {
    const bytes = Buffer.from(messages.join(""));
    for (let size = 1; size <= bytes.length; size++) assert.deepEqual(cut(split(bytes, size)), messages);
  });

  it("allows white space between messages and none at all", () => {
    assert.deepEqual(cut([Buffer.from(` \n${messages.join("\r\n\t ")}\n`)]), messages);
  });

  it("takes several messages from one chunk one at a time", () => {
    const cutter = new MessageCutter();
    cutter.push(Buffer.from('{"a":1}{"b":2}{"c'));
    assert.equal(cutter.next(), '{"a":1}');
    cutter.push(Buffer.from('":3}'));
    assert.equal(cutter.next(), '{"b":2}');
    assert.equal(cutter.next(), '{"c":3}');
    assert.equal(cutter.next(), undefined);
    assert.equal(cutter.inMessage, false);
  });

  it("returns any JSON object unchanged, in any split", () => {
    fc.assert(
      fc.property(fc.array(fc.object()), fc.integer({ min: 1, max: 40 }), (values, size) => {
        const texts = values.map((value) => JSON.stringify(value));
        assert.deepEqual(cut(split(Buffer.from(texts.join("\n")), size)), texts);
      }),
      { numRuns: 100 },
    );
  });

  it("takes a quarter of a megabyte in one-byte pieces without scanning anything twice", () => {
    const text = `{"x":"${"y".repeat(1 << 18)}"}`;
    assert.deepEqual(cut(split(Buffer.from(text), 1)), [text]);
  });
});

describe("a stream that is no sequence of messages", () => {
  const refused = (bytes: Uint8Array | string, message: RegExp, limits?: CutterLimits) => {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    assert.throws(
      () => cut([buffer], limits),
      (error) => error instanceof FramingError && message.test(error.message),
    );
  };

  it("is refused at the first byte that starts no object", () => {
    refused("GET / HTTP/1.1\r\n", /byte 0x47/);
    refused("{}}", /byte 0x7d/);
    refused("\x16\x03\x01", /byte 0x16/);
  });

  it("is refused when a message is not UTF-8", () => {
    refused(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /UTF-8/);
    refused(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), /UTF-8/);
  });

  it("is refused beyond the depth and length limits, before the message ends", () => {
    refused("[".repeat(10_000), /deeper than 1000/);
    refused(`{"x":"${"y".repeat(100)}`, /longer than 64 bytes/, { maxMessageBytes: 64 });
    refused(`{"x":"${"y".repeat(100)}"}`, /longer than 64 bytes/, { maxMessageBytes: 64 });
  });
});
