import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodeCommands } from "./node-commands.ts";

describe("what to run at the node", () => {
  it("names the node, as a shell takes it", () => {
    const commands = (node: string) => nodeCommands(node, "gateway").map(({ command }) => command);
    assert.ok(commands("gateway").includes("npx opensync doctor --node gateway"));
    assert.ok(commands("a 'b' $(c)").includes("npx opensync doctor --node 'a '\\''b'\\'' $(c)'"));
  });

  it("has the checklist for extenders for extenders", () => {
    const has = (role: string) => nodeCommands("x", role).some(({ command }) => command.includes("doctor extender"));
    assert.deepEqual([has("gateway"), has("extender")], [false, true]);
  });
});
