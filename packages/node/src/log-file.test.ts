import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { LogRecord } from "@opensync-ts/base/log";
import { LogFile, logFilesOf } from "./log-file.ts";

const directory = mkdtempSync(join(tmpdir(), "opensync-log-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const record = (text: string): LogRecord => ({ time: 0, severity: "INFO", name: "CM", module: "MAIN", text });

describe("a node's log file", () => {
  it("is readable by its owner only, and is continued", () => {
    const path = join(directory, "a.log");
    for (const text of ["first", "second"]) {
      const file = new LogFile(path);
      file.sink(record(text));
      file.close();
    }
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.match(readFileSync(path, "utf8"), /first\n.*second\n/);
  });

  it("never grows past its bound, and keeps so many old files and no more", () => {
    const path = join(directory, "b.log");
    const file = new LogFile(path, { maxBytes: 500, oldFiles: 2 });
    for (let i = 0; i < 100; i++) file.sink(record(`line ${i}`));
    file.close();
    for (const name of [path, `${path}.1`, `${path}.2`]) assert.ok(statSync(name).size <= 500, name);
    assert.ok(!existsSync(`${path}.3`));
    assert.deepEqual(logFilesOf(path), [path, `${path}.1`, `${path}.2`]);
    assert.deepEqual(logFilesOf(join(directory, "none.log")), []);
    assert.match(readFileSync(path, "utf8"), /line 99\n$/);
    assert.match(readFileSync(`${path}.1`, "utf8"), /line \d+\n/);
  });

  it("takes nothing after it was closed", () => {
    const path = join(directory, "c.log");
    const file = new LogFile(path);
    file.close();
    file.close();
    file.sink(record("late"));
    assert.equal(statSync(path).size, 0);
  });
});
