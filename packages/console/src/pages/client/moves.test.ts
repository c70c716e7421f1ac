import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holdChoices, type MovesInput, movesOf } from "./moves.ts";

const now = Date.parse("2026-08-01T18:00:00Z");
const until = "2026-08-01T18:30:00Z";
const known = {
  mode: "on",
  decision: { kind: "stay", why: null },
  policies: [],
  candidates: [],
  notBefore: null,
  failures: 0,
  blocked: [],
};

function moves(more: object = {}, band: MovesInput["band"] = null) {
  const explanation = { ...known, ...more } as unknown as MovesInput["explanation"];
  return movesOf({ explanation, where: "here", band, now, moment: (at) => new Date(at).toISOString().slice(11, 16) });
}

describe("whether the cloud moves a client", () => {
  it("is said with what holds it", () => {
    assert.match(moves().text, /^Nothing keeps the cloud/);
    const held = moves({}, { prefer: "2.4G", only: true, until, told: true });
    assert.match(held.text, /^It is held to 2\.4 GHz until 18:30: the cloud moves it within that band only\.$/);
    const action = { kind: "band", prefer: "5G", only: true };
    const rule = { id: "p", label: "Fast", scope: { kind: "everybody", name: null }, action };
    assert.match(moves({ policies: [rule] }).text, /^Held to 5 GHz by the rule “Fast”/);
    assert.match(moves({ policies: [{ ...rule, action: { kind: "unsteered" } }] }).text, /nobody moves it/);
    const why = "not known whether it walks";
    assert.match(moves({ decision: { kind: "stay", why } }).text, /^It is not moved: it is not known yet whether/);
    assert.match(moves({ decision: { kind: "stay", why: "it is in use" } }).text, /^It is not moved: it is in use/);
    assert.match(moves({ mode: "off" }).text, /switched off/);
    assert.match(moves({ mode: "recommend" }).text, /only recommends/);
  });

  it("is nothing where there is no other place to gain, whatever would keep it from moving", () => {
    const decision = { kind: "stay", why: "not known whether it walks" };
    const [here, there] = [
      { isPresent: true, snrDb: 50, fit: false },
      { isPresent: false, snrDb: 50, fit: true },
    ];
    const none = "No other place would be a gain for it at present.";
    assert.equal(moves({ decision, candidates: [here, { ...there, fit: false }] }).text, none);
    assert.match(moves({ decision, candidates: [here, there] }).text, /^It is not moved: it is not known yet whether/);
    assert.equal(
      moves({ decision, candidates: [{ ...here, snrDb: null }] }).text,
      "It is not moved before it is known how well it is heard where it is.",
    );
  });

  it("is not known where the cloud knows nothing of it", () => {
    const unknown = { explanation: undefined, band: null, now, moment: String };
    const text = (where: MovesInput["where"]) => movesOf({ ...unknown, where }).text;
    assert.equal(text("here"), "The cloud has not seen enough of it to move it.");
    assert.equal(text("away"), "It is not connected.");
    assert.equal(text("unknown"), "Where it is now is not known.");
  });

  it("waits after moves that failed, and that can be taken back", () => {
    assert.deepEqual(moves({ notBefore: until }), {
      text: "It is not asked to move before 18:30.",
      isLeftAlone: true,
    });
    assert.equal(moves({ failures: 1 }).isLeftAlone, true);
    assert.equal(moves().isLeftAlone, false);
  });
});

describe("bands that a client can be held to", () => {
  it("are those that it has and its key opens", () => {
    const bands = (has: readonly string[], bandsComplete: boolean, closed: readonly string[] = []) =>
      holdChoices({ bands: has, bandsComplete, closed } as unknown as Parameters<typeof holdChoices>[0]);
    assert.deepEqual(bands(["2.4G", "5G", "6G"], true, ["6G"]), ["2.4G", "5G"]);
    assert.deepEqual(bands(["5G"], true), ["5G"]);
    assert.deepEqual(bands(["5G"], false), ["2.4G", "5G"], "2.4 GHz as nearly all have it");
    assert.deepEqual(holdChoices(undefined), ["2.4G"]);
  });
});
