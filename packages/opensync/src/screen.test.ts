import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Screen } from "./screen.ts";

describe("the screen", () => {
  it("draws at most ten times a second, and at least once", async () => {
    const clock = new VirtualClock();
    let frames = 0;
    const screen = new Screen({ columns: 20, rows: 5, write: () => {} }, clock, () => {
      frames++;
      return [];
    });
    for (let i = 0; i < 100; i++) {
      screen.invalidate();
      await clock.advance(10);
    }
    assert.ok(frames >= 9 && frames <= 12, `${frames} frames in a second`);
    frames = 0;
    await clock.advance(3000);
    assert.equal(frames, 3);
    screen.close();
  });

  it("is left alone once closed, whatever changes afterwards", async () => {
    const clock = new VirtualClock();
    const written: string[] = [];
    const screen = new Screen({ columns: 0, rows: 0, write: (text) => written.push(text) }, clock, () => ["x"]);
    screen.close();
    const count = written.length;
    screen.invalidate();
    await clock.advance(5000);
    assert.equal(written.length, count);
  });
});
