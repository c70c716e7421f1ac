import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { Complaints } from "../complaints.ts";
import { type OutboxError, ProcessOutbox } from "../outbox.ts";
import { Outgoing } from "./outgoing.ts";

function setUp() {
  const clock = new VirtualClock();
  const ring = new LogRing(100);
  const log = Log.create({ name: "SM", sink: ring.sink, wallTime: () => clock.wallTime() });
  const outbox = new ProcessOutbox();
  const outgoing = new Outgoing({ clock, outbox, complaints: new Complaints(clock, log, "sm: ") });
  const received: string[] = [];
  const serve = (answer: () => OutboxError = () => "NONE") =>
    outbox.serve({
      send: ({ data }) => {
        const error = answer();
        if (error === "NONE") received.push(`${data[0]} at ${clock.now() / 1000}`);
        return error;
      },
    });
  const add = (...numbers: readonly number[]) => {
    for (const n of numbers) outgoing.add({ sender: "SM", dataType: "STATS", data: Uint8Array.of(n) });
  };
  return { clock, ring, outgoing, received, serve, add };
}

describe("what waits for QM", () => {
  it("is handed in in order at a tenth of the shortest interval, between 0.1 and 5 s", async () => {
    for (const [intervals, at] of [
      [[], 5],
      [[60_000], 5],
      [[600_000, 20_000], 2],
      [[100], 0.1],
    ] as const) {
      const { clock, outgoing, received, serve, add } = setUp();
      serve();
      outgoing.intervals = intervals;
      add(1, 2);
      await clock.advance(10_000);
      assert.deepEqual(received, [`1 at ${at}`, `2 at ${at}`]);
    }
  });

  it("is kept until there is a QM, or one that works again", async () => {
    const { clock, outgoing, received, serve, add } = setUp();
    let error: OutboxError = "GENERAL";
    add(1, 2);
    await clock.advance(100_000);
    serve(() => error);
    await clock.advance(10_000);
    assert.deepEqual(received, []);
    error = "NONE";
    await clock.advance(5_000);
    assert.deepEqual(received, ["1 at 115", "2 at 115"]);
    assert.match(outgoing.dump(), /0 waiting, 2 sent, 0 dropped, 0 refused/);
  });

  it("is 30 at most; the oldest goes, is counted, and said once a minute", async () => {
    const { clock, ring, outgoing, received, serve, add } = setUp();
    add(...Array.from({ length: 100 }, (_, n) => n));
    assert.match(outgoing.dump(), /30 waiting, 0 sent, 70 dropped/);
    assert.equal(ring.records().length, 1);
    assert.match(ring.records()[0]?.text ?? "", /enable qm in Node_Services/);
    serve();
    await clock.advance(5_000);
    assert.deepEqual([received.length, received[0]], [30, "70 at 5"]);
  });

  it("loses nothing to many at a time while QM takes them", () => {
    const { outgoing, received, serve, add } = setUp();
    serve();
    add(...Array.from({ length: 100 }, (_, n) => n));
    assert.ok(received.length > 60);
    assert.match(outgoing.dump(), /0 dropped/);
  });

  it("is lost when QM refuses it, which is counted, and holds up nobody", async () => {
    for (const refusal of ["SEND", "INVALID", "QUEUE"] as const) {
      const { clock, ring, outgoing, received, serve, add } = setUp();
      let first = true;
      serve(() => {
        const error = first ? refusal : "NONE";
        first = false;
        return error;
      });
      add(1, 2);
      await clock.advance(5_000);
      assert.deepEqual(received, ["2 at 5"]);
      assert.match(outgoing.dump(), /1 sent, 0 dropped, 1 refused/);
      assert.match(ring.records()[0]?.text ?? "", new RegExp(refusal));
    }
  });

  it("is gone when SM ends", async () => {
    const { clock, outgoing, received, serve, add } = setUp();
    serve();
    add(1);
    outgoing.stop();
    add(2);
    await clock.advance(100_000);
    assert.deepEqual(received, []);
  });
});
