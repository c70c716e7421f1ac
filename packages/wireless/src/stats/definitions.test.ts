import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { type Fields, statsDefinitions } from "./definitions.ts";
import { decodeSamples, encodeSamples, noFaults, type Sample } from "./sample-codec.ts";

/** `id name type operation` of each field, with those of nested ones after theirs. */
function table(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    `${field.id} ${name} ${field.type} ${field.operation}`,
    ...("fields" in field ? table(field.fields).map((line) => `${field.id}.${line}`) : []),
  ]);
}

const counters = (id: number, operation: string) =>
  ["tx", "rx", "rx_inbss", "busy"].map((name, member) => `${id}.${member} ${name} u32 ${operation}`);

/** Bytes by hand, one element of a TLV a line: id, type, length and flags, then the payload. */
const vectors: readonly { readonly sample: Sample; readonly bytes: readonly string[] }[] = [
  {
    sample: { stats: "PHY", values: { phy_name: "wifi2", temperature_celsius: 61.5 } },
    bytes: [
      "00000000 04000000 2c000000 00000000", // PHY, 44 bytes
      "00000000 03000000 06000000 00000000 776966693200 0000", // phy_name "wifi2", padded
      "01000000 02000000 04000000 00000000 00007642", // temperature_celsius 61.5
    ],
  },
  {
    sample: {
      stats: "BSS_SCAN",
      values: {
        phy_name: "wifi0",
        mac_address: mac("02:00:00:00:00:0b"),
        freq_mhz: 5180,
        ssid: Uint8Array.of(0x61),
        width_mhz: 8080,
        center_freq0_mhz: 5210,
        center_freq1_mhz: 5775,
      },
    },
    bytes: [
      "04000000 04000000 94000000 00000000", // BSS_SCAN, 148 bytes: 24 + 24 + 5 * 20
      "00000000 03000000 06000000 00000000 776966693000 0000", // phy_name "wifi0", padded
      "01000000 05000000 06000000 00000000 02000000000b 0000", // mac_address, padded
      "02000000 01000000 04000000 00000000 3c140000", // freq_mhz 5180
      "03000000 00000000 01000000 00000000 61 000000", // ssid, opaque, padded
      "04000000 01000000 04000000 00000000 901f0000", // width_mhz 8080
      "07000000 01000000 04000000 00000000 5a140000", // center_freq0_mhz 5210
      "08000000 01000000 04000000 00000000 8f160000", // center_freq1_mhz 5775
    ],
  },
];

describe("what statistics consist of", () => {
  it("has the ids, types and operations of OpenSync, whose drivers' samples can be read", () => {
    const { PHY, STA, CHAN, BSS_SCAN } = statsDefinitions;
    assert.deepEqual([PHY.id, STA.id, CHAN.id, BSS_SCAN.id], [0, 2, 3, 4]);
    assert.deepEqual(table(PHY.fields), ["0 phy_name string overwrite", "1 temperature_celsius float overwrite"]);
    assert.deepEqual(table(STA.fields), [
      "0 phy_name string overwrite",
      "1 vif_name string overwrite",
      "2 mac_address hwaddr overwrite",
      "3 snr_db u32 overwrite",
      "4 tx_bytes u32 accumulate",
      "5 tx_frames u32 accumulate",
      "6 tx_retries u32 accumulate",
      "7 tx_errors u32 accumulate",
      "8 tx_rate_mbps u32 overwrite",
      "9 rx_bytes u32 accumulate",
      "10 rx_frames u32 accumulate",
      "11 rx_retries u32 accumulate",
      "12 rx_errors u32 accumulate",
      "13 rx_rate_mbps u32 overwrite",
      "14 vif_address hwaddr overwrite",
    ]);
    assert.deepEqual(table(CHAN.fields), [
      "0 phy_name string overwrite",
      "1 freq_mhz u32 overwrite",
      "2 active_msec u32 accumulate",
      "3 cnt_msec nested merge",
      ...counters(3, "accumulate"),
      "4 cnt_percent nested merge",
      ...counters(4, "overwrite"),
      "5 noise_floor_dbm float overwrite",
    ]);
    assert.deepEqual(table(BSS_SCAN.fields), [
      "0 phy_name string overwrite",
      "1 mac_address hwaddr overwrite",
      "2 freq_mhz u32 overwrite",
      "3 ssid bytes overwrite",
      "4 width_mhz u32 overwrite",
      "5 ies bytes overwrite",
      "6 snr_db u32 overwrite",
      "7 center_freq0_mhz u32 overwrite",
      "8 center_freq1_mhz u32 overwrite",
    ]);
  });

  it("is on the wire as its drivers write it", () => {
    for (const { sample, bytes } of vectors) {
      const expected = bytes.join("").replaceAll(" ", "");
      assert.equal(Buffer.from(encodeSamples([sample])).toString("hex"), expected);
      assert.deepEqual(decodeSamples(Uint8Array.from(Buffer.from(expected, "hex")), noFaults()), [sample]);
    }
  });
});
