import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { aKind, kindText, knownKinds } from "./kind-words.ts";

describe("kinds of devices", () => {
  it("are those that the cloud knows, each in words", () => {
    const files = globSync(join(import.meta.dirname, "../../profiles/*.json"));
    assert.deepEqual(knownKinds.toSorted(), files.map((file) => basename(file, ".json")).sort());
    for (const kind of knownKinds) assert.doesNotMatch(kindText(kind), /iot|voip|\btv\b|[a-z]-[a-z]+-phone/);
  });

  it("have their article, and stay readable where nobody has words for them", () => {
    assert.equal(aKind("tv"), "a television");
    assert.equal(aKind("older-phone"), "an older phone");
    assert.equal(kindText("robot-mower"), "robot mower");
    assert.equal(kindText("toString"), "toString");
  });
});
