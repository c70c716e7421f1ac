import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Emitter } from "./emitter.ts";
import { makePrivateDirectory, writeFileAtomic } from "./files.ts";
import { BoundedQueue } from "./queue.ts";
import { SeededRandom, SystemRandom } from "./random.ts";
import { mac, parseMac } from "./units.ts";

describe("Emitter", () => {
  it("calls listeners in order and stops after unsubscribing, also within an event", () => {
    const emitter = new Emitter<{ tick: number }>();
    const seen: string[] = [];
    emitter.on("tick", (n) => {
      seen.push(`a${n}`);
      removeSecond();
    });
    const removeSecond = emitter.on("tick", (n) => seen.push(`b${n}`));
    emitter.emit("tick", 1);
    assert.deepEqual(seen, ["a1"]);
    assert.equal(emitter.listenerCount("tick"), 1);
  });

  it("counts one function registered twice as two listeners", () => {
    const emitter = new Emitter<{ tick: null }>();
    let calls = 0;
    const listener = () => {
      calls++;
    };
    emitter.on("tick", listener);
    emitter.on("tick", listener);
    emitter.emit("tick", null);
    assert.equal(calls, 2);
  });
});

describe("BoundedQueue", () => {
  it("refuses and counts what does not fit", () => {
    const queue = new BoundedQueue<number>(2);
    assert.deepEqual([queue.push(1), queue.push(2), queue.push(3)], [true, true, false]);
    assert.equal(queue.dropped, 1);
    assert.deepEqual([queue.shift(), queue.shift(), queue.shift()], [1, 2, undefined]);
  });

  it("keeps order over many turns", () => {
    const queue = new BoundedQueue<number>(100);
    let next = 0;
    for (let i = 0; i < 1000; i++) {
      queue.push(i);
      if (i % 3 !== 0) assert.equal(queue.shift(), next++);
      if (queue.size > 90) while (queue.size > 0) assert.equal(queue.shift(), next++);
    }
  });
});

describe("Random", () => {
  it("gives the same stream for the same seed, another for another", () => {
    const draw = (seed: string) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.next()
        )(new SeededRandom(seed)),
      );
    assert.deepEqual(draw("home"), draw("home"));
    assert.notDeepEqual(draw("home"), draw("farm"));
  });

  it("forks independent streams by name", () => {
    const a = new SeededRandom(1).fork("x");
    const b = new SeededRandom(1).fork("y");
    assert.notEqual(a.next(), b.next());
  });

  it("fills its range evenly enough", () => {
    const random = new SeededRandom(7);
    const counts = new Map<number, number>();
    for (let i = 0; i < 10_000; i++) {
      const value = random.integer(10);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.equal(counts.size, 10);
    for (const [value, count] of counts) assert.ok(Math.abs(count - 1000) < 150, `${value}: ${count}`);
  });

  it("makes version 4 UUIDs", () => {
    const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const random of [new SeededRandom(3), new SystemRandom()]) assert.match(random.uuid(), pattern);
  });
});

describe("writeFileAtomic", () => {
  it("replaces the whole file, readable by the owner only", () => {
    const directory = mkdtempSync(join(tmpdir(), "base-"));
    try {
      const path = join(directory, "state.json");
      writeFileSync(path, "old");
      writeFileAtomic(path, "new");
      assert.equal(readFileSync(path, "utf8"), "new");
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const nested = join(directory, "a", "b");
      makePrivateDirectory(nested);
      assert.equal(statSync(nested).mode & 0o777, 0o700);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("leaves the old file when the new one cannot be written", () => {
    assert.throws(() => writeFileAtomic("/nonexistent-directory/file", "x"), /ENOENT/);
  });
});

describe("MAC addresses", () => {
  it("are lower case with colons", () => {
    assert.equal(parseMac("AA:bb:CC:00:11:22"), "aa:bb:cc:00:11:22");
    assert.equal(parseMac("AA-BB-CC-00-11-22"), undefined);
    assert.throws(() => mac("aa:bb"), /'aa:bb' is not a MAC address/);
  });
});
