import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as limits from "./limits.ts";
import { RepairBudget } from "./repair-budget.ts";

describe("repairs of a row", () => {
  it("are free until the budget of the window is spent, and again when its oldest write has left the window", () => {
    const budget = new RepairBudget();
    const row = "Wifi_VIF_Config home-ap-24";
    for (let at = 0; at < limits.repairsPerWindow; at++) {
      assert.equal(budget.freeAt(row, at), at);
      budget.spend(row, at);
    }
    assert.equal(budget.freeAt(row, 10), limits.repairWindowMs);
    assert.equal(budget.freeAt(row, limits.repairWindowMs), limits.repairWindowMs);
    assert.equal(budget.freeAt("Wifi_VIF_Config home-ap-50", 10), 10);
  });

  it("are whole again, and forgotten, once the window has passed", () => {
    const budget = new RepairBudget();
    assert.equal(budget.isWhole, true);
    budget.spend("Wifi_VIF_Config home-ap-24", 0);
    budget.spend("Wifi_VIF_Config home-ap-50", 1);
    budget.prune(limits.repairWindowMs);
    assert.equal(budget.isWhole, false);
    budget.prune(limits.repairWindowMs + 1);
    assert.equal(budget.isWhole, true);
  });
});
