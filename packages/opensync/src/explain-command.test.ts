import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contrast, explanationTable } from "./explain-command.ts";

const settled = { state: "IDLE", settled: true, objects: [] } as const;

describe("opensync explain confsync", () => {
  it("says in one line that all is well", () => {
    assert.deepEqual(explanationTable({ confsync: settled, problems: [] }, 80), ["settled"]);
  });

  it("has a row for each attribute that is not as intended, says why, and has a line for each problem", () => {
    const why = "the driver was asked 3 s ago";
    const acl = { attribute: "acl", intended: "[aa bb]", actual: "[aa]", status: "asked", why } as const;
    const ssid = { attribute: "ssid", intended: "\u001b[31m", actual: "home", status: "asked", why } as const;
    const objects = [{ object: "wifi0/home-ap-24", attributes: [acl, ssid] }];
    const problems = ["Wifi_VIF_Config 'home-ap-50': ssid '\u0007': too long"];
    const explanation = { confsync: { state: "WAITING", settled: false, objects }, problems } as const;
    assert.deepEqual(explanationTable(explanation, 200), [
      "not settled (WAITING), 1 problem",
      "OBJECT            ATTRIBUTE  STATUS  INTENDED  ACTUAL",
      "wifi0/home-ap-24  acl        asked   [aa bb]   [aa]",
      `  ${why}`,
      "wifi0/home-ap-24  ssid       asked   \\x1b[31m  home",
      `  ${why}`,
      "problem: Wifi_VIF_Config 'home-ap-50': ssid '\\x07': too long",
    ]);
    const narrow = explanationTable(explanation, 30);
    assert.equal(narrow[2], "wifi0/home-ap-24  acl        …");
    assert.equal(narrow[3], `  ${why}`);
  });

  it("shows of long values where they part", () => {
    const list = (count: number) => `[${Array.from({ length: count }, (_, i) => `entry${i}`).join(" ")}]`;
    assert.deepEqual(contrast(list(85), list(64)), {
      intended: "…61 entry62 entry63 entry64 entry65 entry66…",
      actual: "…61 entry62 entry63]",
    });
    assert.deepEqual(contrast("short", "other"), { intended: "short", actual: "other" });
  });
});
