import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adviceText, bannerText, type HeardNode, homeReach, nodeReach, signText } from "./reach.ts";

const moment = (at: number) => new Date(at).toISOString().slice(11, 16);
const here: HeardNode = { id: "gw", connection: "connected", silent: false, heardAt: "2026-08-01T18:00:00.000Z" };
const silent: HeardNode = { ...here, silent: true };
const gone: HeardNode = { ...here, connection: "absent" };
const later = "2026-08-01T18:05:00.000Z";

describe("the reach of a home", () => {
  const cases: readonly [string, readonly HeardNode[], string | null][] = [
    ["is whole while one node is heard of", [gone, here], null],
    ["is not in doubt of a home without nodes", [], null],
    [
      "is in doubt as soon as none answers any more",
      [silent, gone],
      "The home does not answer since 18:00, when it was heard of last. What you see of it is of then.",
    ],
    [
      "is gone when none is connected, since the last of them was heard of",
      [gone, { ...gone, heardAt: later }],
      "The home is not reachable since 18:05, when it was heard of last. What you see of it is of then; what you change is kept, and told to its nodes when they are back.",
    ],
    [
      "is not known where none has come since the cloud was started",
      [{ ...gone, heardAt: null }],
      "No node of the home is connected, and none has been since the cloud was started.",
    ],
  ];
  for (const [title, nodes, text] of cases) {
    it(title, () => {
      const reach = homeReach(nodes);
      assert.equal(bannerText(reach, moment), text);
      assert.equal(signText(reach) === null, text === null);
      assert.equal(adviceText(reach, false) === null, text === null);
    });
  }
});

describe("what is likely where nothing is heard of a home", () => {
  it("is that the cloud was taken down, where somebody has done that; else its power or its cable", () => {
    const gone = { kind: "gone", since: null } as const;
    assert.match(adviceText(gone, true) ?? "", /^The cloud was taken down on purpose, on the page Simulation/);
    assert.match(adviceText(gone, false) ?? "", /^Most likely its gateway has no power/);
    assert.equal(adviceText({ kind: "here" }, true), null);
  });
});

describe("the reach of a node", () => {
  for (const [node, kind] of [
    [here, "here"],
    [silent, "silent"],
    [gone, "gone"],
    [{ ...here, connection: "redirected", heardAt: null }, "gone"],
  ] as const) {
    it(`is ${kind} where it is ${node.connection}${node.silent ? " and silent" : ""}`, () =>
      assert.equal(nodeReach(node).kind, kind));
  }
});
