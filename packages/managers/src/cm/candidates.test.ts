import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Candidates, currentCandidate, nextCandidates } from "./candidates.ts";

function order(candidates: Candidates): readonly string[] {
  const tried: string[] = [];
  for (let left = candidates; ; left = nextCandidates(left)) {
    const address = currentCandidate(left);
    if (address === undefined) return tried;
    tried.push(address);
  }
}

describe("candidates", () => {
  it("alternate between the families, the preferred one first", () => {
    assert.deepEqual(order({ ipv4: ["a4", "b4"], ipv6: ["a6", "b6"], preferred: "ipv6" }), ["a6", "a4", "b6", "b4"]);
  });

  it("are all of one family where the other has none left", () => {
    assert.deepEqual(order({ ipv4: ["a4", "b4", "c4"], ipv6: ["a6"], preferred: "ipv4" }), ["a4", "a6", "b4", "c4"]);
    assert.deepEqual(order({ ipv4: [], ipv6: [], preferred: "ipv6" }), []);
  });
});
