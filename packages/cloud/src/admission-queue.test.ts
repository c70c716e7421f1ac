import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AdmissionQueue, type Caller } from "./admission-queue.ts";

const known = (address: string): Caller => ({ address, known: true });
const stranger = (address: string): Caller => ({ address, known: false });
const queue = (concurrent: number, waiting: number, strangersTurn = 4) =>
  new AdmissionQueue({ concurrent, waiting, strangersTurn });

/** Lets all that wait in, one after the other; their addresses in order. */
function drain(of: AdmissionQueue, first: Caller): string[] {
  const order: string[] = [];
  for (let served: readonly Caller[] = [first]; served[0]; ) {
    served = of.leave(served[0]);
    order.push(...served.map(({ address }) => address));
  }
  return order;
}

describe("admission", () => {
  it("serves so many at once, lets so many wait, and refuses the rest", () => {
    const gate = queue(2, 2);
    const kinds = Array.from({ length: 6 }, () => gate.enter(known("a")).kind);
    assert.deepEqual(kinds, ["admitted", "admitted", "waiting", "waiting", "refused", "refused"]);
    assert.deepEqual([gate.served, gate.waiting], [2, 2]);
  });

  it("lets addresses take turns", () => {
    const gate = queue(1, 10);
    const first = known("first");
    for (const caller of [first, ...["a", "a", "a", "b", "c"].map(known)]) gate.enter(caller);
    assert.deepEqual(drain(gate, first), ["a", "b", "c", "a", "a"]);
  });

  it("lets known nodes go before strangers, and a stranger every so often", () => {
    const gate = queue(1, 20, 3);
    const first = known("first");
    gate.enter(first);
    for (const name of ["s", "t"]) gate.enter(stranger(name));
    for (const name of ["a", "b", "c", "d"]) gate.enter(known(name));
    assert.deepEqual(drain(gate, first), ["a", "b", "s", "c", "d", "t"]);
  });

  it("sends a stranger away for a known node, the last of the address of which most wait", () => {
    const gate = queue(1, 3);
    gate.enter(known("first"));
    const waiting = ["s", "t", "t"].map(stranger);
    for (const caller of waiting) gate.enter(caller);
    const entry = gate.enter(known("a"));
    assert.equal(entry.kind === "waiting" && entry.instead, waiting[2]);
    assert.equal(gate.enter(stranger("u")).kind, "refused");
    assert.equal(gate.waiting, 3);
  });

  it("sends one of an address that takes much room away for one that takes none", () => {
    const gate = queue(1, 3);
    gate.enter(stranger("first"));
    const waiting = ["s", "s", "s"].map(stranger);
    for (const caller of waiting) gate.enter(caller);
    const entry = gate.enter(stranger("t"));
    assert.equal(entry.kind === "waiting" && entry.instead, waiting[2]);
    assert.equal(gate.enter(stranger("s")).kind, "refused");
    assert.equal(gate.enter(stranger("t")).kind, "refused", "as many as the others' then");
  });

  it("forgets who goes while it waits", () => {
    const gate = queue(1, 3);
    const [first, second, third] = [known("a"), known("a"), known("b")];
    for (const caller of [first, second, third]) gate.enter(caller);
    assert.deepEqual(gate.leave(second), []);
    assert.deepEqual(gate.leave(first), [third]);
    assert.deepEqual([gate.leave(third), gate.leave(third)], [[], []]);
    assert.deepEqual([gate.served, gate.waiting], [0, 0]);
  });
});
