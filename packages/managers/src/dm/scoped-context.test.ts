import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bench } from "../testing/bench.ts";
import { ManagerScope } from "./scope.ts";
import { scopedContext } from "./scoped-context.ts";

const message = { sender: "SM", dataType: "STATS", data: Uint8Array.of(1) } as const;

function setUp() {
  const bench = new Bench();
  const failures: Error[] = [];
  const scope = new ManagerScope((reason) => failures.push(reason));
  const { clock, random, log, target, outbox } = bench;
  const { outbox: own } = scopedContext({ client: bench.connect(), target, clock, random, log, outbox }, scope);
  return { outbox, own, scope, failures };
}

describe("the outbox of a manager", () => {
  it("refuses as long as nobody serves it, and again once the server has ended", () => {
    const { outbox, own, scope } = setUp();
    assert.equal(outbox.send(message), "CONNECT");
    own.serve({ send: () => "NONE" });
    assert.equal(outbox.send(message), "NONE");
    scope.end(new Error("over"));
    assert.equal(outbox.send(message), "CONNECT");
  });

  it("is not the sender's downfall when its server throws", () => {
    const { outbox, own, failures } = setUp();
    own.serve({
      send: () => {
        throw new Error("out of order");
      },
    });
    assert.equal(outbox.send(message), "GENERAL");
    assert.deepEqual(
      failures.map(({ message }) => message),
      ["out of order"],
    );
  });
});
