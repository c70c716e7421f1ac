import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row } from "@opensync-ts/schema/opensync";
import { nfmLimits } from "./limits.ts";
import { expandRule, Tags } from "./tags.ts";

const tags = new Tags({
  tags: [
    { name: "guest", device_value: ["d1", "both"], cloud_value: ["c1", "both"] },
    { name: "many", device_value: Array.from({ length: 40 }, (_, index) => `v${index}`), cloud_value: [] },
  ] as unknown as readonly Row<"Openflow_Tag">[],
  localTags: [{ name: "guest", values: ["l1"] }] as unknown as readonly Row<"Openflow_Local_Tag">[],
  groups: [{ name: "all", tags: ["#guest", "nobody", "*guest"] }] as unknown as readonly Row<"Openflow_Tag_Group">[],
});

describe("tags in a rule", () => {
  for (const [text, expanded] of [
    ["-s 1", ["-s 1"]],
    [`-s \${guest}`, ["-s both", "-s c1", "-s d1", "-s l1"]],
    [`-s \${@guest}`, ["-s both", "-s d1"]],
    [`-s \${#guest} -d x`, ["-s both -d x", "-s c1 -d x"]],
    [`-s \${*guest}`, ["-s l1"]],
    ["-s $[all]", ["-s both", "-s c1", "-s l1"]],
    [`-s \${*guest} -d \${@guest}`, ["-s l1 -d both", "-s l1 -d d1"]],
    [`-s \${nobody}`, []],
    [`-s \${*guest} -d \${nobody}`, []],
    ["-s $[nobody]", []],
    [`-s \${unfinished`, [`-s \${unfinished`]],
  ] as const) {
    it(`make of '${text}' ${expanded.length} rules`, () => {
      assert.deepEqual(expandRule(text, tags), expanded);
    });
  }

  it("are so many at most, and so many rules come of them", () => {
    assert.throws(() => expandRule(`\${many} \${many}`, tags), RangeError);
    assert.throws(() => expandRule(`\${*guest} `.repeat(nfmLimits.tagsPerRule + 1), tags), RangeError);
  });
});
