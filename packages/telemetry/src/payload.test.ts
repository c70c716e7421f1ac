import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import { compress, decompress, isCompressed } from "./payload.ts";

const payload = Buffer.from("0a026777".repeat(50), "hex");

describe("payloads", () => {
  it("are compressed as RFC 1950 has it, at the default level", () => {
    assert.equal(Buffer.from(compress(payload)).toString("hex", 0, 2), "789c");
    assert.ok(compress(payload).length < payload.length);
    assert.deepEqual(Buffer.from(decompress(compress(payload))), payload);
  });

  it("are known as compressed by their first two bytes, whatever the level", () => {
    for (const level of [0, 1, 6, 9]) assert.ok(isCompressed(deflateSync(payload, { level })));
    for (const plain of ["", "0a026777", "78", "7801ff".slice(0, 2), "7802"]) {
      assert.ok(!isCompressed(Buffer.from(plain, "hex")), plain);
    }
  });

  it("stay as they are without compression", () => {
    assert.equal(decompress(payload), payload);
  });

  it("that are damaged, or unfold to more than a payload may have, are refused", () => {
    const damaged = Buffer.from(compress(payload));
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;
    assert.throws(() => decompress(damaged), /^MalformedPayload: zlib: /);
    assert.throws(() => decompress(compress(payload).subarray(0, 8)), /^MalformedPayload: zlib: /);
    assert.throws(() => decompress(deflateSync(Buffer.alloc(3 * 1024 * 1024))), /^MalformedPayload: zlib: /);
    assert.equal(decompress(deflateSync(Buffer.alloc(2 * 1024 * 1024))).length, 2 * 1024 * 1024);
  });
});
