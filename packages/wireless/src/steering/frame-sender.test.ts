import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { FrameSender } from "./frame-sender.ts";
import { steeringLimits } from "./limits.ts";

/** A sender and a driver that takes what it gets; the test says what became of it. */
function start() {
  const clock = new VirtualClock();
  const taken: { readonly phy: string; readonly token: number; readonly frame: string }[] = [];
  const answers: string[] = [];
  const driver = { takes: true, onTake: (_token: number) => {} };
  const sender = new FrameSender(clock, ({ phy, frame, token }) => {
    if (driver.takes) taken.push({ phy, token, frame: String.fromCharCode(...frame) });
    driver.onTake(token);
    return driver.takes;
  });
  const send = (name: string, phy = "wifi0") =>
    sender.send(phy, `${phy}-ap`, Uint8Array.from(Buffer.from(name)), (sent) => answers.push(`${name} ${sent}`));
  const frames = () => taken.map(({ frame }) => frame);
  const answer = (sent = true) => sender.transmitted(taken.at(-1)?.token ?? -1, sent);
  return { clock, sender, driver, taken, answers, send, frames, answer };
}

describe("frames on their way to a driver", () => {
  it("go one at a time, in order, each when the one before has its answer", async () => {
    const { send, frames, answer, answers } = start();
    for (const name of ["a", "b", "c"]) send(name);
    assert.deepEqual(frames(), ["a"]);
    answer();
    assert.deepEqual(frames(), ["a", "b"]);
    answer(false);
    assert.deepEqual(
      [frames(), answers],
      [
        ["a", "b", "c"],
        ["a true", "b false"],
      ],
    );
  });

  it("of one radio do not wait for those of another", () => {
    const { send, frames, taken, sender, answers } = start();
    send("a");
    send("b", "wifi1");
    assert.deepEqual(frames(), ["a", "b"]);
    sender.transmitted(taken[1]?.token ?? -1, true);
    assert.deepEqual(answers, ["b true"]);
  });

  it("have failed when the driver does not say for 5 s that they have left, and hold up no others", async () => {
    const { clock, send, frames, answers } = start();
    send("a");
    send("b");
    await clock.advance(steeringLimits.frameAnswer - 1);
    assert.deepEqual(answers, []);
    await clock.advance(1);
    assert.deepEqual([answers, frames()], [["a false"], ["a", "b"]]);
  });

  it("have one answer: late ones, second ones and those to nothing change nothing", async () => {
    const { clock, send, sender, taken, answers } = start();
    send("a");
    const [{ token } = { token: -1 }] = taken;
    sender.transmitted(token + 1, true);
    assert.deepEqual(answers, []);
    await clock.advance(steeringLimits.frameAnswer);
    sender.transmitted(token, true);
    send("b");
    sender.transmitted(token, true);
    assert.deepEqual(answers, ["a false"]);
    sender.transmitted(taken[1]?.token ?? -1, true);
    sender.transmitted(taken[1]?.token ?? -1, false);
    assert.deepEqual(answers, ["a false", "b true"]);
  });

  it("that no driver takes have failed at once, though not before the call returns", async () => {
    const { clock, send, driver, answers } = start();
    driver.takes = false;
    send("a");
    send("b");
    assert.deepEqual(answers, []);
    await clock.advance(0);
    assert.deepEqual(answers, ["a false", "b false"]);
  });

  it("have one answer from a driver that both refuses and reports", async () => {
    const { clock, send, sender, driver, answers } = start();
    driver.takes = false;
    driver.onTake = (token) => sender.transmitted(token, false);
    send("a");
    await clock.advance(steeringLimits.frameAnswer);
    assert.deepEqual(answers, ["a false"]);
  });

  it("have their answer after the call returns, though the driver gives it at once", async () => {
    const { clock, send, sender, driver, answers } = start();
    driver.onTake = (token) => sender.transmitted(token, true);
    send("a");
    send("b");
    assert.deepEqual(answers, []);
    await clock.advance(0);
    assert.deepEqual(answers, ["a true", "b true"]);
  });

  it("beyond the bound are refused, and those that wait still go", async () => {
    const { clock, send, frames, answer, answers } = start();
    for (let n = 0; n < steeringLimits.frames + 3; n++) send(`${n} `);
    assert.deepEqual(answers, []);
    await clock.advance(0);
    const [first, second] = [steeringLimits.frames + 1, steeringLimits.frames + 2];
    assert.deepEqual(answers, [`${first}  false`, `${second}  false`]);
    for (let n = 0; n <= steeringLimits.frames; n++) answer();
    assert.equal(frames().length, steeringLimits.frames + 1);
    assert.equal(answers.length, steeringLimits.frames + 3);
  });

  it("are not answered for once the sender has stopped, nor sent", async () => {
    const { clock, send, sender, frames, answer, answers } = start();
    for (let n = 0; n < steeringLimits.frames + 3; n++) send(`${n} `);
    sender.stop();
    answer();
    send("later");
    await clock.advance(2 * steeringLimits.frameAnswer);
    assert.deepEqual([frames(), answers], [["0 "], []]);
  });
});
