import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explanationTable } from "./explain-command.ts";

const settled = { state: "IDLE", settled: true, objects: [] } as const;

describe("opensync explain confsync", () => {
  it("says in one line that all is well", () => {
    assert.deepEqual(explanationTable({ confsync: settled, problems: [] }, 80), ["settled"]);
  });

  it("has a row for each attribute that is not as intended, and a line for each problem", () => {
    const why = "The driver has been asked 3 s ago.";
    const acl = { attribute: "acl", intended: "a".repeat(60), actual: "[]", status: "asked", why } as const;
    const ssid = { attribute: "ssid", intended: "\u001b[31m", actual: "home", status: "asked", why } as const;
    const objects = [{ object: "wifi0/home-ap-24", attributes: [acl, ssid] }];
    const problems = ["Wifi_VIF_Config 'home-ap-50': ssid '\u0007': too long"];
    const lines = explanationTable({ confsync: { state: "WAITING", settled: false, objects }, problems }, 200);
    assert.deepEqual(lines, [
      "not settled (WAITING), 1 problem",
      `OBJECT            ATTRIBUTE  INTENDED${" ".repeat(34)}ACTUAL  STATUS  WHY`,
      `wifi0/home-ap-24  acl        ${"a".repeat(39)}…  []      asked   ${why}`,
      `wifi0/home-ap-24  ssid       \\x1b[31m${" ".repeat(34)}home    asked   ${why}`,
      "problem: Wifi_VIF_Config 'home-ap-50': ssid '\\x07': too long",
    ]);
    const narrow = explanationTable({ confsync: { state: "WAITING", settled: false, objects }, problems }, 60);
    assert.ok(narrow.every((line) => line.length <= 60));
  });
});
