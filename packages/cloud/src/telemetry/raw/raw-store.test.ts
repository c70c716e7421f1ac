import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import * as limits from "../limits.ts";
import { RawStore, type RawStoreOptions } from "./raw-store.ts";
import { checkOf, type RawRecord } from "./record.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-raw-"));
after(() => rmSync(root, { recursive: true }));

let directory: string;
let clock: VirtualClock;
let ring: LogRing;
let runs = 0;
beforeEach(() => {
  directory = join(root, String(++runs));
  clock = new VirtualClock();
  ring = new LogRing(100);
});

const open = (more: Partial<RawStoreOptions> = {}) =>
  RawStore.open({
    directory,
    policy: () => ({ rawHours: 6, rawMegabytes: 32 }),
    clock,
    log: Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 }),
    segmentBytes: 4_000,
    ...more,
  });

async function opened() {
  const store = await open();
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

function record(number: number, node = "gateway", bytes = 300): RawRecord {
  return {
    at: clock.wallTime(),
    node,
    kind: "stats",
    topic: "/ap/gateway/opensync",
    payload: Buffer.alloc(bytes, number),
  };
}

const question = (more: object = {}) => ({
  node: "gateway",
  from: 0,
  to: clock.wallTime() + 1,
  ...more,
});
const numbers = (records: readonly RawRecord[]) => records.map(({ payload }) => payload[0]);
const warnings = () =>
  ring
    .records()
    .filter(({ severity }) => severity === "WARNING")
    .map(({ text }) => text);

describe("raw payloads", () => {
  it("of several nodes are read back from just before a time, the last of each, across files", async () => {
    await using store = await opened();
    for (let number = 0; number < 40; number++) {
      store.append(record(number));
      if (number % 4 === 0) store.append(record(100 + number, "pod"));
      store.append(record(250, "stranger"));
      if (number % 5 === 0) await store.flush();
      await clock.advance(1_000);
    }
    await store.flush();
    assert.ok(readdirSync(directory).filter((name) => name.endsWith(".seg")).length > 3);
    const ask = (seconds: number, perNode = 64) => {
      const to = clock.wallTime() - seconds * 1_000;
      return store.readLast({ nodes: ["gateway", "pod", "absent"], from: to - 6_000, to, perNode });
    };
    assert.deepEqual(numbers(await ask(0)), [34, 35, 36, 136, 37, 38, 39]);
    assert.deepEqual(numbers(await ask(20)), [14, 15, 16, 116, 17, 18, 19]);
    assert.deepEqual(numbers(await ask(0, 2)), [136, 38, 39]);
    assert.deepEqual(numbers(await ask(-3_600)), []);
  });

  it("are read back as they were published, by node and time, also after a restart", async () => {
    const store = await open();
    const times: number[] = [];
    for (let number = 0; number < 40; number++) {
      times.push(clock.wallTime());
      store.append(record(number));
      if (number % 4 === 0) store.append(record(200, "pod"));
      await store.flush();
      await clock.advance(1_000);
    }
    const all = await store.read(question());
    assert.deepEqual(
      numbers(all.records),
      Array.from({ length: 40 }, (_, number) => number),
    );
    assert.equal(all.next, null);
    assert.deepEqual(all.records[7], { ...record(7), at: times[7] });
    assert.equal((await store.read(question({ node: "pod" }))).records.length, 10);
    assert.deepEqual((await store.read(question({ node: "nobody" }))).records, []);
    await store.close();
    assert.ok(readdirSync(directory).filter((name) => name.endsWith(".seg")).length > 2);
    for (const name of readdirSync(directory)) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name);
    const again = await open();
    assert.deepEqual((await again.read(question())).records, all.records);
    const some = await again.read(question({ from: times[10], to: times[13] }));
    assert.deepEqual(numbers(some.records), [10, 11, 12]);
    again.append(record(40));
    assert.deepEqual(numbers((await again.read(question({ from: times[39] }))).records), [39, 40]);
    await again.close();
  });

  it("come a page at a time", async () => {
    const store = await open();
    for (let number = 0; number < 25; number++) store.append(record(number));
    const seen: (number | undefined)[] = [];
    let after: string | undefined;
    for (let page = 0; page < 10; page++) {
      const answer = await store.read(question({ limit: 10, ...(after !== undefined && { after }) }));
      seen.push(...numbers(answer.records));
      if (answer.next === null) break;
      after = answer.next;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, number) => number),
    );
    await store.close();
  });

  it("lose only what is not whole at the end of the last file", async () => {
    const store = await open({ segmentBytes: 1_000_000 });
    for (let number = 0; number < 5; number++) store.append(record(number));
    await store.close();
    const [name = ""] = readdirSync(directory);
    const path = join(directory, name);
    truncateSync(path, statSync(path).size - 10);
    const cut = await open({ segmentBytes: 1_000_000 });
    assert.deepEqual(numbers((await cut.read(question())).records), [0, 1, 2, 3]);
    assert.match(warnings()[0] ?? "", /bytes are no whole payload; cut off/);
    cut.append(record(9));
    await cut.close();
    appendFileSync(path, Buffer.alloc(5_000, 0xff));
    const garbage = await open({ segmentBytes: 1_000_000 });
    assert.deepEqual(numbers((await garbage.read(question())).records), [0, 1, 2, 3, 9]);
    await garbage.close();
  });

  it("do without an index that is damaged or gone", async () => {
    const store = await open();
    for (let number = 0; number < 30; number++) {
      store.append(record(number));
      await store.flush();
    }
    await store.close();
    const indexes = readdirSync(directory).filter((name) => name.endsWith(".idx"));
    assert.ok(indexes.length >= 2);
    writeFileSync(join(directory, indexes[0] ?? ""), '{"format":"opensync-raw-index"');
    rmSync(join(directory, indexes[1] ?? ""));
    const again = await open();
    assert.equal((await again.read(question())).records.length, 30);
    assert.match(readFileSync(join(directory, indexes[1] ?? ""), "utf8"), /opensync-raw-index/);
    await again.close();
  });

  it("do not believe an index that points nowhere", async () => {
    const store = await open();
    for (let number = 0; number < 30; number++) {
      store.append(record(number));
      await store.flush();
    }
    await store.close();
    const index = join(directory, readdirSync(directory).find((name) => name.endsWith(".idx")) ?? "");
    const text = readFileSync(index, "utf8");
    const { nodes, ...rest } = JSON.parse(text);
    const wild = nodes.gateway.map((value: number, at: number) => (at % 4 === 2 ? 1e12 : value));
    writeFileSync(index, JSON.stringify({ ...rest, nodes: { gateway: wild } }));
    const again = await open();
    const { records } = await again.read(question());
    assert.ok(records.length > 0 && records.length < 30);
    await again.close();
  });

  it("go when they are too old, and when they are too many", async () => {
    const store = await open({ segmentBytes: 8 * 1024 * 1024 });
    const large = (number: number) => record(number, "gateway", 1024 * 1024);
    for (let number = 0; number < 60; number++) {
      store.append(large(number));
      await store.flush();
    }
    assert.ok(store.counters.bytes <= 32 * 1024 * 1024 + 1024 * 1024, String(store.counters.bytes));
    const kept = await store.read(question());
    assert.ok((kept.records[0]?.payload[0] ?? 0) > 20);
    await clock.advance(6 * 3_600_000);
    await store.prune();
    await clock.advance(3_600_000);
    await store.prune();
    assert.equal(store.counters.bytes, 0);
    await store.close();
  });

  it("cost nothing else when the disk is full: one line, and again when there is room", async () => {
    let isFull = true;
    const write = async (file: FileHandle, bytes: Uint8Array, position: number) => {
      const part = isFull ? bytes.subarray(0, 100) : bytes;
      await file.write(part, 0, part.length, position);
      if (isFull) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    const store = await open({ write });
    for (let number = 0; number < 10; number++) {
      store.append(record(number));
      await store.flush();
      await clock.advance(limits.rawRetryMs / 4);
    }
    assert.equal(warnings().length, 1);
    assert.match(warnings()[0] ?? "", /payloads are not kept: ENOSPC.*make room/);
    assert.equal(store.counters.dropped, 10);
    isFull = false;
    await clock.advance(limits.rawRetryMs);
    store.append(record(77));
    assert.deepEqual(numbers((await store.read(question())).records), [77]);
    await store.close();
    const again = await open();
    assert.deepEqual(numbers((await again.read(question())).records), [77]);
    await again.close();
  });

  it("are dropped, and counted, where more comes than can be written", async () => {
    const store = await open({ segmentBytes: limits.segmentBytes });
    const payload = Buffer.alloc(1024 * 1024);
    for (let number = 0; number < 12; number++) store.append({ ...record(0), payload });
    assert.equal(store.counters.dropped, 5);
    await store.close();
    assert.equal(store.counters.written, 7);
  });

  it("are not kept where nothing can be, nor where the owner wants none", async () => {
    writeFileSync(directory, "no directory");
    const nowhere = await open();
    assert.match(warnings()[0] ?? "", /payloads are not kept/);
    nowhere.append(record(1));
    assert.deepEqual((await nowhere.read(question())).records, []);
    await nowhere.close();
    directory += "b";
    const none = await open({ policy: () => ({ rawHours: 0, rawMegabytes: 32 }) });
    none.append(record(1));
    await none.close();
    assert.deepEqual(readdirSync(directory), []);
  });

  it("are known again after a restart", async () => {
    const store = await open();
    const checks = Array.from({ length: 20 }, (_, number) => store.append(record(number)));
    assert.equal(checks[3], checkOf(record(3).payload));
    await store.close();
    const again = await open();
    const recent = [...again.recent()].filter(([node]) => node === "gateway").map(([, check]) => check);
    assert.deepEqual(recent.slice(-10), checks.slice(-10));
    await again.close();
  });
});
