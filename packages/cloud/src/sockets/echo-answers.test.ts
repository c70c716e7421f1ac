import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as limits from "../limits.ts";
import { EchoAnswers } from "./echo-answers.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString("utf8");

/** What one connection is answered, and what goes on to its session. */
function hear(...chunks: readonly string[]) {
  const echo = new EchoAnswers();
  const heard = chunks.map((chunk) => echo.hear(bytes(chunk)));
  return { answers: heard.flatMap(({ answers }) => answers), rest: text(heard.flatMap(({ rest }) => rest)) };
}

const echo = '{"method":"echo","params":[],"id":"echo"}';
const answer = '{"id":"echo","result":[],"error":null}';
const update = '{"method":"update","params":["m",{"AWLAN_Node":{}}],"id":null}';

describe("echo answered before the session sees it", () => {
  const cases: readonly [title: string, chunks: readonly string[], answers: readonly string[], rest: string][] = [
    ["answers a request, and nothing goes on", [echo], [answer], ""],
    [
      "repeats its parameters",
      ['{"id":7,"method":"echo","params":["a",{"b":1}]}'],
      ['{"id":7,"result":["a",{"b":1}],"error":null}'],
      "",
    ],
    [
      "takes missing parameters for none",
      ['{"id":7,"method":"echo","params":null}'],
      ['{"id":7,"result":[],"error":null}'],
      "",
    ],
    ["finds it among other messages", [`${update}${echo}${update}\n${echo}`], [answer, answer], `${update}${update}\n`],
    [
      "finds it behind the end of a message that came in pieces",
      [update.slice(0, 9), `${update.slice(9)}${echo}`],
      [answer],
      update,
    ],
    ["leaves one that comes in pieces", [echo.slice(0, 5), echo.slice(5)], [], echo],
    [
      "leaves a method that only contains the word",
      ['{"method":"update","params":["echo"],"id":1}'],
      [],
      '{"method":"update","params":["echo"],"id":1}',
    ],
    [
      "leaves a notification of that name",
      ['{"method":"echo","params":[],"id":null}'],
      [],
      '{"method":"echo","params":[],"id":null}',
    ],
    ["leaves the answer to our own", [answer], [], answer],
    [
      "leaves parameters that are none",
      ['{"id":1,"method":"echo","params":"a"}'],
      [],
      '{"id":1,"method":"echo","params":"a"}',
    ],
    [
      "leaves what is no JSON, and all behind it",
      [`{"method":"echo",}${echo}`, `hello${echo}`, echo],
      [answer],
      `{"method":"echo",}hello${echo}${echo}`,
    ],
    [
      "does not look for it in a string",
      [`{"a":"${echo.replaceAll('"', '\\"')}"}`],
      [],
      `{"a":"${echo.replaceAll('"', '\\"')}"}`,
    ],
  ];
  for (const [title, chunks, answers, rest] of cases) {
    it(title, () => assert.deepEqual(hear(...chunks), { answers, rest }));
  }

  it("leaves one that is long", () => {
    const long = `{"id":1,"method":"echo","params":["${"x".repeat(limits.promptEchoBytes)}"]}`;
    assert.deepEqual(hear(long), { answers: [], rest: long });
  });

  it("loses nothing, whatever the pieces are", () => {
    const message = fc.oneof(
      fc.constant(echo),
      fc.constant(`${echo}\n`),
      fc.json({ maxDepth: 3 }).map((value) => `{"method":"x","params":[${value}],"id":null}`),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 8 }), (messages, cuts) => {
        const all = messages.join("");
        const at = [...new Set([0, ...cuts.filter((cut) => cut < all.length).toSorted((a, b) => a - b), all.length])];
        const asBytes = Buffer.from(all);
        const echoes = new EchoAnswers();
        const heard = at
          .slice(1)
          .map((to, index) => echoes.hear(asBytes.subarray(at[index], index === at.length - 2 ? undefined : to)));
        const answered = heard.flatMap(({ answers }) => answers).length;
        const rest = text(heard.flatMap((one) => one.rest));
        assert.equal(rest.replaceAll(echo, "").replaceAll(/\s/g, ""), all.replaceAll(echo, "").replaceAll(/\s/g, ""));
        assert.equal(answered + rest.split(echo).length, all.split(echo).length);
      }),
    );
  });

  it("hands on garbage as it came", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
        const echoes = new EchoAnswers();
        const heard = chunks.map((chunk) => echoes.hear(chunk));
        if (heard.every(({ answers }) => answers.length === 0)) {
          assert.deepEqual(Buffer.concat(heard.flatMap(({ rest }) => rest)), Buffer.concat(chunks));
        }
      }),
    );
  });
});
