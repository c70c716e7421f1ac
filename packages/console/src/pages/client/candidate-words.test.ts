import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { barOf, boundText, type Candidate, type Compared, heardText, mostOf, verdictText } from "./candidate-words.ts";

const now = Date.parse("2026-08-01T18:00:00Z");

const candidate = (more: Partial<Candidate>): Candidate => ({
  ...{ bssid: "b", node: "gateway", band: "5G", channel: 36, width: 80, isPresent: false, snrDb: 30, heardBy: "link" },
  ...{
    linkMbps: 200,
    capacityMbps: 100,
    scoreMbps: 30,
    freePercent: 60,
    bottleneck: 0,
    fit: false,
    why: null,
    measured: null,
  },
  ...more,
});

const verdict = (of: Candidate, more: Partial<Compared> = {}) =>
  verdictText(of, { bandsComplete: true, allowed: [], wantsMbps: 50, ...more });

describe("the table of candidates", () => {
  it("says of each place why the client is not moved there", () => {
    assert.equal(verdict(candidate({ isPresent: true })), "It is here.");
    assert.equal(verdict(candidate({ fit: true })), "Better: it would be moved here.");
    assert.equal(verdict(candidate({ why: "too weak" })), "Too weak where it stands.");
    assert.equal(verdict(candidate({ why: "something new" })), "something new");
    assert.equal(
      verdict(candidate({ band: "6G", why: "its key does not open the band" })),
      "Its key does not open 6 GHz, where only the network’s first key works.",
    );
    const lacking = candidate({ why: "cannot use the band" });
    assert.equal(verdict(lacking), "It does not have this band.");
    assert.match(verdict(lacking, { bandsComplete: false }), /never been seen/);
  });

  it("says of a slower place that it is slower, and of the others when they are compared", () => {
    const slow = candidate({ why: "no better", capacityMbps: 80 });
    const present = candidate({ isPresent: true, capacityMbps: 100 });
    assert.equal(verdict(slow, { present }), "It would be slower.");
    assert.equal(
      verdict(slow, { present: { ...present, capacityMbps: null, scoreMbps: null } }),
      "Not enough of a gain.",
    );
    assert.match(verdict(candidate({ why: null, snrDb: null })), /^Compared as soon as/);
  });

  it("says of a faster place by which figures it is no gain, or not enough of one", () => {
    const fast = candidate({ why: "no better", capacityMbps: 484, scoreMbps: 30 });
    const present = candidate({ isPresent: true, capacityMbps: 125, scoreMbps: 30 });
    assert.equal(
      verdict(fast, { present, wantsMbps: 30 }),
      "No gain: it wants some 30 Mbit/s, and has them where it is.",
    );
    assert.equal(
      verdict(fast, { present: { ...present, capacityMbps: 25, scoreMbps: 25 }, wantsMbps: 30 }),
      "Not enough of a gain: 30 instead of 25 Mbit/s of what it wants.",
    );
  });

  it("says what it is held to of places that it is held off", () => {
    const off = candidate({ why: "band not allowed" });
    assert.equal(verdict(off, { allowed: ["2.4G"] }), "It is held to 2.4 GHz.");
    assert.equal(verdict(off), "A rule keeps it off this band.");
  });

  it("says how it is known how well it is heard, and how old that is", () => {
    const measured = { snrDb: 21.4, at: "2026-08-01T17:59:20Z" };
    const older = { snrDb: 31, at: "2026-08-01T17:55:00Z" };
    const heard = (more: Partial<Candidate>) => heardText(candidate(more), now);
    assert.equal(heard({ isPresent: true, measured }), "30 dB (measured)");
    assert.equal(
      heard({ heardBy: "probe", snrDb: 21.4, measured }),
      "21 dB (heard when it looked around, less than a minute ago)",
    );
    assert.equal(heard({ measured: older }), "30 dB (measured when it was here, 5 min ago)");
    assert.equal(heard({ heardBy: "other band", snrDb: 29 }), "29 dB (worked out from another band)");
    assert.equal(
      heard({ heardBy: "other band", snrDb: 29, measured: older }),
      "29 dB (worked out from another band; 31 dB measured 5 min ago)",
    );
  });

  it("has what was measured last where it is not known how well it is heard now", () => {
    const older = { snrDb: 31, at: "2026-08-01T17:55:00Z" };
    const heard = (more: Partial<Candidate>) => heardText(candidate({ snrDb: null, heardBy: null, ...more }), now);
    assert.equal(heard({}), "unknown");
    assert.equal(heard({ isPresent: true }), "not heard yet");
    assert.equal(heard({ isPresent: true, measured: older }), "not heard yet; 31 dB when it was here 5 min ago");
    assert.equal(heard({ measured: older }), "31 dB 5 min ago, which is too old to count");
    assert.equal(verdict(candidate({ why: "signal unknown", measured: older })), "Not heard here of late.");
    assert.equal(
      heardText(candidate({ isPresent: true, heardBy: "earlier", measured: older }), now),
      "30 dB (measured when it was here before, 5 min ago)",
    );
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
