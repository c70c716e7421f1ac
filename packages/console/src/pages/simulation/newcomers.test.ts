import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fateOf, type Newcomer, newcomersOf, reachedText, triedText } from "./newcomers.ts";
import { aClient } from "./testing/simulations.ts";

const link = { node: "gateway", ssid: "Home", band: "5G", channel: 36, rssiDbm: -50, snrDb: 40, rateMbps: 400 };

function newcomer(joined: Partial<Newcomer["joined"]> = {}, parts: Partial<Newcomer> = {}): Newcomer {
  return { ...aClient(), ...parts, joined: { ssid: "Home", refused: null, refusedAt: null, reaches: null, ...joined } };
}

describe("a phone that came to a simulated home", () => {
  it("is none of those that were there", () => {
    const came = newcomer();
    assert.deepEqual(newcomersOf([aClient({ mac: "02:00:00:00:01:09" }), came]), [came]);
  });

  for (const [client, tone, text] of [
    [newcomer(), "soft", /^looks for “Home” …$/],
    [newcomer({}, { state: "joining" }), "soft", /^asks to join “Home” …$/],
    [newcomer({}, { link, state: "associated" }), "good", /^has joined “Home” on gateway, 5 GHz$/],
    [
      newcomer({ refused: "passphrase", refusedAt: "2026-08-01T18:00:05Z" }),
      "bad",
      /^is refused: this passphrase opens nothing on “Home”$/,
    ],
    [newcomer({ refused: "passphrase" }, { state: "joining" }), "bad", /^is refused/],
    [newcomer({ refused: "no-network" }), "bad", /^finds no network called “Home”/],
  ] as const) {
    it(`says what has become of it: ${text}`, () => {
      assert.equal(fateOf(client).tone, tone);
      assert.match(fateOf(client).text, text);
    });
  }

  it("says when a passphrase was refused last, that it is tried again, and how to try another", () => {
    const tried = (joined: Partial<Newcomer["joined"]>) => triedText(newcomer(joined), (at) => at.slice(11, 19));
    assert.match(
      tried({ refused: "passphrase", refusedAt: "2026-08-01T18:00:05Z" }) ?? "",
      /^Tried last at 18:00:05; it tries again by itself, every second or so at first and ever more seldom, .* For another passphrase: Undo, and let it join again\.$/,
    );
    assert.equal(tried({}), undefined);
    assert.equal(tried({ refused: "no-network" }), undefined);
  });

  const others = (...reached: boolean[]) =>
    reached.map((each, index) => ({ name: `host ${index}`, mac: `02:00:00:00:02:0${index}`, reached: each }));
  for (const [reaches, text] of [
    [null, "It has no address yet."],
    [{ internet: true, others: [], untried: 0 }, "Tried now: the Internet: yes."],
    [
      { internet: true, others: others(false, false), untried: 0 },
      "Tried now: the Internet: yes; does not reach host 0, host 1.",
    ],
    [
      { internet: false, others: others(true, false), untried: 0 },
      "Tried now: the Internet: no; devices at home: host 0; does not reach host 1.",
    ],
    [
      { internet: true, others: others(...Array.from({ length: 12 }, () => false)), untried: 3 },
      "Tried now: the Internet: yes; does not reach host 0, host 1, host 2, host 3, host 4, host 5, host 6, host 7, host 8, host 9 and 2 more; not tried: 3 more.",
    ],
  ] as const) {
    it(`says what it reaches: ${text}`, () =>
      assert.equal(
        reachedText(newcomer({ reaches: reaches && { ...reaches, others: [...reaches.others] } }, { link })),
        text,
      ));
  }

  it("reaches nothing that could be told of before it is in", () => assert.equal(reachedText(newcomer()), undefined));
});
