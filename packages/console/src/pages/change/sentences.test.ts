import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentText } from "../../ui/time.ts";
import type { Policy } from "./doc.ts";
import { policySentence } from "./sentences.ts";

describe("a rule as a sentence", () => {
  it("calls devices by their names, and tells moments as all of the page does", () => {
    const now = new Date(2026, 0, 5, 12).getTime();
    const end = new Date(2026, 0, 6, 9);
    const rule: Policy = {
      ...{ id: "rule-1", enabled: true, action: { kind: "freeze" } },
      scope: { kind: "device", mac: "02:00:00:00:00:01" },
      schedule: { kind: "until", instant: end.toISOString() },
    };
    const until = momentText(end.getTime(), now);
    const names = new Map([["02:00:00:00:00:01", "Mia's tablet"]]);
    assert.equal(policySentence(rule, names, now), `Mia's tablet has no Internet until ${until}.`);
    assert.equal(policySentence(rule, new Map(), now), `02:00:00:00:00:01 has no Internet until ${until}.`);
  });
});
