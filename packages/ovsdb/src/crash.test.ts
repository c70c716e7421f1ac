import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crash } from "./test-crash.ts";
import { temporaryDirectory } from "./test-support.ts";

const rounds = Number(process.env.OVSDB_CRASH_ROUNDS ?? 6);

describe("a server that is killed under load, while it compacts its file", () => {
  it(`has lost nothing that it had acknowledged (${rounds} rounds)`, async (t) => {
    const result = await crash(temporaryDirectory(t), rounds, 1);
    t.diagnostic(`${result.acknowledged} acknowledged, ${result.torn} torn ends`);
    assert.deepEqual(result.unopened, []);
    assert.equal(result.lost, 0);
    assert.ok(result.acknowledged > rounds * 10);
  });
});
