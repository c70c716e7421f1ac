import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { faultScenarios } from "@opensync-ts/target-sim/fault-scenarios";
import { scenarioText } from "../packages/console/src/pages/simulation/fault-words.ts";
import { root } from "./support/processes.ts";

const path = join(root, "docs/faults.md");

function scenarioTable(): string {
  const rows = faultScenarios.map(({ name, description, cause, parameters }) => {
    const defaults = parameters.map((each) => `\`${each.name}=${each.default}\``).join(" ");
    return `| \`${name}\` | ${description} | ${defaults} | ${cause === "none" ? "" : cause} |`;
  });
  return ["| fault | what happens | parameters | cause in the guide |", "|---|---|---|---|", ...rows, ""].join("\n");
}

describe("docs/faults.md", () => {
  it("lists every fault that a simulated driver can have", () => {
    const page = readFileSync(path, "utf8");
    const open = "<!-- scenarios -->\n";
    const start = page.indexOf(open) + open.length;
    const expected = page.slice(0, start) + scenarioTable() + page.slice(page.indexOf("<!-- /scenarios -->"));
    if (process.env.UPDATE_PAGES) writeFileSync(path, expected);
    else assert.equal(page, expected, "run this test with UPDATE_PAGES=1 and read what has changed");
  });
});

describe("the console's page of the simulation", () => {
  it("has words of its own for each of them", () => {
    const words = faultScenarios.map(({ name }) => scenarioText(name));
    assert.equal(new Set(words).size, words.length);
    for (const { name } of faultScenarios)
      assert.notEqual(scenarioText(name).toLowerCase(), name.replaceAll("-", " "), name);
  });
});
