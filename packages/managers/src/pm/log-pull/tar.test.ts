import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { tarArchive } from "./tar.ts";

const withoutTar = spawnSync("tar", ["--version"]).error ? "the tar command is not installed" : false;
const time = Date.UTC(2026, 0, 2, 3, 4, 5);

describe("an archive", () => {
  it("is read by tar: names, sizes, times, contents", { skip: withoutTar }, () => {
    const contents = [0, 1, 511, 512, 513, 100_000].map((length) => Buffer.alloc(length, "x"));
    const archive = tarArchive(contents.map((content, index) => ({ name: `log/${index}.txt`, content, time })));
    const listed = execFileSync("tar", ["tvf", "-", "--utc", "--full-time"], { input: archive })
      .toString()
      .trim()
      .split("\n");
    assert.deepEqual(
      listed.map((line) => /^-rw------- 0\/0 +(\d+) 2026-01-02 03:04:05 (\S+)$/.exec(line)?.slice(1)),
      contents.map(({ length }, index) => [String(length), `log/${index}.txt`]),
    );
    for (const [index, content] of contents.entries()) {
      assert.ok(execFileSync("tar", ["xOf", "-", `log/${index}.txt`], { input: archive }).equals(content));
    }
  });

  it("has no names that others would read as something else", () => {
    for (const name of ["", "a b", "ä", "a\n", "x".repeat(101)]) {
      assert.throws(() => tarArchive([{ name, content: Buffer.alloc(0), time }]), /cannot be the name of a file/);
    }
  });
});
