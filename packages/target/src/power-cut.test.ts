import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFileStorage } from "./file-storage.ts";
import type { PersistentStorage, StorageDamage } from "./storage.ts";
import { SimulatedDisk, writing } from "./testing/simulated-disk.ts";

const directory = "/node/ps";
const file = `${directory}/wifi.json`;

function open(disk: SimulatedDisk): { readonly storage: PersistentStorage; readonly damages: StorageDamage[] } {
  const damages: StorageDamage[] = [];
  return { storage: createFileStorage({ directory, ops: disk, onDamage: (damage) => damages.push(damage) }), damages };
}

function contents(disk: SimulatedDisk): { readonly [key: string]: string | undefined } {
  const store = open(disk).storage.open("wifi");
  return Object.fromEntries(store.keys().map((key) => [key, store.get(key)]));
}

/** A disk on which the store was written so often, last of all with ssid and psk of that time. */
function written(times: number): SimulatedDisk {
  const disk = new SimulatedDisk("/node");
  const store = open(disk).storage.open("wifi");
  for (let time = 1; time <= times; time++)
    store.write(
      new Map([
        ["ssid", `home ${time}`],
        ["psk", `secret ${time}`],
      ]),
    );
  return disk;
}

const version = (time: number) => (time === 0 ? {} : { psk: `secret ${time}`, ssid: `home ${time}` });

const next = new Map([
  ["ssid", "new"],
  ["psk", "new secret"],
]);
const changed = { psk: "new secret", ssid: "new" };

interface Case {
  readonly name: string;
  readonly disk: () => SimulatedDisk;
  readonly act: (storage: PersistentStorage) => void;
  readonly before: object;
  readonly after: object;
}

const spoil = (disk: SimulatedDisk): SimulatedDisk => {
  disk.corrupt(file, (data) => data.subarray(0, 40));
  return disk;
};

const cases: readonly Case[] = [
  ...[0, 1, 2, 3].map(
    (times): Case => ({
      name: `write number ${times + 1}`,
      disk: () => written(times),
      act: (storage) => storage.open("wifi").write(next),
      before: version(times),
      after: changed,
    }),
  ),
  {
    name: "the deletion of all keys",
    disk: () => written(2),
    act: (storage) => storage.open("wifi").erase(),
    before: version(2),
    after: {},
  },
  {
    name: "the removal of the store",
    disk: () => written(2),
    act: (storage) => storage.erase("wifi"),
    before: version(2),
    after: {},
  },
  {
    name: "a factory reset",
    disk: () => written(3),
    act: (storage) => storage.eraseAll({ preserved: false }),
    before: version(3),
    after: {},
  },
  {
    name: "the recovery of a damaged store",
    disk: () => spoil(written(2)),
    act: (storage) => storage.open("wifi"),
    before: version(1),
    after: version(1),
  },
  {
    name: "a write to a damaged store",
    disk: () => spoil(written(2)),
    act: (storage) => storage.open("wifi").write(next),
    before: version(1),
    after: changed,
  },
  {
    name: "a write to a store that has vanished",
    disk: () => {
      const disk = written(2);
      disk.lose(file);
      return disk;
    },
    act: (storage) => storage.open("wifi").write(next),
    before: version(1),
    after: changed,
  },
];

describe("a power cut", () => {
  for (const { name, disk: make, act, before, after } of cases) {
    it(`at any point of ${name} leaves the store as before or as after`, () => {
      let calls = 0;
      let cuts = 0;
      for (let finished = false; !finished; calls++) {
        const cut = () => {
          const disk = make();
          disk.calls = 0;
          disk.cutBefore = calls;
          try {
            act(open(disk).storage);
          } catch {
            // The power was cut, which is the point.
          }
          return disk;
        };
        const probe = cut();
        finished = !probe.isOff;
        const pending = probe.pending;
        assert.ok(pending <= 8, `${pending} changes at the mercy of the disk`);
        for (let survivors = 0; survivors < 2 ** pending; survivors++) {
          const disk = cut();
          disk.powerOn(survivors);
          const seen = contents(disk);
          const where = `before call ${calls}, survivors ${survivors.toString(2)}`;
          const expected = finished ? [after] : [before, after];
          assert.ok(
            expected.some((each) => JSON.stringify(each) === JSON.stringify(seen)),
            `${where}: ${JSON.stringify(seen)}`,
          );
          open(disk).storage.open("wifi").set("works", "again");
          assert.equal(contents(disk).works, "again", where);
          assert.ok(
            disk.list(directory).every((each) => !each.endsWith(".tmp")),
            where,
          );
          cuts++;
        }
      }
      assert.ok(calls > 5 && cuts > calls, `${calls} calls, ${cuts} cuts`);
    });
  }
});

