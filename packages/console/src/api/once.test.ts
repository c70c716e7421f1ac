import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Once } from "./once.ts";

describe("a change", () => {
  const route = "PUT /locations/:location/draft";
  const doing = () => {
    const once = new Once();
    const answers: ((answer: number) => void)[] = [];
    const act = () => new Promise<number>((resolve) => answers.push(resolve));
    return { answers, press: (call: unknown) => once.do(route, call, act) };
  };

  it("is sent once by two presses, and both have its answer", async () => {
    const { answers, press } = doing();
    const both = [press({ body: { a: 1 } }), press({ body: { a: 1 } })];
    assert.equal(answers.length, 1);
    answers[0]?.(7);
    assert.deepEqual(await Promise.all(both), [7, 7]);
  });

  it("is sent again once it is done, and beside another", async () => {
    const { answers, press } = doing();
    const first = press({ body: { a: 1 } });
    const other = press({ body: { a: 2 } });
    for (const answer of answers) answer(1);
    await Promise.all([first, other]);
    const again = press({ body: { a: 1 } });
    assert.equal(answers.length, 3);
    answers[2]?.(3);
    assert.equal(await again, 3);
  });
});
