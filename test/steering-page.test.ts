import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openSync } from "@opensync-ts/schema/opensync";

const page = readFileSync(join(import.meta.dirname, "../docs/steering.md"), "utf8");

describe("docs/steering.md", () => {
  for (const table of ["Band_Steering_Config", "Band_Steering_Clients"] as const) {
    it(`says what each column of ${table} does, or why it does nothing`, () => {
      const [, section = ""] = page.split(`## ${table}\n`);
      const [own = ""] = section.split("\n## ");
      const told = [...own.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names = ""]) =>
        [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
      );
      const columns = Object.keys(openSync.tables[table].columns);
      assert.deepEqual(told.toSorted(), columns.toSorted());
    });
  }
});
