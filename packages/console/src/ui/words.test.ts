import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bandColour, bandText, bytesText, mbpsText, percentText, signedDbText } from "./words.ts";

describe("words for figures", () => {
  it("name bands in full, and give what they do not know as it is", () => {
    assert.deepEqual(["2.4G", "5GL", "6G", "60G", null].map(bandText), [
      "2.4 GHz",
      "5 GHz (lower half)",
      "6 GHz",
      "60G",
      "–",
    ]);
    assert.deepEqual(["2.4G", "5GU", "6G", null].map(bandColour), ["--band-2", "--band-5", "--band-6", "--wire"]);
  });

  it("say unknown for unknown, never 0", () => {
    assert.deepEqual([mbpsText(null), percentText(undefined), signedDbText(null)], ["–", "–", "–"]);
    assert.deepEqual([0, 0.01, 5, 1201.4].map(mbpsText), ["0 Mbit/s", "<0.1 Mbit/s", "5 Mbit/s", "1201 Mbit/s"]);
    assert.deepEqual([mbpsText(0.44), mbpsText(86.4), percentText(3.6)], ["0.4 Mbit/s", "86 Mbit/s", "4 %"]);
  });

  it("give gains and losses a sign that is read", () => {
    assert.deepEqual([7.2, -3, 0.2].map(signedDbText), ["+7 dB", "−3 dB", "±0 dB"]);
  });

  it("count bytes in thousands", () => {
    assert.deepEqual([0, 999, 12_340, 5e9, -1].map(bytesText), ["0 B", "999 B", "12.3 kB", "5 GB", "0 B"]);
  });
});
