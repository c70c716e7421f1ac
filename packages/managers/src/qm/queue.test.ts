import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { qmLimits } from "./limits.ts";
import { MessageQueue, type QueuedMessage } from "./queue.ts";

const message = (size: number, kind: QueuedMessage["kind"] = "RAW"): QueuedMessage => ({
  sender: "test",
  kind,
  compression: "configured",
  data: new Uint8Array(size),
});

const sizes = (queue: MessageQueue) => queue.entries.map(({ bytes }) => bytes);

describe("QM's queue", () => {
  it("drops the oldest messages when there are more than 200", () => {
    const queue = new MessageQueue();
    for (let size = 1; size <= 203; size++) queue.push(message(size));
    assert.deepEqual([queue.length, queue.dropped], [200, 3]);
    assert.deepEqual([sizes(queue)[0], sizes(queue).at(-1)], [4, 203]);
  });

  it("drops as many of the oldest as a large message needs, and none for one that never fits", () => {
    const queue = new MessageQueue();
    const { queueBytes } = qmLimits;
    for (const size of [queueBytes / 4, queueBytes / 4, queueBytes / 2]) assert.ok(queue.push(message(size)));
    assert.ok(queue.push(message(queueBytes / 2)));
    assert.deepEqual([sizes(queue), queue.dropped], [[queueBytes / 2, queueBytes / 2], 2]);
    assert.ok(!queue.push(message(queueBytes + 1)));
    assert.deepEqual([queue.length, queue.dropped], [2, 2]);
    assert.ok(queue.push(message(queueBytes)));
    assert.deepEqual([sizes(queue), queue.bytes, queue.dropped], [[queueBytes], queueBytes, 4]);
  });

  it("counts a message that is pushed out on its way only if it does not arrive", () => {
    const queue = new MessageQueue();
    queue.push(message(1));
    queue.push(message(2));
    const [arrives, lost] = queue.entries;
    assert.ok(arrives && lost);
    arrives.inFlight = true;
    lost.inFlight = true;
    queue.push(message(qmLimits.queueBytes));
    assert.deepEqual([queue.length, queue.dropped], [1, 0]);
    queue.remove(arrives);
    queue.giveBack(lost);
    assert.deepEqual([queue.length, queue.dropped, queue.bytes], [1, 1, qmLimits.queueBytes]);
  });

  it("has what was merged behind earlier reports and before everything else", () => {
    const queue = new MessageQueue();
    queue.push(message(1));
    queue.push(message(2, "STATS"));
    queue.push(message(3));
    queue.push(message(4, "STATS"));
    const stats = () => queue.entries.filter(({ message: { kind } }) => kind === "STATS");
    queue.replace(stats(), [message(6, "REPORT")]);
    assert.deepEqual([sizes(queue), queue.bytes], [[6, 1, 3], 10]);
    queue.push(message(7, "STATS"));
    queue.replace(stats(), [message(8, "REPORT"), message(9, "REPORT")]);
    assert.deepEqual(sizes(queue), [6, 8, 9, 1, 3]);
    const [first] = queue.entries;
    if (first) queue.moveToBack(first);
    assert.deepEqual(sizes(queue), [8, 9, 1, 3, 6]);
  });

  it("keeps its bounds and loses nothing uncounted, whatever happens", () => {
    const step = fc.record({
      act: fc.constantFrom("push", "take", "arrive", "fail", "merge"),
      size: fc.oneof(fc.nat(300), fc.nat(qmLimits.queueBytes)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new MessageQueue();
        let [pushed, arrived] = [0, 0];
        for (const { act, size } of steps) {
          const [first] = queue.entries;
          if (act === "push" && queue.push(message(size, size % 2 ? "STATS" : "RAW"))) pushed++;
          if (act === "take" && first) first.inFlight = true;
          if (act === "arrive" && first?.inFlight) {
            queue.remove(first);
            arrived++;
          }
          if (act === "fail" && first?.inFlight) queue.giveBack(first);
          if (act === "merge" && first && !first.inFlight) queue.replace([first], [message(first.bytes, "REPORT")]);
          assert.ok(queue.length <= qmLimits.queueMessages && queue.bytes <= qmLimits.queueBytes);
          assert.equal(
            queue.bytes,
            queue.entries.reduce((sum, { bytes }) => sum + bytes, 0),
          );
        }
        const lost = pushed - arrived - queue.length - queue.dropped;
        // Those that were pushed out on their way, and have not ended up anywhere yet.
        const [least, most] = [0, steps.filter(({ act }) => act === "take").length];
        assert.ok(lost >= least && lost <= most, `${lost} messages are nowhere`);
      }),
    );
  });
});
