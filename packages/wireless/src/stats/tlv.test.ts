import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deltaFlag, readTlv, TlvWriter, tlvTypes } from "./tlv.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function written(write: (writer: TlvWriter) => void): Uint8Array {
  const writer = new TlvWriter();
  write(writer);
  return writer.finish();
}

describe("TLV", () => {
  it("has a header of four little-endian words before the payload", () => {
    assert.equal(
      hex(written((writer) => writer.u32(3, 42))),
      "03000000" + "01000000" + "04000000" + "00000000" + "2a000000",
    );
    assert.equal(
      hex(written((writer) => writer.float(5, -95.5, deltaFlag))),
      "05000000" + "02000000" + "04000000" + "01000000" + "0000bfc2",
    );
  });

  it("pads an element only when another one follows", () => {
    const wlan0 = "01000000" + "03000000" + "06000000" + "00000000" + "776c616e3000";
    const name = Buffer.from("wlan0\0");
    assert.equal(hex(written((writer) => writer.bytes(1, tlvTypes.string, name))), wlan0);
    assert.equal(
      hex(
        written((writer) => {
          writer.bytes(1, tlvTypes.string, name);
          writer.u32(2, 1);
        }),
      ),
      [wlan0, "0000", "02000000", "01000000", "04000000", "00000000", "01000000"].join(""),
    );
  });

  it("counts in a nested element what is inside, without the padding after its end", () => {
    const bytes = written((writer) => {
      writer.nested(2, () => {
        writer.u32(3, 1);
        writer.bytes(2, tlvTypes.hwaddr, Uint8Array.of(2, 0, 0, 0, 0, 1));
      });
      writer.u32(9, 0xffffffff);
    });
    assert.equal(
      hex(bytes),
      "02000000" +
        "04000000" +
        "2a000000" +
        "00000000" +
        "03000000" +
        "01000000" +
        "04000000" +
        "00000000" +
        "01000000" +
        "02000000" +
        "05000000" +
        "06000000" +
        "00000000" +
        "020000000001" +
        "0000" +
        "09000000" +
        "01000000" +
        "04000000" +
        "00000000" +
        "ffffffff",
    );
  });

  it("is read as it was written, whatever it is", () => {
    const element = fc.record({
      id: fc.nat(0xffffffff),
      type: fc.nat(0xffffffff),
      flags: fc.nat(0xffffffff),
      payload: fc.uint8Array({ maxLength: 700 }),
    });
    fc.assert(
      fc.property(fc.array(element, { maxLength: 12 }), (elements) => {
        const bytes = written((writer) => {
          for (const { id, type, payload, flags } of elements) writer.bytes(id, type, payload, flags);
        });
        const read = readTlv(bytes);
        assert.equal(read.rest, 0);
        assert.deepEqual(
          read.elements.map((each) => ({ ...each, payload: [...each.payload] })),
          elements.map((each) => ({ ...each, payload: [...each.payload] })),
        );
      }),
    );
  });

  it("stops at what does not fit, and says how much is left", () => {
    const whole = written((writer) => {
      writer.u32(1, 1);
      writer.u32(2, 2);
    });
    assert.equal(readTlv(whole.subarray(0, 39)).rest, 19);
    assert.equal(readTlv(whole.subarray(0, 39)).elements.length, 1);
    assert.equal(readTlv(whole.subarray(0, 25)).rest, 5);
    const tooLong = whole.slice();
    tooLong[28] = 5;
    assert.deepEqual([readTlv(tooLong).elements.length, readTlv(tooLong).rest], [1, 20]);
    tooLong.fill(0xff, 28, 32);
    assert.deepEqual([readTlv(tooLong).elements.length, readTlv(tooLong).rest], [1, 20]);
  });

  it("takes any bytes without an exception, and none twice", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { elements, rest } = readTlv(bytes);
        const used = elements.reduce((sum, { payload }) => sum + 16 + payload.length, 0);
        assert.ok(used + rest <= bytes.length && used + rest + 3 * elements.length >= bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
