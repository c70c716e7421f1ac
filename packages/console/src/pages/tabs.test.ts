import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { found } from "../ui/find.ts";
import { tabs } from "./tabs.ts";
import { viewFrom } from "./workbench/view.ts";

const items = tabs.map((tab) => ({ ...tab, id: tab.to, detail: tab.page, kind: "part" as const }));

describe("parts of pages in the finder", () => {
  for (const [typed, to] of [
    ["guest", "/network/guests"],
    ["zones", "/network/guests"],
    ["keys", "/network/guests"],
    ["DHCP", "/network/addresses"],
    ["policies", "/network/rules"],
    ["wifi", "/network/networks"],
    ["wan", "/network/internet"],
    ["claim", "/network/nodes"],
    ["versions", "/network/history"],
    ["channels", "/network/radios"],
    ["mqtt", "/workbench"],
  ] as const) {
    it(`are found by '${typed}'`, () => assert.equal(found(items, typed, 3)[0]?.to, to));
  }

  it("of the Workbench lead to themselves", () => {
    for (const { search, label } of tabs.filter(({ page }) => page === "Workbench"))
      assert.equal(viewFrom(search).part, label.toLowerCase());
  });

  it("have names of their own: no two are called alike, and none as a page", () => {
    const labels = tabs.map(({ label }) => label);
    assert.equal(new Set(labels).size, labels.length);
    for (const page of ["Home", "Clients", "Radios", "Network", "Workbench", "Simulation"])
      assert.ok(!labels.includes(page), page);
  });
});
