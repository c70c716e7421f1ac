import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { root, run, Service, temporaryDirectory } from "./support/processes.ts";
import { matches, transcriptsOf } from "./support/transcripts.ts";

const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root });

describe("documentation", () => {
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    const steps = transcriptsOf(text);

    if (steps.length > 0) {
      it(`${page}: every command prints what the page says`, async () => {
        using directory = temporaryDirectory("docs");
        const home = new Service("opensync", ["up"], { cwd: directory.path });
        try {
          await home.until(/all settled, 8 clients/);
          for (const { line, command, expected } of steps) {
            // The same commands without npx: what npm itself says depends on the machine.
            const result = await run("sh", ["-c", command.replace(/^npx /, "")], {
              cwd: directory.path,
            });
            const actual = result.stdout + result.stderr;
            assert.ok(
              matches(expected, actual),
              `${page}:${line}: $ ${command}\n--- the page says\n${expected.join("\n")}\n--- it printed\n${actual}`,
            );
          }
        } finally {
          await home.stop();
        }
      });
    }

    it(`${page}: links lead somewhere`, () => {
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
        assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target} does not exist`);
      }
    });
  }
});

describe("transcripts", () => {
  it("are the console blocks, command by command", () => {
    const steps = transcriptsOf("x\n```console\n$ a b\none\ntwo\n$ c\n```\n```sh\n$ not this\n```\n");
    assert.deepEqual(steps, [
      { line: 3, command: "a b", expected: ["one", "two"] },
      { line: 6, command: "c", expected: [] },
    ]);
  });

  it("match exactly but for what is left open", () => {
    assert.ok(matches(["a…z", "…", "end"], "abcz\nmore\nlines\nend\n"));
    assert.ok(!matches(["a"], "a\nb\n"));
    assert.ok(!matches(["a.c"], "abc\n"));
    assert.ok(matches([], ""));
  });
});
