import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import type { NeighborBss } from "@opensync-ts/telemetry/neighbor";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { OutboxError } from "../../outbox.ts";
import type { ReportItem } from "./collector.ts";
import { Drops } from "./drops.ts";
import { statsLimits } from "./limits.ts";
import { ReportQueue } from "./report-queue.ts";

class Bench {
  readonly clock = new VirtualClock();
  readonly ring = new LogRing(100);
  readonly payloads: Uint8Array[] = [];
  answer: OutboxError = "NONE";
  readonly #log = Log.create({ name: "OW", sink: this.ring.sink, wallTime: () => this.clock.wallTime() });
  readonly drops = new Drops(this.clock, this.#log);
  readonly queue = new ReportQueue({
    clock: this.clock,
    log: this.#log,
    nodeId: "0123456789AB",
    drops: this.drops,
    outbox: {
      send: ({ data, sender, dataType }) => {
        assert.deepEqual([sender, dataType], ["OW", "STATS"]);
        if (this.answer === "NONE") this.payloads.push(data);
        return this.answer;
      },
    },
  });

  get reports(): readonly StatsReport[] {
    return this.payloads.map(decodeReport);
  }

  /** Of all neighbors that were sent. */
  get names(): readonly string[] {
    return this.reports.flatMap(({ neighbors }) => neighbors.flatMap(({ bsses }) => bsses.map(({ ssid }) => ssid)));
  }
}

function neighbors(count: number, bytesEach: number, name = "n"): ReportItem {
  const bsses = Array.from({ length: count }, (_, index): NeighborBss => {
    const beaconIes = new Uint8Array(bytesEach);
    return { bssid: "0a:00:00:00:00:01", ssid: `${name}${index}`, channel: 36, width: "20MHz", beaconIes };
  });
  const message = { band: "5G", scanType: "off-chan", timestampMs: 1, reportType: "raw", bsses } as const;
  return { kind: "neighbors", message };
}

describe("the queue of reports", () => {
  it("sends all that came together in one payload, in order", () => {
    const { queue, ...bench } = withQueue();
    queue.push([neighbors(1, 10, "a"), neighbors(1, 10, "b")], "row");
    queue.push([neighbors(1, 10, "c")], "row");
    queue.drain();
    assert.deepEqual(bench.names(), ["a0", "b0", "c0"]);
    assert.equal(bench.payloads.length, 1);
    assert.equal(bench.reports()[0]?.nodeId, "0123456789AB");
    queue.drain();
    assert.equal(bench.payloads.length, 1, "nothing is sent twice");
  });

  it("begins another payload before one is larger than brokers take", () => {
    const { queue, ...bench } = withQueue();
    for (const name of ["a", "b", "c", "d", "e"]) queue.push([neighbors(1, 50_000, name)], "row");
    queue.drain();
    assert.deepEqual(
      bench.reports().map((report) => report.neighbors.length),
      [2, 2, 1],
    );
    assert.ok(bench.payloads.every(({ length }) => length <= statsLimits.payload));
  });

  it("splits a report that is larger by itself, and loses nothing of it", () => {
    const { queue, ...bench } = withQueue();
    queue.push([neighbors(700, 1_000)], "row");
    queue.drain();
    assert.ok(bench.payloads.length >= 6 && bench.payloads.length <= 11, String(bench.payloads.length));
    assert.ok(bench.payloads.every(({ length }) => length <= statsLimits.payload));
    assert.deepEqual(
      bench.names(),
      Array.from({ length: 700 }, (_, index) => `n${index}`),
    );
    for (const { neighbors } of bench.reports()) assert.ok(neighbors.every(({ timestampMs }) => timestampMs === 1));
  });

  it("drops an element that is too large by itself, and says so", () => {
    const { queue, ...bench } = withQueue();
    const [small, large] = [neighbors(2, 10, "s"), neighbors(1, 200_000, "l")];
    assert.ok(small.kind === "neighbors" && large.kind === "neighbors");
    const bsses = [...small.message.bsses, ...large.message.bsses];
    queue.push([{ kind: "neighbors", message: { ...small.message, bsses } }], "neighbor 5G");
    queue.drain();
    assert.deepEqual(bench.names(), ["s0", "s1"]);
    assert.equal(bench.drops.counters.get("oversized elements"), 1);
    assert.match(bench.said(), /neighbor 5G: 1 oversized elements dropped/);
  });

  it("keeps what QM cannot take, and sends it with what comes next", () => {
    for (const error of ["CONNECT", "QUEUE", "GENERAL"] as const) {
      const { queue, ...bench } = withQueue();
      bench.answerWith(error);
      queue.push([neighbors(1, 10, "a")], "row");
      queue.drain();
      assert.match(queue.summary, new RegExp(`1 reports .*wait, QM: ${error}`));
      bench.answerWith("NONE");
      queue.push([neighbors(1, 10, "b")], "row");
      queue.drain();
      assert.deepEqual(bench.names(), ["a0", "b0"]);
      assert.match(queue.summary, /^0 reports \(0 bytes\) wait; 1 payloads/);
    }
  });

  it("tries again when nothing comes", async () => {
    const { queue, clock, ...bench } = withQueue();
    bench.answerWith("CONNECT");
    queue.push([neighbors(1, 10, "a")], "row");
    queue.drain();
    await clock.advance(statsLimits.resend);
    bench.answerWith("NONE");
    await clock.advance(statsLimits.resend - 1);
    assert.deepEqual(bench.names(), []);
    await clock.advance(1);
    assert.deepEqual(bench.names(), ["a0"]);
  });

  it("gives up what QM calls invalid, for it would never be anything else", () => {
    const { queue, ...bench } = withQueue();
    bench.answerWith("INVALID");
    queue.push([neighbors(1, 10, "a")], "row");
    queue.drain();
    assert.match(queue.summary, /^0 reports/);
    assert.equal(bench.drops.counters.get("refused payloads"), 1);
  });

  it("loses none of many that come at one time while QM takes them", () => {
    const { queue, ...bench } = withQueue();
    for (let n = 0; n < 10 * statsLimits.queuedItems; n++) queue.push([neighbors(1, 10, `${n}-`)], "row");
    queue.drain();
    assert.equal(bench.names().length, 10 * statsLimits.queuedItems);
    assert.equal(bench.drops.counters.get("queued reports"), undefined);
  });

  it("keeps the last of too many, and tells of the others once a while", () => {
    const { queue, ...bench } = withQueue();
    bench.answerWith("CONNECT");
    for (let n = 0; n < 100; n++) queue.push([neighbors(1, 10, `${n}-`)], "row");
    bench.answerWith("NONE");
    queue.drain();
    assert.deepEqual(
      bench.names(),
      Array.from({ length: statsLimits.queuedItems }, (_, index) => `${100 - statsLimits.queuedItems + index}-0`),
    );
    assert.equal(bench.drops.counters.get("queued reports"), 70);
    assert.equal(bench.said().match(/queued reports dropped/g)?.length, 1);
  });

  it("loses none of many that come at a time while QM takes them", () => {
    const { queue, drops, ...bench } = withQueue();
    const count = 2 * statsLimits.queuedItems + 5;
    for (let n = 0; n < count; n++) queue.push([neighbors(1, 10, `${n}-`)], "row");
    queue.drain();
    assert.deepEqual(
      bench.names(),
      Array.from({ length: count }, (_, index) => `${index}-0`),
    );
    assert.equal(drops.counters.size, 0);
  });

  it("never holds more bytes than its bound", () => {
    const { queue, ...bench } = withQueue();
    bench.answerWith("CONNECT");
    for (let n = 0; n < 29; n++) queue.push([neighbors(1, 125_000, `${n}-`)], "row");
    const [, bytes = "0"] = /\((\d+) bytes\)/.exec(queue.summary) ?? [];
    assert.ok(Number(bytes) > 2_900_000 && Number(bytes) <= statsLimits.queuedBytes, bytes);
    bench.answerWith("NONE");
    queue.drain();
    assert.equal(bench.names().at(-1), "28-0");
  });

  it("sends nothing any more once it is stopped", async () => {
    const { queue, clock, ...bench } = withQueue();
    bench.answerWith("CONNECT");
    queue.push([neighbors(1, 10, "a")], "row");
    queue.drain();
    bench.answerWith("NONE");
    queue.stop();
    await clock.advance(10 * statsLimits.resend);
    assert.deepEqual(bench.payloads, []);
  });
});

function withQueue() {
  const bench = new Bench();
  return {
    queue: bench.queue,
    clock: bench.clock,
    drops: bench.drops,
    payloads: bench.payloads,
    reports: () => bench.reports,
    names: () => bench.names,
    said: () =>
      bench.ring
        .records()
        .map(({ text }) => text)
        .join("\n"),
    answerWith: (answer: OutboxError) => {
      bench.answer = answer;
    },
  };
}
