import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { barOf, boundText, type Candidate, heardText, mostOf, verdictText } from "./candidate-words.ts";

const candidate = (more: Partial<Candidate>): Candidate => ({
  ...{ bssid: "b", node: "gateway", band: "5G", channel: 36, width: 80, isPresent: false, snrDb: 30, heardBy: "link" },
  ...{ linkMbps: 200, capacityMbps: 100, scoreMbps: 30, freePercent: 60, bottleneck: 0, fit: false, why: null },
  ...more,
});

describe("the table of candidates", () => {
  it("says of each place why the client is not moved there", () => {
    assert.equal(verdictText(candidate({ isPresent: true }), true), "It is here.");
    assert.equal(verdictText(candidate({ fit: true }), true), "Better: it would be moved here.");
    assert.equal(verdictText(candidate({ why: "too weak" }), true), "Too weak where it stands.");
    assert.equal(verdictText(candidate({ why: "something new" }), true), "something new");
    assert.equal(
      verdictText(candidate({ band: "6G", why: "its key does not open the band" }), true),
      "Its key does not open 6 GHz, where only the network’s first key works.",
    );
    const lacking = candidate({ why: "cannot use the band" });
    assert.equal(verdictText(lacking, true), "It does not have this band.");
    assert.match(verdictText(lacking, false), /never been seen/);
  });

  it("says of a slower place that it is slower, and of the others when they are compared", () => {
    const slow = candidate({ why: "no better", capacityMbps: 80 });
    const present = candidate({ isPresent: true, capacityMbps: 100 });
    assert.equal(verdictText(slow, true, present), "It would be slower.");
    assert.equal(verdictText({ ...slow, capacityMbps: 120 }, true, present), "Not enough of a gain.");
    assert.equal(verdictText(slow, true, { ...present, capacityMbps: null }), "Not enough of a gain.");
    assert.match(verdictText(candidate({ why: null, snrDb: null }), true), /^Compared as soon as/);
  });

  it("says how it is known how well it is heard", () => {
    assert.equal(heardText(candidate({ heardBy: "probe", snrDb: 21.4 })), "21 dB (heard when it looked around)");
    assert.equal(heardText(candidate({ snrDb: null })), "unknown");
    assert.equal(heardText(candidate({ snrDb: null, isPresent: true })), "not reported yet");
  });

  it("has bars as long as the best, and none for what is unknown", () => {
    const all = [candidate({}), candidate({ capacityMbps: 400 }), candidate({ capacityMbps: null })];
    assert.equal(mostOf(all), 400);
    assert.deepEqual(
      all.map((each) => barOf(each, 400)),
      [{ capacity: 0.25, score: 0.075 }, { capacity: 1, score: 0.075 }, null],
    );
    assert.equal(barOf(candidate({ capacityMbps: 0 }), 0), null);
  });

  it("says what bounds it", () => {
    for (const isPresent of [true, false]) {
      const said = boundText(candidate({ isPresent }));
      assert.equal(
        said,
        "some 100 Mbit/s; its own link gives no more; 60 % of the air left",
        "it is no measurement anywhere",
      );
    }
    assert.equal(
      boundText(candidate({ bottleneck: 1, freePercent: null })),
      "some 100 Mbit/s; the link between the nodes gives no more",
    );
  });
});
