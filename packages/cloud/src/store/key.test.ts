import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readKey, StoreKey } from "./key.ts";

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "opensync-key-"));
});
after(() => rmSync(directory, { recursive: true }));

describe("the key of a store", () => {
  it("is made once, for its owner alone, and made private again where it is not", () => {
    const file = join(directory, "store.key");
    const key = readKey(file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    chmodSync(file, 0o644);
    assert.equal(readKey(file).id, key.id);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!key.id.includes(readFileSync(file, "utf8").trim().slice(0, 16)));
  });

  it("is refused where the file holds something else, which stays as it is", () => {
    const file = join(directory, "other");
    writeFileSync(file, "secret");
    assert.throws(() => readKey(file), /other: not a key \(64 hexadecimal digits\)/);
    assert.equal(readFileSync(file, "utf8"), "secret");
  });

  it("opens what it has sealed, at that place, unchanged, and nothing else", () => {
    const key = new StoreKey(Buffer.alloc(32, 1));
    const sealed = key.seal("a passphrase, ünïcode", "home networks/0");
    assert.equal(key.open(sealed, "home networks/0"), "a passphrase, ünïcode");
    assert.notEqual(key.seal("a passphrase, ünïcode", "home networks/0"), sealed);
    assert.throws(() => key.open(sealed, "other networks/0"), /damaged/);
    const other = new StoreKey(Buffer.alloc(32, 2));
    assert.throws(() => other.open(sealed, "home networks/0"), /sealed with key [0-9a-f]{16}, and this is/);
    const bytes = sealed.split(":");
    for (let at = 0; at < (bytes[3]?.length ?? 0); at += 7) {
      const changed = `${bytes[3]?.slice(0, at)}${bytes[3]?.[at] === "A" ? "B" : "A"}${bytes[3]?.slice(at + 1)}`;
      assert.throws(() => key.open([...bytes.slice(0, 3), changed].join(":"), "home networks/0"), /damaged/);
    }
    for (const nothing of ["", "sealed:1::", `sealed:1:${key.id}:`, null, 7, "plain"]) {
      assert.throws(() => key.open(nothing, "home networks/0"), /secret of the store/);
    }
  });
});
