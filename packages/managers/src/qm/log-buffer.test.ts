import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { qmLimits } from "./limits.ts";
import { LogBuffer } from "./log-buffer.ts";

function enabled(): LogBuffer {
  const buffer = new LogBuffer();
  buffer.enable(true);
  return buffer;
}

describe("the log buffer", () => {
  it("joins lines, strips what ends them, and skips empty ones", () => {
    const buffer = enabled();
    for (const line of ["one\n", "two\0", "", "\n\0", "three"]) buffer.append(line);
    assert.equal(buffer.bytes, "one\ntwo\nthree\n".length);
    assert.equal(buffer.take(), "one\ntwo\nthree");
    assert.equal(buffer.take(), undefined);
    buffer.settle(true);
    assert.deepEqual([buffer.bytes, buffer.dropped], [0, 0]);
  });

  it("is not kept busy by text that is nearly all line breaks", () => {
    const buffer = enabled();
    buffer.append(`${"\n".repeat(2 * 1024 * 1024)}x`);
    assert.equal(buffer.take(), "--- DROPPED TOO BIG ---");
  });

  it("only counts while it is off, and starts anew each time it is switched on", () => {
    const buffer = new LogBuffer();
    buffer.append("lost");
    assert.deepEqual([buffer.dropped, buffer.take()], [1, undefined]);
    buffer.enable(true);
    buffer.append("kept");
    buffer.append("kept, too");
    buffer.enable(false);
    assert.deepEqual([buffer.bytes, buffer.dropped], [0, 3]);
    buffer.enable(true);
    buffer.append("new");
    assert.equal(buffer.take(), "new");
  });

  it("drops everything when it is full, and says how many lines that were", () => {
    const buffer = enabled();
    const line = "x".repeat(1_023);
    for (let count = 0; count < 101; count++) buffer.append(line);
    assert.equal(buffer.dropped, 100);
    assert.equal(buffer.take(), `--- DROPPED 100 LINES ---\n${line}`);
  });

  it("says so when a single line is too big", () => {
    const buffer = enabled();
    buffer.append("before");
    buffer.append("x".repeat(qmLimits.logBytes));
    assert.deepEqual([buffer.take(), buffer.dropped], ["before\n--- DROPPED TOO BIG ---", 1]);
  });

  it("counts bytes, not characters, and every line of a text", () => {
    const buffer = enabled();
    buffer.append("é".repeat(40_000));
    buffer.append(`${"é".repeat(20_000)}\nsecond`);
    assert.equal(buffer.dropped, 1);
    buffer.append("x".repeat(90_000));
    assert.equal(buffer.dropped, 4);
  });

  it("keeps what did not arrive, before what came since, if there is room for both", () => {
    const buffer = enabled();
    buffer.append("first");
    assert.equal(buffer.take(), "first");
    buffer.append("second");
    assert.equal(buffer.take(), undefined);
    buffer.settle(false);
    assert.equal(buffer.take(), "first\nsecond");
    buffer.settle(false);
    assert.equal(buffer.dropped, 0);
    buffer.take();
    buffer.enable(false);
    buffer.settle(false);
    assert.deepEqual([buffer.dropped, buffer.bytes], [2, 0]);
  });

  it("never exceeds its bound, also with something on its way", () => {
    const buffer = enabled();
    buffer.append("x".repeat(102_000));
    buffer.take();
    for (let count = 0; count < 50; count++) {
      buffer.append("y".repeat(100 * count));
      assert.ok(buffer.bytes <= qmLimits.logBytes, `${buffer.bytes}`);
    }
    buffer.settle(false);
    assert.ok(buffer.bytes <= qmLimits.logBytes);
  });
});
