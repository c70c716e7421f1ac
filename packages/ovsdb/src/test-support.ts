/** Shared by tests: a seeded database, transactions written as JSON, a directory that goes away. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import type { Engine, ExecuteContext } from "./engine.ts";
import { type JsonValue, parseJson } from "./json.ts";
import { parseOperations } from "./parse-operations.ts";
import { resultsToText } from "./result-json.ts";
import { schemaFromJson } from "./schema.ts";

/** The JSON of a schema whose tables are all root tables unless `isRoot` says otherwise somewhere. */
export function schemaJson(tables: JsonValue): JsonValue {
  return { name: "Test", version: "1.0.0", tables };
}

export function newDatabase(tables: JsonValue, seed = 1): Database {
  return new Database(schemaFromJson(schemaJson(tables)), { random: new SeededRandom(seed) });
}

/** Executes operations given as JSON; the reply of a blocked wait is the one it would get when its time is over. */
export function transact(engine: Engine, operations: readonly JsonValue[], context?: ExecuteContext): JsonValue[] {
  const parsed = parseOperations(engine.schema, operations);
  const execution = engine.execute(parsed, context);
  const results = execution.kind === "blocked" ? execution.timedOut : execution.results;
  return parseJson(resultsToText(engine.schema, parsed, results)) as JsonValue[];
}

/** A directory for the test's files, removed at its end. */
export function temporaryDirectory(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "ovsdb-test-"));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** False, or why tests with the program of Open vSwitch are skipped. */
export function without(program: string): string | false {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return false;
  } catch {
    return `${program} is not installed`;
  }
}
