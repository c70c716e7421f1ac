import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keptSearch } from "./kept-search.ts";

describe("a link to another page", () => {
  it("keeps the moment that is shown, and nothing else", () => {
    const at = "2026-01-02T03:04:05.000Z";
    assert.deepEqual(keptSearch({ at, table: "AWLAN_Node" } as { at: string }), { at });
    assert.deepEqual(keptSearch({ table: "AWLAN_Node" } as { at?: string }), {});
  });
});
