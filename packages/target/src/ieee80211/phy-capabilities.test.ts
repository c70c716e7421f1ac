import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { htBody, readEht, readHe, readHe6SmPowerSave, readHt, readVht } from "./phy-capabilities.ts";

const zeros = (length: number) => new Array<number>(length).fill(0);

describe("HT capabilities", () => {
  const ht = (info: number, ...masks: number[]) => Uint8Array.from([info, 0, 0, ...masks, ...zeros(23 - masks.length)]);

  it("have width and SM power save in the first octet", () => {
    const saves = [0x00, 0x04, 0x08, 0x0c].map((info) => readHt(ht(info | 2, 0xff))?.smPowerSave);
    assert.deepEqual(saves, ["static", "dynamic", undefined, "disabled"]);
    assert.equal(readHt(ht(2, 0xff))?.width, 40);
    assert.equal(readHt(ht(0, 0xff))?.width, 20);
  });

  it("have as many streams as the highest mask that is not empty", () => {
    assert.deepEqual(readHt(ht(0x0c, 0xff, 0x0f)), { width: 20, streams: 2, maxMcs: 11, smPowerSave: "disabled" });
    assert.deepEqual(readHt(ht(0x0c, 0xff, 0, 1)), { width: 20, streams: 3, maxMcs: 16, smPowerSave: "disabled" });
    assert.equal(readHt(ht(0x0c)), null);
  });

  it("keep a reserved SM power save", () => {
    const reserved = { width: 20, streams: 1, maxMcs: 7 } as const;
    assert.deepEqual(readHt(Uint8Array.from(htBody(reserved))), reserved);
  });
});

describe("VHT capabilities", () => {
  it("have the widths of the set, and those with fewer streams", () => {
    // Supported channel width set in bits 2 and 3, extended NSS BW support in bits 30 and 31.
    const cases: readonly (readonly [number, number, 80 | 160 | "80p80"])[] = [
      [0, 0, 80],
      [0, 1, 160],
      [0, 2, "80p80"],
      [0, 3, "80p80"],
      [1, 0, 160],
      [1, 1, "80p80"],
      [1, 2, "80p80"],
      [2, 0, "80p80"],
      [2, 3, "80p80"],
    ];
    for (const [set, extended, width] of cases) {
      const body = Uint8Array.from([set << 2, 0, 0, extended << 6, 0xfe, 0xff, ...zeros(6)]);
      assert.deepEqual(readVht(body), { width, muBeamformee: false, streams: 1, maxMcs: 9 }, `${set} ${extended}`);
    }
  });

  it("without a stream, or too short, are none", () => {
    assert.equal(readVht(Uint8Array.from([0, 0, 0, 0, 0xff, 0xff, ...zeros(6)])), null);
    assert.equal(readVht(new Uint8Array(11)), null);
  });
});

describe("HE capabilities", () => {
  const he = (widths: number, low = 0xfa) => Uint8Array.from([...zeros(6), widths, ...zeros(10), low, 0xff, low, 0xff]);

  it("have 40 MHz on 2.4 GHz, and 80, 160 and 80+80 on the others, a bit each", () => {
    const widths = [0x00, 0x02, 0x04, 0x0c, 0x1e].map((each) => {
      const found = readHe(he(each));
      return [found?.width2g, found?.width];
    });
    assert.deepEqual(widths, [
      [20, 20],
      [40, 20],
      [20, 80],
      [20, 160],
      [40, "80p80"],
    ]);
    assert.deepEqual(readHe(he(4, 0xf4)), { width2g: 20, width: 80, streams: 2, maxMcs: 9 });
  });

  it("of 6 GHz have the SM power save", () => {
    const saves = [0, 2, 4, 6].map((octet) => readHe6SmPowerSave(Uint8Array.of(0, octet)));
    assert.deepEqual(saves, ["static", "dynamic", undefined, "disabled"]);
    assert.equal(readHe6SmPowerSave(Uint8Array.of(0)), undefined);
  });
});

describe("EHT capabilities", () => {
  const eht = (phy: number, ...map: number[]) => Uint8Array.from([0, 0, phy, ...zeros(8), ...map]);
  const narrow = { width2g: 20, width: 20, streams: 1, maxMcs: 11 } as const;

  it("have three groups of MCS, four where there is only 20 MHz", () => {
    assert.deepEqual(readEht(eht(2, 0x22, 0x22, 0x11), null), { width320: true, streams: 2, maxMcs: 13 });
    assert.deepEqual(readEht(eht(0, 0x22, 0, 0), null), { width320: false, streams: 2, maxMcs: 9 });
    assert.deepEqual(readEht(eht(0, 0x11, 0, 0, 0), narrow), { width320: false, streams: 1, maxMcs: 7 });
    assert.deepEqual(readEht(eht(0, 0x11, 0x11, 0x11, 0x11), narrow), { width320: false, streams: 1, maxMcs: 13 });
  });

  it("without a stream that is received, or too short, are none", () => {
    assert.equal(readEht(eht(0, 0x20, 0, 0), null), null);
    assert.equal(readEht(eht(0, 0x22, 0x22), null), null);
    assert.equal(readEht(eht(0, 0x22, 0x22, 0x22), narrow), null);
  });
});
