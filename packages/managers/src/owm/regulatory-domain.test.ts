import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RegulatoryDomain } from "@opensync-ts/target/radio";
import { countryOf, domainOf } from "./regulatory-domain.ts";

const us: RegulatoryDomain = { country: "US", isoNumber: 840, revision: 7, dfs: "fcc" };

describe("a country", () => {
  it("is asked for with its number and DFS rules, the revision is the driver's", () => {
    assert.deepEqual(domainOf("DE", us), { country: "DE", isoNumber: 276, revision: 7, dfs: "etsi" });
    assert.deepEqual(domainOf("ca", us), { country: "CA", isoNumber: 124, revision: 7, dfs: "fcc" });
    assert.equal(domainOf("KR", us)?.dfs, "undefined");
  });

  it("has the number in use, not that of a state that was", () => {
    const numbers = { CZ: 203, ET: 231, FR: 250, RU: 643, RS: 688, SA: 682, SD: 729, YE: 887, GB: 826, TW: 158 };
    for (const [country, number] of Object.entries(numbers)) assert.equal(domainOf(country, us)?.isoNumber, number);
  });

  it("that a radio is in already is what its driver says it is", () => {
    const odd: RegulatoryDomain = { country: "", isoNumber: 276, revision: 3, dfs: "undefined" };
    assert.equal(domainOf("US", us), us);
    assert.equal(domainOf("DE", odd), odd);
  });

  it("may not exist", () => {
    for (const text of ["", "00", "ZZ", "XX", "EU", "USA", "Germany"]) assert.equal(domainOf(text, us), null, text);
  });

  it("is shown by the number where that is all the driver says", () => {
    assert.equal(countryOf({ ...us, country: "" }), "US");
    assert.equal(countryOf({ ...us, country: "", isoNumber: 0 }), null);
    assert.equal(countryOf(null), null);
  });
});
