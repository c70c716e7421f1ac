import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { bssid, client, type Place, snapshot, start, tv } from "../testing/snapshots.ts";
import { explain } from "./explain.ts";
import { decideAndTell, isNoteworthy, type JournalEntry, replay } from "./journal.ts";
import { defaultPolicy as policy } from "./policy.ts";
import { snapshotSchema } from "./snapshot.ts";
import { emptyState, type OptimiserState, stateSchema } from "./state.ts";

const places = ["gw 2.4G", "gw 5G", "ext 2.4G", "ext 5G", "leaf 2.4G", "leaf 5G"] as const;

/** A home of six whose clients come and go, obey, refuse, and go elsewhere; air and signals change all the time. */
function play(seed: number, ticks: number): JournalEntry[] {
  const random = new SeededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const where = new Map<Mac, Place | null>();
  const since = new Map<Mac, number>();
  const macs = Array.from({ length: 6 }, (_, index) => mac(`02:00:00:00:00:0${index}`));
  let state: OptimiserState = emptyState;
  const journal: JournalEntry[] = [];
  let at = start;
  for (let tick = 0; tick < ticks; tick++) {
    at += random.integer(20) === 0 ? random.integer(100_000_000) : random.integer(200_000);
    for (const each of macs) {
      const move = state.clients.find((known) => known.mac === each)?.move;
      const roll = random.integer(20);
      const from = where.get(each);
      if (move && roll > 11) where.set(each, places.find((place) => bssid(place) === move.to) ?? null);
      else if (roll < 2 || !where.has(each)) where.set(each, random.integer(6) === 0 ? null : pick(places));
      if (where.get(each) !== from) since.set(each, at);
    }
    const clients = macs
      .filter(() => random.integer(10) > 0)
      .map((each) =>
        client(
          {
            ...{
              mac: each,
              on: where.get(each) ?? null,
              snrDb: random.integer(8) === 0 ? null : 10 + random.integer(45),
            },
            ...{
              idle: pick([true, true, true, false, null]),
              mobility: pick(["static", "static", "static", "mobile", "unknown"]),
            },
            ...{ mbps: random.next() * 20, linkMbps: pick([null, 6, 100, 400]), typicalMbps: random.next() * 50 },
            ...{
              since: Math.min(at, (since.get(each) ?? at) - random.integer(600_000)),
              wantsMbps: 1 + random.next() * 200,
            },
            hears: Object.fromEntries(
              places.filter(() => random.integer(2) === 0).map((place) => [place, random.integer(60)]),
            ),
          },
          at,
        ),
      );
    const bsses = Object.fromEntries(places.map((place) => [place, { busyPercent: pick([null, 5, 40, 80, 95, 100]) }]));
    const previous = journal.at(-1)?.digest ?? null;
    const seen = snapshot({ at, clients, bsses });
    const before = JSON.stringify([seen, state]);
    const { entry, state: next } = decideAndTell(seen, policy, state, previous);
    assert.equal(JSON.stringify([seen, state]), before, "inputs are left alone");
    journal.push(entry);
    state = next;
  }
  return journal;
}

describe("decisions one after the other", () => {
  it("have never two moves of one client, nor more than allowed, in flight; and none without predicted gain", () => {
    let moves = 0;
    const results = new Set<string>();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const open = new Set<Mac>();
        for (const entry of play(seed, 60)) {
          snapshotSchema.parse(entry.snapshot);
          stateSchema.parse(entry.state);
          for (const decision of entry.decisions) {
            if (decision.kind === "outcome") {
              assert.ok(open.delete(decision.mac), "an outcome of nothing");
              results.add(decision.result);
            }
          }
          for (const decision of entry.decisions) {
            if (decision.kind !== "move") continue;
            moves++;
            assert.ok(!open.has(decision.mac), "a second move of one client");
            open.add(decision.mac);
            const { present, target } = decision;
            assert.ok(target.scoreMbps >= present.scoreMbps * (1 + policy.gain));
            assert.ok(target.scoreMbps - present.scoreMbps >= policy.gainMbps);
            assert.ok(target.snrDb >= policy.leastSnrDb);
            const own = entry.snapshot.clients.find((each) => each.mac === decision.mac);
            assert.deepEqual([own?.idle, own?.mobility], [true, "static"]);
          }
          assert.ok(open.size <= policy.movesAtOnce);
        }
      }),
      { numRuns: 30 },
    );
    assert.ok(moves > 100, `${moves} moves`);
    // A run that does not see most of what can happen shows little.
    assert.ok(results.size >= 7, [...results].join(", "));
  });

  it("are the same when they are played again, also from a file", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const journal = play(seed, 20);
        assert.deepEqual(replay(JSON.parse(JSON.stringify(journal))), { played: 20, faults: [] });
      }),
      { numRuns: 10 },
    );
  });
});

