import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";

/** In a process of its own, as the test runner has handlers for uncaught errors itself. */
const script = `
  const { guardProcess } = await import(${JSON.stringify(new URL("./process-guard.ts", import.meta.url).href)});
  const { ManagerScope } = await import("@opensync-ts/managers/dm/scope");
  guardProcess((error) => console.log("own:", error.message));
  const cm = new ManagerScope((error) => console.log("cm:", error.message));
  cm.run(() => {
    setTimeout(() => { throw new Error("thrown in a timer"); }, 1);
  });
  const nm = new ManagerScope((error) => console.log("nm:", error.message));
  nm.run(() => void (async () => { await null; throw new Error("rejected"); })());
  setTimeout(() => { throw new Error("nobody's"); }, 2);
`;

describe("the guard of a process with nodes", () => {
  it("charges an error that nobody caught to the manager whose it is, and passes on what is nobody's", () => {
    const output = execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", script], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    assert.deepEqual(output.trim().split("\n").sort(), ["cm: thrown in a timer", "nm: rejected", "own: nobody's"]);
  });
});
