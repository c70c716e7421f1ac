import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RadioOpinion } from "./doc.ts";
import { radioNotes, radioWords } from "./radio-words.ts";

const home = (...radios: readonly RadioOpinion[]) => ({
  nodes: [{ id: "gateway" }, { id: "extender" }],
  radios: [...radios],
});
const of = (before: readonly RadioOpinion[], after: readonly RadioOpinion[]) => {
  const { radar, left } = radioNotes(home(...before), home(...after));
  return { radar: radar.map(({ text }) => text), left: left.map(({ text }) => text) };
};
const on = (channel: number, width: 20 | 80 | 160 = 80, node: string | undefined = "gateway"): RadioOpinion => ({
  ...{ band: "5G", channel, width },
  ...(node !== undefined && { node }),
});

describe("what is set of a radio", () => {
  it("is told by what it sets", () => {
    assert.equal(radioWords({ ...on(100), power: 20, chains: 1 }), "channel 100, 80 MHz wide, 20 dBm, 1 chain");
    assert.equal(radioWords({ band: "5G", enabled: false }), "off");
    assert.equal(radioWords({ band: "5G", enabled: true }), "");
  });
});

describe("a radio for which nothing is set any more", () => {
  const left =
    "until the node chooses another or somebody sets one: where nothing is set any more, it is left as it is.";

  it("stays as it is, and that is said", () => {
    assert.deepEqual(of([on(149)], []).left, [`5 GHz of gateway stays on channel 149, 80 MHz wide ${left}`]);
    assert.deepEqual(of([{ ...on(149), node: undefined }], []).left, [
      `5 GHz of gateway and extender stays on channel 149, 80 MHz wide ${left}`,
    ]);
    assert.deepEqual(of([{ ...on(149), power: 20 }], [on(149)]).left, [
      "5 GHz of gateway stays at 20 dBm until somebody sets another: where nothing is set any more, it is left as it is.",
    ]);
    assert.deepEqual(of([{ band: "5G", enabled: false, node: "gateway" }], []).left, [
      "5 GHz of gateway stays off until somebody sets it to be on.",
    ]);
  });

  it("is not one for which something is set for every node, nor one of a node that is gone or new", () => {
    assert.deepEqual(of([on(149)], [{ ...on(36), node: undefined }]).left, []);
    const { left } = radioNotes(home(on(149)), { nodes: [{ id: "extender" }], radios: [] });
    assert.deepEqual(left, []);
  });

  it("stays so of what one setting says where another that says less takes its place", () => {
    assert.deepEqual(of([on(149)], [{ band: "5G", power: 10 }]).left, [
      `5 GHz of gateway stays on channel 149, 80 MHz wide ${left}`,
    ]);
  });
});

describe("a channel that radar may use", () => {
  it("is said to cost its band a while, longer near weather radar, also where a wide channel reaches it", () => {
    assert.deepEqual(of([], [on(100, 20, "extender")]).radar, [
      "5 GHz of extender may be off for about a minute: radar has the right of way on channel 100, " +
        "and the node listens for it first. Where it hears radar it stays off this channel.",
    ]);
    assert.match(of([], [on(116)]).radar.join(), /one to ten minutes/);
    assert.match(of([], [on(36, 160)]).radar.join(), /on channel 36 with 160 MHz/);
    assert.match(of([on(100, 20)], [on(100, 80)]).radar.join(), /about a minute/);
  });

  it("is none where radar has no right, where the radio is there already, and where it is off", () => {
    for (const channel of [36, 48, 149]) assert.deepEqual(of([], [on(channel)]).radar, []);
    assert.deepEqual(of([on(100)], [{ ...on(100), power: 10 }]).radar, []);
    assert.deepEqual(of([], [{ ...on(100), enabled: false }]).radar, []);
    assert.deepEqual(of([], [{ band: "6G", channel: 101, width: 20 }]).radar, []);
  });
});
