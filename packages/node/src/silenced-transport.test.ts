import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { SilencedTransport } from "./silenced-transport.ts";

function heard(transport: Transport) {
  const events: string[] = [];
  transport.start({
    data: (chunk) => events.push(Buffer.from(chunk).toString()),
    // Whose peer sends nothing more has nothing more to say either.
    ended: () => transport.close(),
    drained: () => {},
    closed: () => events.push("closed"),
  });
  return events;
}

function pair() {
  const clock = new VirtualClock();
  const [near, far] = memoryTransportPair();
  let closed = 0;
  const ours = new SilencedTransport(near, {
    clock,
    abandonedMs: 120_000,
    maxHeldBytes: 10,
    onClosed: () => closed++,
  });
  return { clock, ours, far, here: heard(ours), there: heard(far), closed: () => closed };
}

describe("a connection whose packets may be lost", () => {
  it("passes everything while nothing is in the way", async () => {
    const { clock, ours, far, here, there, closed } = pair();
    ours.write("ping");
    far.write("pong");
    await clock.advance(0);
    assert.deepEqual([here, there], [["pong"], ["ping"]]);
    far.destroy();
    await clock.advance(0);
    assert.deepEqual([here.at(-1), closed()], ["closed", 1]);
  });

  it("holds back both directions in silence, and delivers afterwards in order", async () => {
    const { clock, ours, far, here, there } = pair();
    ours.setSilent(true);
    ours.write("a");
    ours.write("b");
    far.write("c");
    await clock.advance(60_000);
    assert.deepEqual([here, there], [[], []]);
    assert.equal(ours.waiting, 2);
    ours.setSilent(false);
    await clock.advance(0);
    assert.equal(there.join(""), "ab");
    assert.ok(here.includes("c"));
  });

  it("is closed at once for who gives it up, and for the peer only when packets pass again", async () => {
    const { clock, ours, here, there, closed } = pair();
    ours.setSilent(true);
    ours.destroy();
    await clock.advance(60_000);
    assert.deepEqual([here, there, closed()], [["closed"], [], 0]);
    ours.setSilent(false);
    await clock.advance(0);
    assert.ok(there.includes("closed"));
    assert.deepEqual([here, closed()], [["closed"], 1]);
  });

  it("is over for the peer, too, after a while", async () => {
    const { clock, ours, there, closed } = pair();
    ours.setSilent(true);
    assert.equal(ours.close(), true);
    await clock.advance(120_000);
    assert.ok(there.includes("closed"));
    assert.equal(closed(), 1);
  });

  it("ends when more is written in silence than it holds", async () => {
    const { clock, ours, here } = pair();
    ours.setSilent(true);
    ours.write("0123456789");
    await clock.advance(0);
    assert.deepEqual(here, []);
    ours.write("x");
    assert.deepEqual(here, ["closed"]);
    ours.write("y");
    ours.destroy();
    assert.deepEqual(here, ["closed"]);
  });

  it("is reset for both sides, also in silence", async () => {
    const { clock, ours, here, there } = pair();
    ours.setSilent(true);
    ours.reset();
    await clock.advance(0);
    assert.deepEqual([here.at(-1), there.at(-1)], ["closed", "closed"]);
  });

  it("stays paused after the silence where its reader has paused it", async () => {
    const { clock, ours, far, here } = pair();
    ours.pause();
    ours.setSilent(true);
    far.write("late");
    ours.setSilent(false);
    await clock.advance(0);
    assert.deepEqual(here, []);
    ours.resume();
    await clock.advance(0);
    assert.deepEqual(here, ["late"]);
  });
});
