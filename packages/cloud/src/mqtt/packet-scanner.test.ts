import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { lengthOf } from "../testing/mqtt-client.ts";
import { PacketScanner } from "./packet-scanner.ts";

describe("finding the packets of a stream", () => {
  it("counts them however the stream is cut", () => {
    const anyStream = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(anyStream, fc.array(fc.integer({ min: 1, max: 200 })), (lengths, cuts) => {
        const stream = Buffer.concat(
          lengths.map((length) => Buffer.concat([Buffer.of(0x30, ...lengthOf(length)), Buffer.alloc(length, 0xff)])),
        );
        const scanner = new PacketScanner(300);
        let packets = 0;
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          packets += scanner.scan(stream.subarray(at, at + cut));
          at += cut;
        }
        assert.equal(packets, lengths.length);
      }),
    );
  });

  it("refuses a packet that is too long by its header, before it has come", () => {
    assert.throws(() => new PacketScanner(100).scan(Buffer.of(0x30, ...lengthOf(101))), /more than 100 bytes/);
    assert.throws(() => new PacketScanner(2 ** 30).scan(Buffer.of(0x30, 0x80, 0x80, 0x80, 0x80, 0)), /4 bytes/);
  });
});
