import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bssid, client, snapshot, start, tv } from "../testing/snapshots.ts";
import { attemptsOf } from "./attempts.ts";
import type { ToldEntry } from "./journal-store.ts";

const prospect = { snrDb: 30, rawDb: 30, by: "link", linkMbps: 100, capacityMbps: 50, bottleneck: 0, free: 0.5 };
const move = {
  ...{ kind: "move", mac: tv, others: [] },
  present: { ...prospect, bssid: bssid("gw 2.4G"), scoreMbps: 5 },
  target: { ...prospect, bssid: bssid("gw 5G"), scoreMbps: 30 },
};
const outcome = {
  ...{ kind: "outcome", mac: tv, result: "better", scoreAfter: 28, surpriseDb: 1, failures: 0, notBefore: 0 },
  move: {
    ...{ from: bssid("gw 2.4G"), to: bssid("gw 5G"), askedAt: start, arrivedAt: start + 1 },
    ...{ scoreBefore: 5, scorePredicted: 30, snrPredicted: 30 },
  },
};

function told(at: number, decisions: readonly object[], mode: ToldEntry["mode"] = "on"): ToldEntry {
  const entry = { at, snapshot: snapshot({ clients: [client()] }), decisions };
  return { number: 1, at, mode, macs: [tv], text: "", entry: entry as unknown as ToldEntry["entry"] };
}

describe("moves that the journal tells of", () => {
  it("are one attempt each: when it was asked, from where to where, and what came of it", () => {
    const [attempt, ...others] = attemptsOf([told(start + 400_000, [outcome]), told(start, [move])], tv);
    assert.deepEqual(others, []);
    assert.equal(attempt?.result, "better");
    assert.deepEqual([attempt?.askedAt, attempt?.endedAt], [start, start + 400_000]);
    assert.deepEqual([attempt?.from.band, attempt?.to.node, attempt?.to.channel], ["2.4G", "gw", 36]);
    assert.deepEqual([attempt?.before, attempt?.predicted, attempt?.after], [5, 30, 28]);
  });

  it("are under way without an outcome, and recommended only where nobody was asked", () => {
    assert.equal(attemptsOf([told(start, [move])], tv)[0]?.result, "under way");
    assert.equal(attemptsOf([told(start, [move], "recommend")], tv)[0]?.result, "recommended");
  });

  it("are those of this client, whatever an entry is made of", () => {
    const damaged = { ...told(start, []), entry: { decisions: "?" } as unknown as ToldEntry["entry"] };
    const other = { ...move, mac: "02:00:00:00:00:09" };
    assert.deepEqual(attemptsOf([damaged, told(start, [other])], tv), []);
  });
});
