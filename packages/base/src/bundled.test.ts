import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

const { isFresh } = createRequire(import.meta.url)("./bundled.cjs") as { isFresh(bundle: string): boolean };

describe("a command in one file", () => {
  let folder: string;
  let bundle: string;
  let source: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bundled-"));
    mkdirSync(join(folder, "out"));
    bundle = join(folder, "out", "tool.cjs");
    source = join(folder, "tool.ts");
    writeFileSync(source, "export {};");
    writeFileSync(bundle, "");
    const { size, mtimeMs } = statSync(source);
    writeFileSync(`${bundle}.json`, JSON.stringify({ inputs: [["../tool.ts", size, mtimeMs]] }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is used while no source of it has changed", () => {
    assert.equal(isFresh(bundle), true);
  });

  it("is not used once a source is newer, of another size, or gone", () => {
    const { mtimeMs } = statSync(source);
    utimesSync(source, new Date(), new Date(mtimeMs + 1000));
    assert.equal(isFresh(bundle), false);
    utimesSync(source, new Date(), new Date(mtimeMs));
    writeFileSync(source, "export { };");
    assert.equal(isFresh(bundle), false);
    rmSync(source);
    assert.equal(isFresh(bundle), false);
  });

  it("is not used where it is not there, or where what it was made of is not to be known", () => {
    writeFileSync(`${bundle}.json`, "{");
    assert.equal(isFresh(bundle), false);
    rmSync(`${bundle}.json`);
    assert.equal(isFresh(bundle), false);
  });

  it("leaves it to the launcher where there is none, with the arguments in their places", () => {
    const launcher = join(folder, "tool.mjs");
    writeFileSync(launcher, "process.stdout.write(JSON.stringify(process.argv.slice(1)));");
    const runner = join(import.meta.dirname, "bundled.cjs");
    const output = execFileSync(process.execPath, [runner, launcher, "one", "--two"], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), [launcher, "one", "--two"]);
  });
});
