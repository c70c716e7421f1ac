import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { createNullTarget } from "./null-target.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-null-"));
after(() => rmSync(root, { recursive: true, force: true }));

describe("the null target", () => {
  it("is a device with an identity and storage, and nothing else", () => {
    const target = createNullTarget({ id: "0001", storageDirectory: join(root, "ps") });
    assert.equal(target.unit.id, "0001");
    assert.deepEqual(target.radioDrivers, []);
    assert.deepEqual(target.network.links(), []);
    target.network.renewAddress("eth0");
    target.storage.open("dm").set("key", "value");
    target.close();
    target.close();
    const again = createNullTarget({ id: "0001", storageDirectory: join(root, "ps") });
    assert.equal(again.storage.open("dm").get("key"), "value");
  });
});
