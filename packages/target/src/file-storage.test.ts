import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { createFileStorage } from "./file-storage.ts";
import { maxKeysPerStore } from "./limits.ts";
import type { StorageDamage } from "./storage.ts";
import { encodeStore } from "./store-file.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-storage-"));
after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function fresh() {
  const directory = join(root, String(count++));
  const damages: StorageDamage[] = [];
  const open = () => createFileStorage({ directory, onDamage: (damage) => damages.push(damage) });
  return { directory, damages, open };
}

describe("persistent storage on a directory", () => {
  it("survives a restart", () => {
    const { open } = fresh();
    const store = open().open("cm");
    store.set("manager_addr", "ssl:cloud:6640");
    store.set("gone", "1");
    store.delete("gone");
    const again = open().open("cm");
    assert.equal(again.get("manager_addr"), "ssl:cloud:6640");
    assert.deepEqual(again.keys(), ["manager_addr"]);
  });

  it("keeps stores apart and knows one store by one name", () => {
    const storage = fresh().open();
    storage.open("a").set("key", "a");
    assert.equal(storage.open("b").get("key"), undefined);
    assert.equal(storage.open("a").get("key"), "a");
  });

  it("is readable by its owner only", () => {
    const { directory, open } = fresh();
    open().open("secrets").set("psk", "x");
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.equal(statSync(join(directory, "secrets.json")).mode & 0o777, 0o600);
  });

  it("shows what another process has written", () => {
    const { open } = fresh();
    const ours = open().open("shared");
    const theirs = open().open("shared");
    ours.set("a", "1");
    assert.equal(theirs.get("a"), "1");
    theirs.set("b", "2");
    assert.deepEqual(ours.keys(), ["a", "b"]);
  });

  it("falls back to the previous version of a damaged store, keeps the damaged file and reports it once", () => {
    const { directory, damages, open } = fresh();
    const store = open().open("dm");
    store.set("boot", "1");
    store.set("boot", "2");
    const file = join(directory, "dm.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"2"', '"3"'));
    const again = open().open("dm");
    assert.equal(again.get("boot"), "1");
    assert.equal(again.get("boot"), "1");
    assert.deepEqual(
      damages.map(({ store, recovered, reason }) => ({ store, recovered, reason })),
      [{ store: "dm", recovered: "previous version", reason: "the checksum does not match the content" }],
    );
    assert.ok(existsSync(`${file}.damaged`));
    again.set("boot", "4");
    assert.equal(open().open("dm").get("boot"), "4");
  });

  it("starts empty, and says so, when the previous version is damaged too", () => {
    const { directory, damages, open } = fresh();
    const store = open().open("dm");
    store.set("boot", "1");
    store.set("boot", "2");
    writeFileSync(join(directory, "dm.json"), "");
    writeFileSync(join(directory, "dm.json.previous"), "{}");
    assert.deepEqual(open().open("dm").keys(), []);
    assert.equal(damages[0]?.recovered, "nothing");
  });

  it("refuses names that would leave the directory, and says what a name is", () => {
    const storage = fresh().open();
    for (const name of ["", "..", "../x", "a/b", ".hidden", "x".repeat(65)]) {
      assert.throws(() => storage.open(name), /cannot name a persistent store: use up to 64 letters/);
    }
  });

  it("refuses keys and values beyond its bounds, and keeps what it has", () => {
    const { directory, open } = fresh();
    const store = open().open("full");
    assert.throws(() => store.set("", "x"), /a key has 1 to 256 characters/);
    assert.throws(() => store.set("k", "x".repeat(1_048_577)), /longer than 1048576/);
    const many = new Map(Array.from({ length: maxKeysPerStore }, (_, index) => [`k${index}`, ""]));
    writeFileSync(join(directory, "full.json"), encodeStore(many));
    assert.throws(() => store.set("one more", ""), /full \(4096 keys\)/);
    store.set("k0", "changed");
    assert.equal(open().open("full").get("k0"), "changed");
  });

  it("throws when the disk refuses, and the old value stands", () => {
    const { directory, open } = fresh();
    const store = open().open("ro");
    store.set("key", "old");
    // A directory in the way of the temporary file makes the write fail, whoever runs this.
    mkdirSync(join(directory, `ro.json.${process.pid}.tmp`));
    assert.throws(
      () => store.set("key", "new"),
      /persistent store 'ro' .*cannot be written: EISDIR.*nothing has changed; make room on the disk, or make it writable/,
    );
    assert.equal(store.get("key"), "old");
    assert.equal(open().open("ro").get("key"), "old");
  });

  it("removes what a process that died has left half written, and not what a living one writes", () => {
    const { directory, open } = fresh();
    open().open("dm").set("a", "1");
    const dead = join(directory, "dm.json.99999999.tmp");
    const alive = join(directory, `dm.json.${process.ppid}.tmp`);
    for (const file of [dead, alive]) writeFileSync(file, "half");
    assert.equal(open().open("dm").get("a"), "1");
    assert.deepEqual([existsSync(dead), existsSync(alive)], [false, true]);
  });

  it("counts keys, bytes and writes, of every store there is", () => {
    const { open } = fresh();
    const storage = open();
    const store = storage.open("cm");
    store.set("a", "1");
    store.set("a", "1");
    store.write(
      new Map([
        ["b", "2"],
        ["c", "3"],
      ]),
    );
    storage.open("reboot", { preserve: true }).set("d", "4");
    const views = storage.stores().map(({ name, preserve, keys, writes }) => ({ name, preserve, keys, writes }));
    assert.deepEqual(views, [
      { name: "cm", preserve: false, keys: 3, writes: 2 },
      { name: "reboot", preserve: true, keys: 1, writes: 1 },
    ]);
    const [cm] = open().stores();
    assert.deepEqual([cm?.keys, cm?.writes, cm?.bytesWritten, cm?.bytes], [3, 0, 0, storage.stores()[0]?.bytes]);
  });

  it("keeps at a factory reset what is to be preserved, and nothing else, no older version either", () => {
    const { directory, open } = fresh();
    const storage = open();
    for (const preserve of [false, true]) {
      const store = storage.open("wifi", { preserve });
      store.set("psk", "old secret");
      store.set("psk", "secret");
    }
    writeFileSync(join(directory, "gone.json.damaged"), "secret");
    storage.eraseAll({ preserved: false });
    assert.deepEqual(readdirSync(directory), ["preserved"]);
    assert.equal(storage.open("wifi").get("psk"), undefined);
    assert.equal(open().open("wifi", { preserve: true }).get("psk"), "secret");
    storage.eraseAll({ preserved: true });
    assert.deepEqual(readdirSync(join(directory, "preserved")), []);
  });
});
