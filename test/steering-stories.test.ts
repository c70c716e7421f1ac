import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "./support/processes.ts";
import { startHome } from "./support/steering-home.ts";
import { stories } from "./support/steering-stories.ts";
import { matches, storiesOf } from "./support/transcripts.ts";

const page = "docs/steering.md";
const told = storiesOf(readFileSync(join(root, page), "utf8"));

describe("the guide's commands, as the page tells of them", () => {
  it("are told of every client that there is a role for, and of no other", () => {
    assert.deepEqual([...told.keys()].toSorted(), Object.keys(stories).toSorted());
  });

  for (const [name, steps] of told) {
    it(name, async () => {
      await using home = await startHome(stories[name] ?? {});
      for (const { line, command, expected } of steps) {
        const actual = await home.run(command);
        assert.ok(
          matches(expected, actual),
          `${page}:${line}: $ ${command}\n--- the page says\n${expected.join("\n")}\n--- it printed\n${actual}`,
        );
      }
    });
  }
});