describe("a damaged store", () => {
  const ways: readonly (readonly [string, (disk: SimulatedDisk) => void, RegExp])[] = [
    ["is empty", (disk) => disk.corrupt(file, () => Buffer.alloc(0)), /the file is empty/],
    ["is full of zeros", (disk) => disk.corrupt(file, (data) => data.fill(0)), /header line/],
    ["has vanished", (disk) => disk.lose(file), /the file has vanished/],
    [
      "is a directory",
      (disk) => {
        disk.lose(file);
        disk.makeDirectory(file);
      },
      /a directory is in its place/,
    ],
  ];
  for (const [name, harm, reason] of ways) {
    it(`that ${name} is stood in for by the version before, once and for all`, () => {
      const disk = written(3);
      harm(disk);
      const { storage, damages } = open(disk);
      assert.equal(storage.open("wifi").get("ssid"), "home 2");
      assert.deepEqual(
        damages.map(({ recovered }) => recovered),
        ["previous version"],
      );
      assert.match(damages[0]?.reason ?? "", reason);
      assert.deepEqual(contents(disk), version(2));
      assert.deepEqual(open(disk).damages, []);
    });
  }

  it("is found out at every length it can be cut to, and with every bit that can flip", () => {
    const { length } = written(2).read(file);
    const harms = [
      ...Array.from({ length }, (_, at) => (data: Buffer) => data.subarray(0, at)),
      ...Array.from({ length: length * 8 }, (_, bit) => (data: Buffer) => {
        data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return data;
      }),
    ];
    for (const harm of harms) {
      const disk = written(2);
      disk.corrupt(file, harm);
      assert.deepEqual(contents(disk), version(1));
    }
  });

  it("on a read-only disk is served from the version before; writing says what to do, and works when the disk does", () => {
    const disk = spoil(written(3));
    disk.failing = { code: "EROFS", calls: writing };
    const { storage, damages } = open(disk);
    const store = storage.open("wifi");
    assert.equal(store.get("ssid"), "home 2");
    assert.equal(store.get("psk"), "secret 2");
    assert.equal(damages.length, 1);
    assert.match(store.damage?.reason ?? "", /header line.*|checksum.*; not repaired: EROFS/);
    assert.throws(() => store.set("ssid", "x"), /'wifi' \(\/node\/ps\/wifi.json\): cannot be written: EROFS/);
    assert.equal(store.get("ssid"), "home 2");
    disk.failing = null;
    store.set("ssid", "new");
    assert.deepEqual(contents(disk), { psk: "secret 2", ssid: "new" });
    // What was damaged has not become the version to fall back to.
    disk.corrupt(file, () => Buffer.alloc(0));
    assert.deepEqual(contents(disk), version(2));
  });

  it("on a read-only disk without any store is empty, and nothing is made", () => {
    const disk = new SimulatedDisk("/node");
    disk.failing = { code: "EROFS", calls: writing };
    const { storage } = open(disk);
    assert.deepEqual([storage.open("wifi").keys(), storage.stores()], [[], []]);
    assert.throws(() => storage.open("wifi").set("a", "1"), /cannot be written: EROFS/);
  });
});

describe("a disk that refuses", () => {
  for (const call of ["create", "write", "sync", "link", "rename", "open"] as const) {
    it(`to ${call} leaves the old values, now and after a restart`, () => {
      const disk = written(2);
      const { storage } = open(disk);
      const store = storage.open("wifi");
      disk.failing = { code: "EIO", calls: new Set([call]) };
      assert.throws(() => store.write(next), /cannot be written: EIO/);
      assert.equal(store.get("ssid"), "home 2");
      disk.failing = null;
      assert.equal(store.get("ssid"), "home 2");
      assert.deepEqual(contents(disk), version(2));
      store.write(next);
      assert.deepEqual(contents(disk), changed);
    });
  }

  it("after any number of bytes, for lack of room, leaves the old values and no litter", () => {
    for (let room = 0; room < 200; room += 7) {
      const disk = written(2);
      const store = open(disk).storage.open("wifi");
      disk.room = room;
      assert.throws(() => store.set("long", "x".repeat(300)), /ENOSPC/);
      assert.equal(store.get("ssid"), "home 2");
      assert.deepEqual(
        disk.list(directory).filter((name) => name.endsWith(".tmp")),
        [],
      );
      disk.room = Number.POSITIVE_INFINITY;
      assert.deepEqual(contents(disk), version(2));
    }
  });

  it("to link keeps the version before as a copy", () => {
    const disk = written(1);
    disk.failing = { code: "EPERM", calls: new Set(["link"]) };
    open(disk).storage.open("wifi").write(next);
    disk.corrupt(file, () => Buffer.alloc(0));
    assert.deepEqual(contents(disk), version(1));
  });
});
