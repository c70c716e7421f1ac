import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type TransactionBuilder, TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import * as limits from "./limits.ts";
import { NodeWrites } from "./node-writes.ts";
import type { Change } from "./reconcile.ts";
import { settle } from "./test-node.ts";

const changes = ["a", "b", "c", "d"].map(
  (name) =>
    ({
      ...{ kind: "update", id: `Wifi_Radio_Config ${name}`, table: "Wifi_Radio_Config", uuid: name },
      ...{ row: { channel: 6 }, was: { channel: 1 } },
    }) as unknown as Change,
);

/** A node that answers each transaction with the next of these. */
function writesTo(...answers: readonly (TransactionError | "never" | "taken")[]) {
  const clock = new VirtualClock();
  const left = [...answers];
  const comments: (string | undefined)[] = [];
  const builder = { expect() {}, update() {} } as unknown as TransactionBuilder<OpenSync>;
  const writes = new NodeWrites(
    {
      transact: (build, options) => {
        build(builder);
        comments.push(options?.comment);
        const answer = left.shift();
        if (answer === "never") return new Promise(() => {});
        return answer instanceof TransactionError
          ? Promise.reject(answer)
          : Promise.resolve({ uuid: () => "", count: () => 1 } as never);
      },
    },
    clock,
  );
  return { clock, writes, comments };
}

/** Each change is two operations: its guard, and the change itself. */
const notTaken = (operation: number) => new TransactionError("constraint violation", "no such channel", operation);
const whole = notTaken(changes.length * 2);
const guard = new TransactionError("timed out", "", 0);

describe("writes to a node", () => {
  it("are one transaction with all that is planned, said in its comment, and counted", async () => {
    const { writes, comments } = writesTo("taken");
    assert.deepEqual(writes.next(changes), changes);
    const end = writes.write(changes);
    assert.equal(writes.isUnderWay, true);
    assert.deepEqual([await end, writes.isUnderWay], [{ kind: "written" }, false]);
    assert.deepEqual(writes.counters, { writes: 4, transactions: 1, refused: 0 });
    assert.match(comments[0] ?? "", /^controller - Wifi_Radio_Config a, Wifi_Radio_Config b/);
  });

  it("are overtaken where a guard no longer held: nobody's fault, planned anew after a pause", async () => {
    const { writes } = writesTo(guard);
    const { firstRetryMs: pauseMs } = limits;
    assert.deepEqual(await writes.write(changes), { kind: "not written", error: "timed out", pauseMs, refusal: null });
    assert.deepEqual(writes.counters, { writes: 0, transactions: 0, refused: 1 });
    assert.equal(writes.next(changes).length, 4);
  });

  it("are refused because of the row whose operation the node names", async () => {
    const { writes } = writesTo(notTaken(5));
    const end = await writes.write(changes);
    assert.deepEqual(end.kind === "not written" && end.refusal, {
      culprit: "Wifi_Radio_Config c",
      reason: "the node refuses it: constraint violation: no such channel",
    });
    assert.equal(writes.next(changes).length, 4);
  });

  it("are fewer at a time until the row is found where it names none, and all at once again when nothing is left", async () => {
    const { writes } = writesTo(whole, whole, whole);
    const culprits: unknown[] = [];
    for (const size of [4, 2, 1]) {
      const next = writes.next(changes);
      assert.equal(next.length, size);
      const end = await writes.write(next);
      culprits.push(end.kind === "not written" && end.refusal?.culprit);
    }
    assert.deepEqual(culprits, [undefined, undefined, "Wifi_Radio_Config a"]);
    assert.equal(writes.next(changes.slice(1)).length, 1);
    assert.equal(writes.next([]).length, 0);
    assert.equal(writes.next(changes).length, 4);
  });

  it("wait longer after each refusal, within bounds, and as at first once one is taken", async () => {
    const refusals = Array.from({ length: 10 }, () => guard);
    const { writes } = writesTo(...refusals, "taken", guard);
    const pauses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const end = await writes.write(changes);
      if (end.kind === "not written") pauses.push(end.pauseMs);
    }
    assert.deepEqual(
      pauses.slice(0, 3),
      [1, 2, 4].map((times) => times * limits.firstRetryMs),
    );
    assert.deepEqual(pauses.slice(9), [limits.lastRetryMs, limits.firstRetryMs]);
  });

  it("reject when no reply comes in time", async () => {
    const { clock, writes } = writesTo("never");
    const end = assert.rejects(writes.write(changes), /transaction: no answer within/);
    await clock.advance(limits.transactionMs);
    await settle(clock);
    await end;
    assert.equal(writes.isUnderWay, false);
  });
});
