import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Akm, Pmf } from "@opensync-ts/target/radio";
import { pmfFor } from "./pmf.ts";

const cases: readonly [akm: readonly Akm[], wpa: boolean, asked: Pmf | null, pmf: Pmf][] = [
  [["psk"], false, null, "disabled"],
  [["psk"], false, "optional", "optional"],
  [["sae"], false, null, "required"],
  [["sae"], false, "disabled", "required"],
  [["sae", "sae_ext", "ft_sae"], false, "disabled", "required"],
  [["sae"], false, "optional", "optional"],
  [["psk", "sae"], false, "disabled", "optional"],
  [["psk", "sae"], false, "required", "required"],
  [["sae"], true, "disabled", "optional"],
];

describe("protected management frames", () => {
  for (const [akm, wpa, asked, pmf] of cases) {
    it(`with ${akm.join("+")}${wpa ? " and WPA" : ""}, asked ${asked}: ${pmf}`, () => {
      assert.equal(pmfFor(akm, wpa, asked), pmf);
    });
  }
});
