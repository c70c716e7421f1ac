import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { shell } from "../../testing/api.ts";
import type { Principal } from "../access/principal.ts";
import * as limits from "../limits.ts";
import { LiveHub } from "./hub.ts";
import { type Sink, Streams } from "./streams.ts";

/** A reader that reads, or does not. */
class Reader extends EventEmitter {
  text = "";
  reads = true;
  writableLength = 0;
  isEnded = false;
  isDestroyed = false;

  get sink(): Sink {
    return this as unknown as Sink;
  }

  write(text: string): boolean {
    if (this.reads) this.text += text;
    else this.writableLength += Buffer.byteLength(text);
    return this.reads;
  }

  end(text = ""): void {
    this.text += text;
    this.isEnded = true;
    this.emit("close");
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit("close");
  }

  get data(): readonly unknown[] {
    return [...this.text.matchAll(/^data: (\{".*)$/gm)].map(([, json = ""]) => JSON.parse(json));
  }

  get lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  }
}

function newBench() {
  const clock = new VirtualClock();
  const hub = new LiveHub("run");
  const log = Log.create({ name: "API", sink: nullSink, wallTime: () => 0 });
  const streams = new Streams({ hub, clock, log });
  const open = (
    parts: { tenant?: string | null; location?: string; lastId?: string; again?: Principal | null } = {},
  ) => {
    const reader = new Reader();
    const principal: Principal = { ...shell, tenant: parts.tenant ?? null };
    streams.open(reader.sink, {
      principal,
      location: parts.location ?? null,
      lastId: parts.lastId,
      again: async () => (parts.again === null ? undefined : (parts.again ?? principal)),
    });
    return reader;
  };
  const publish = (n: number, tenant: string | null = "t1", location: string | null = "l1") =>
    hub.publish({ kind: "node", tenant, location }, { n });
  return { clock, hub, streams, open, publish };
}

describe("live streams", () => {
  it("give each follower what it may see, and of the location that it asked for", () => {
    const { open, publish } = newBench();
    const [all, first, one] = [open(), open({ tenant: "t1" }), open({ location: "l2" })];
    publish(1, "t1", "l1");
    publish(2, "t2", "l2");
    publish(3, null, null);
    assert.deepEqual(all.data, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.deepEqual(first.data, [{ n: 1 }]);
    assert.deepEqual(one.data, [{ n: 2 }]);
  });

  it("go on where a reader has left off, or say that something is missing", () => {
    const { open, publish } = newBench();
    publish(1);
    const reader = open();
    publish(2);
    const { lastId } = reader;
    publish(3);
    publish(4);
    const again = open(lastId === undefined ? {} : { lastId });
    assert.deepEqual(again.data, [{ n: 3 }, { n: 4 }]);
    assert.match(again.text, /event: hello/);
    for (const unknown of ["other-1", "run-99", "nonsense", ""]) {
      assert.match(open({ lastId: unknown }).text, /^retry: 2000\nid: run-4\nevent: reset\n/);
    }
    for (let n = 0; n < limits.keptEvents + 1; n++) publish(n);
    assert.match(open({ lastId: "run-1" }).text, /event: reset/);
  });

  it("cut off who does not read, and nobody else", () => {
    const { open, publish, streams } = newBench();
    const [slow, quick] = [open(), open()];
    slow.reads = false;
    let sent = 0;
    while (!slow.isDestroyed) {
      publish(sent++);
      assert.ok(slow.writableLength < limits.streamBacklogBytes + limits.eventBytes);
    }
    assert.equal(streams.size, 1);
    assert.equal(quick.data.length, sent);
  });

  it("give signs of life, and end with the rights of who follows", async () => {
    const { open, clock, streams } = newBench();
    const stays = open();
    const ends = [open({ again: null }), open({ again: { ...shell, role: "viewer" } })];
    await clock.advance(limits.heartbeatMs);
    assert.match(stays.text, /: still here\n\n$/);
    assert.deepEqual(
      ends.map(({ isEnded, text }) => [isEnded, text.endsWith("event: end\ndata: {}\n\n")]),
      [
        [true, true],
        [true, true],
      ],
    );
    assert.equal(streams.size, 1);
  });

  it("are so many of one caller, and end when the server does", () => {
    const { open, streams } = newBench();
    const readers = Array.from({ length: limits.streamsPerCaller }, () => open());
    assert.throws(() => streams.checkRoom(shell), /you follow 8 times already/);
    readers[0]?.destroy();
    streams.checkRoom(shell);
    streams.stop();
    assert.ok(readers.slice(1).every(({ isEnded }) => isEnded));
  });

  it("leave out the content of an event that is too large", () => {
    const { hub, open } = newBench();
    const reader = open();
    hub.publish({ kind: "node", tenant: null, location: "l1" }, { text: "x".repeat(limits.eventBytes) });
    assert.deepEqual(reader.data, [{ location: "l1", truncated: true }]);
  });
});
