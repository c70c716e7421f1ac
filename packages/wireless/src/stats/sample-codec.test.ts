import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { definitionOf, type Field, type Fields, statsNames, type Value, type Values } from "./definitions.ts";
import { decodeSamples, encodeSamples, noFaults, type Sample } from "./sample-codec.ts";
import { TlvWriter, tlvTypes } from "./tlv.ts";

function decoded(bytes: Uint8Array) {
  const faults = noFaults();
  return { samples: decodeSamples(bytes, faults), faults };
}

function nested(id: number, write: (writer: TlvWriter) => void): Uint8Array {
  const writer = new TlvWriter();
  writer.nested(id, write);
  return writer.finish();
}

const anyValue = (field: Field): fc.Arbitrary<Value> => {
  switch (field.type) {
    case "u32":
      return fc.nat(0xffffffff);
    case "float":
      return fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "string":
      return fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.includes("\0"));
    case "hwaddr":
      return fc
        .uint8Array({ minLength: 6, maxLength: 6 })
        .map((octets) => mac(Buffer.from(octets).toString("hex").match(/../g)?.join(":") ?? ""));
    case "bytes":
      return fc.uint8Array({ maxLength: 300 });
    case "nested":
      return anyValues(field.fields);
  }
};

function anyValues(fields: Fields): fc.Arbitrary<Values> {
  const parts = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyValue(field)]));
  return fc.record(parts, { requiredKeys: [], noNullPrototype: true });
}

const sample: fc.Arbitrary<Sample> = fc
  .constantFrom(...statsNames)
  .chain((stats) => anyValues(definitionOf(stats).fields).map((values) => ({ stats, values })));

describe("samples as TLV", () => {
  it("nest each sample in the id of its kind, fields in the order of their ids", () => {
    const bytes = encodeSamples([
      {
        stats: "STA",
        values: { tx_bytes: 2 ** 32 + 7, snr_db: 40, mac_address: mac("02:00:00:00:00:0a"), phy_name: "wifi0" },
        deltas: { tx_bytes: true },
      },
      { stats: "CHAN", values: { cnt_msec: { busy: 500, tx: 5 } } },
    ]);
    assert.equal(
      Buffer.from(bytes).toString("hex"),
      "02000000" +
        "04000000" +
        "58000000" +
        "00000000" +
        "00000000" +
        "03000000" +
        "06000000" +
        "00000000" +
        "776966693000" +
        "0000" +
        "02000000" +
        "05000000" +
        "06000000" +
        "00000000" +
        "02000000000a" +
        "0000" +
        "03000000" +
        "01000000" +
        "04000000" +
        "00000000" +
        "28000000" +
        "04000000" +
        "01000000" +
        "04000000" +
        "01000000" +
        "07000000" +
        "03000000" +
        "04000000" +
        "38000000" +
        "00000000" +
        "03000000" +
        "04000000" +
        "28000000" +
        "00000000" +
        "00000000" +
        "01000000" +
        "04000000" +
        "00000000" +
        "05000000" +
        "03000000" +
        "01000000" +
        "04000000" +
        "00000000" +
        "f4010000",
    );
  });

  it("are decoded as they were encoded", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), (samples) => {
        const { samples: again, faults } = decoded(encodeSamples(samples));
        assert.deepEqual(again, samples);
        assert.deepEqual(faults, noFaults());
      }),
      { numRuns: 500 },
    );
  });

  it("keep apart what is a total and what was added", () => {
    const one: Sample = {
      stats: "CHAN",
      values: { active_msec: 5, cnt_msec: { tx: 1, rx: 2 } },
      deltas: { active_msec: true, cnt_msec: { rx: true } },
    };
    assert.deepEqual(decoded(encodeSamples([one])).samples, [one]);
  });

  it("lose what has no definition, and nothing else, and it is counted", () => {
    const bytes = nested(2, (writer) => {
      writer.u32(99, 1);
      writer.u32(3, 40);
    });
    assert.deepEqual(decoded(bytes), {
      samples: [{ stats: "STA", values: { snr_db: 40 } }],
      faults: { unknown: 1, malformed: 0, truncated: 0 },
    });
    for (const id of [1, 5, 0xffffffff]) {
      assert.deepEqual(decoded(nested(id, () => {})), { samples: [], faults: { ...noFaults(), unknown: 1 } });
    }
  });

  it("lose values that are not of their field's type, and they are counted", () => {
    const bytes = nested(2, (writer) => {
      writer.float(3, 40);
      writer.bytes(0, tlvTypes.string, Buffer.from("wifi0"));
      writer.bytes(0, tlvTypes.string, new Uint8Array(0));
      writer.bytes(2, tlvTypes.hwaddr, new Uint8Array(5));
      writer.bytes(4, tlvTypes.u32, new Uint8Array(3));
      writer.u32(5, 6);
    });
    assert.deepEqual(decoded(bytes), {
      samples: [{ stats: "STA", values: { tx_frames: 6 } }],
      faults: { unknown: 0, malformed: 5, truncated: 0 },
    });
    const float = nested(3, (writer) => writer.float(5, Number.NaN));
    assert.equal(decoded(float).faults.malformed, 1);
    const flat = new TlvWriter();
    flat.u32(2, 1);
    assert.equal(decoded(flat.finish()).faults.malformed, 1);
  });

  it("believe the later of two values", () => {
    const bytes = nested(2, (writer) => {
      writer.u32(4, 1, 1);
      writer.u32(4, 2);
    });
    assert.deepEqual(decoded(bytes).samples, [{ stats: "STA", values: { tx_bytes: 2 } }]);
  });

  it("keep what came before a cut, and it is counted", () => {
    const bytes = encodeSamples([
      { stats: "STA", values: { snr_db: 1 } },
      { stats: "STA", values: { snr_db: 2 } },
    ]);
    assert.deepEqual(decoded(bytes.subarray(0, bytes.length - 1)), {
      samples: [{ stats: "STA", values: { snr_db: 1 } }],
      faults: { unknown: 0, malformed: 0, truncated: 1 },
    });
  });

  it("take any bytes without an exception", () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(2_000), fc.nat(255))),
        (samples, noise) => {
          const bytes = encodeSamples(samples);
          for (const [at, octet] of noise) if (at < bytes.length) bytes[at] = octet;
          for (const { stats, values } of decoded(bytes).samples) {
            assert.ok(Object.keys(values).every((name) => name in definitionOf(stats).fields));
          }
        },
      ),
      { numRuns: 1_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decoded(bytes)));
  });
});