describe("the journal", () => {
  const good = client({ on: "gw 2.4G", snrDb: 40, hears: { "gw 5G": 33 } });
  const crowded = snapshot({ clients: [good], bsses: { "gw 2.4G": { busyPercent: 90 } } });
  const { entry } = decideAndTell(crowded, policy, emptyState, null);

  it("tells entries of which something is to be told from those in which everybody stays", () => {
    assert.ok(isNoteworthy(entry));
    assert.ok(!isNoteworthy(decideAndTell(snapshot(), policy, emptyState, null).entry));
  });

  it("shows what was altered, and where one is missing", () => {
    const journal = play(7, 4);
    const faultsOf = (altered: readonly unknown[]) =>
      replay(altered).faults.map(({ entry, fault }) => `${entry} ${fault}`);
    assert.deepEqual(faultsOf([journal[0], journal[2], journal[3]]), [
      "1 not the one after the entry before: one is missing",
    ]);
    const looser = { ...entry, policy: { ...policy, leastSnrDb: 60 } };
    assert.deepEqual(faultsOf([looser]), [
      "0 altered since it was written: its digest is another",
      "0 played again, the decisions are others",
      "0 played again, the state that follows is another",
    ]);
  });

  it("is checked entry by entry, whatever a file holds", () => {
    for (const junk of [null, 3, "x", {}, [], { ...entry, snapshot: { at: -1 } }]) {
      const { faults } = replay([junk, entry]);
      assert.equal(faults.length, 1);
      assert.match(faults[0]?.fault ?? "", /^not an entry of a journal: /);
    }
  });

  it("explains a move in words: what the client has, would have, and why not elsewhere", () => {
    assert.equal(
      explain(entry),
      [
        "2027-01-15T08:00:00.000Z",
        "02:00:00:00:00:01 (tv, static): from gw 2.4G (home-ap-24, channel 1) to gw 5G (home-ap-50, channel 36)",
        "  has 12 Mbit/s end to end: link 192 Mbit/s at 40 dB, 10 % of the air of its own link left",
        "  would have 30 Mbit/s, all it wants (399 Mbit/s end to end): link 768 Mbit/s at 33 dB, 80 % of the air of its own link left",
        "  not ext 2.4G (home-ap-24, channel 6): signal unknown",
        "  not ext 5G (home-ap-50, channel 149): signal unknown",
        "  not leaf 2.4G (home-ap-24, channel 11): signal unknown",
        "  not leaf 5G (home-ap-50, channel 100): signal unknown",
      ].join("\n"),
    );
  });

  it("explains what became of it, and why somebody stays", () => {
    const state: OptimiserState = decideAndTell(crowded, policy, emptyState, null).state;
    const at = start + policy.moveMs;
    const later = snapshot({ at, clients: [client({ on: "gw 2.4G", snrDb: 40 }, at)] });
    const next = decideAndTell(later, policy, state, entry.digest).entry;
    assert.match(
      explain(next),
      /to gw 5G \(.*\): did not go \(12 Mbit\/s before, 30 Mbit\/s promised\)\n {2}failed 1 times in a row; no more before 2027-01-15T08:33:00/,
    );
    assert.match(explain(next, tv), /stays: resting after the last move/);
    assert.match(explain(next, mac("02:00:00:00:00:99")), /not among the clients/);
  });
});
