import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Band } from "@opensync-ts/target/radio";
import { askedMinHwMode, type MinHwMode, minHwModeColumn } from "./min-hw-mode.ts";
import { obedientAp } from "./testing/obedient.ts";
import { channel, vifConfig } from "./testing/rows.ts";

/** What is shown after `value` was asked for. */
function shown(value: MinHwMode, band: Band, configured: MinHwMode | null = null): MinHwMode | null {
  const asked = askedMinHwMode(value, band, assert.fail);
  const { ap } = obedientAp({ ...asked, channel: channel(band === "2.4G" ? 6 : 36) });
  return minHwModeColumn(ap, vifConfig({ min_hw_mode: configured }));
}

describe("min_hw_mode", () => {
  it("asks for rates and required generations", () => {
    assert.deepEqual(askedMinHwMode("11b", "2.4G", assert.fail), {
      mode: { htRequired: false, vhtRequired: false },
      rates: { supported: [1, 2, 5.5, 11], basic: [1, 2], beacon: { kind: "abg", rate: 1 } },
    });
    assert.deepEqual(askedMinHwMode("11ac", "5G", assert.fail), {
      mode: { htRequired: false, vhtRequired: true },
      rates: { supported: [6, 9, 12, 18, 24, 36, 48, 54], basic: [6, 9, 12], beacon: { kind: "abg", rate: 6 } },
    });
    assert.deepEqual(askedMinHwMode(null, "5G", assert.fail), {});
  });

  it("is read off the access point", () => {
    assert.deepEqual(
      (["11b", "11g", "11n"] as const).map((value) => shown(value, "2.4G")),
      ["11b", "11g", "11n"],
    );
    assert.deepEqual(
      (["11a", "11n", "11ac"] as const).map((value) => shown(value, "5G")),
      ["11a", "11n", "11ac"],
    );
    assert.equal(shown("11a", "2.4G"), "11g");
    assert.equal(minHwModeColumn(obedientAp({}).ap, null), null);
    assert.equal(minHwModeColumn(obedientAp({ rates: { supported: [6, 12] } }).ap, null), null);
  });

  it("is spelled as configured where two values are one", () => {
    assert.equal(shown("11g", "5G", "11g"), "11g");
    assert.equal(shown("11a", "2.4G", "11a"), "11a");
    assert.equal(shown("11n", "5G", "11g"), "11n");
  });

  for (const [value, band, reason] of [
    ["11b", "5G", /none of the rates of 11b/],
    ["11n", "6G", /neither HT nor VHT/],
    ["11ac", "6G", /neither HT nor VHT/],
  ] as const) {
    it(`is told and left out: ${value} on ${band}`, () => {
      const problems: string[] = [];
      assert.deepEqual(
        askedMinHwMode(value, band, (_column, _value, text) => problems.push(text)),
        {},
      );
      assert.match(problems.join(), reason);
    });
  }
});
