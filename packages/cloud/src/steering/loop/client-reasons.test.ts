import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide } from "../optimiser/decide.ts";
import { defaultPolicy } from "../optimiser/policy.ts";
import { emptyState, freshClient } from "../optimiser/state.ts";
import { bssid, client, type SnapshotOptions, snapshot, start, tv } from "../testing/snapshots.ts";
import { reasonsOf } from "./client-reasons.ts";

const policy = { ...defaultPolicy, enabled: true };

function reasons(options: SnapshotOptions, state = emptyState) {
  const seen = snapshot(options);
  const { decisions } = decide(seen, policy, state);
  const known = state.clients.find(({ mac }) => mac === tv);
  return reasonsOf({ snapshot: seen, policy, known, decisions, mac: tv });
}

const brief = ({ candidates }: ReturnType<typeof reasons>) =>
  candidates.map(({ node, band, isPresent, fit, why }) => `${node} ${band} ${isPresent ? "here" : fit ? "fit" : why}`);

describe("why a client is where it is", () => {
  const hears = { "gw 5G": 32, "ext 5G": 10 } as const;

  it("has every place of its network: the present one first, then the best, each of the others with what speaks against it", () => {
    const found = reasons({ clients: [client({ hears })], bsses: { "gw 2.4G": { busyPercent: 95 } } });
    assert.equal(found.decision.kind, "move");
    const said = brief(found);
    assert.equal(said.length, 6);
    assert.equal(said[0], "gw 2.4G here");
    assert.equal(said[1], "gw 5G fit");
    assert.ok(said.includes("ext 5G too weak"));
    assert.ok(said.includes("leaf 5G signal unknown"));
    const [, best] = found.candidates;
    assert.ok((best?.capacityMbps ?? 0) > 0 && (best?.freePercent ?? 0) > 50);
  });

  it("compares places also while the client is not to be moved at all, and says why it is not", () => {
    const found = reasons({ clients: [client({ hears, idle: false })], bsses: { "gw 2.4G": { busyPercent: 95 } } });
    assert.deepEqual(found.decision, { kind: "stay", why: "it is in use" });
    assert.equal(brief(found)[1], "gw 5G fit");
  });

  it("leaves out other networks, and names bands that it lacks or is not allowed", () => {
    const found = reasons({
      clients: [client({ hears, allowed: ["2.4G"] })],
      bsses: { "leaf 5G": { network: "guests" }, "leaf 2.4G": { network: "guests" } },
    });
    assert.deepEqual(found.allowed, ["2.4G"]);
    assert.ok(brief(found).includes("gw 5G band not allowed"));
    assert.equal(found.candidates.length, 4);
  });

  it("names bands that its key does not open, before whether they would be a gain", () => {
    const found = reasons({
      clients: [client({ hears, closed: ["5G"] })],
      bsses: { "gw 2.4G": { busyPercent: 95 } },
    });
    assert.deepEqual(found.closed, ["5G"]);
    assert.equal(found.decision.kind, "stay", "nobody is sent where it cannot get in");
    assert.ok(brief(found).includes("gw 5G its key does not open the band"));
    assert.deepEqual(reasons({ clients: [client({ hears })] }).closed, []);
  });

  it("tells how it would be heard elsewhere also where it is not known how it is heard now", () => {
    const found = reasons({ clients: [client({ hears, snrDb: null })] });
    assert.equal(found.decision.why, "its signal is not known");
    const there = found.candidates.find(({ bssid: each }) => each === bssid("gw 5G"));
    assert.deepEqual([there?.snrDb, there?.heardBy, there?.capacityMbps, there?.why], [32, "link", null, null]);
  });

  it("names bands that it lacks also where it is not known how it is heard now, as after it has moved", () => {
    const found = reasons({ clients: [client({ hears, snrDb: null, allowed: ["2.4G"] })] });
    const there = found.candidates.find(({ bssid: each }) => each === bssid("gw 5G"));
    assert.deepEqual([there?.snrDb, there?.heardBy, there?.why], [32, "link", "band not allowed"]);
    const closed = reasons({ clients: [client({ hears, snrDb: null, closed: ["5G"] })] });
    assert.ok(brief(closed).includes("gw 5G its key does not open the band"));
  });

  it("tells how it would be heard also where it may not go: what was measured there does not become unknown by a hold", () => {
    const found = reasons({ clients: [client({ hears, allowed: ["2.4G"] })] });
    const there = found.candidates.find(({ bssid: each }) => each === bssid("gw 5G"));
    assert.deepEqual([there?.snrDb, there?.heardBy, there?.capacityMbps], [32, "link", null]);
    assert.equal(there?.why, "band not allowed");
    assert.deepEqual(there?.measured?.snrDb, 32);
  });

  it("has what was measured there last also where that is too old to count", () => {
    const at = start - policy.staleMs - 1;
    const heard = [{ bssid: bssid("gw 5G"), snrDb: 31, at, by: "link" as const }];
    const walker = client({ mobility: "mobile", allowed: ["2.4G"], snrDb: null });
    const found = reasons({ clients: [{ ...walker, heard }] });
    const there = found.candidates.find(({ bssid: each }) => each === bssid("gw 5G"));
    assert.deepEqual([there?.snrDb, there?.measured], [null, { snrDb: 31, at }]);
    assert.equal(found.candidates.find(({ node, band }) => node === "leaf" && band === "5G")?.measured, null);
  });

  it("does not take what was measured when it was there before for a measurement of now", () => {
    const heard = [{ bssid: bssid("gw 2.4G"), snrDb: 38, at: start - 60_000, by: "link" as const }];
    const [present] = reasons({ clients: [{ ...client({ snrDb: null }), heard }] }).candidates;
    assert.deepEqual(
      [present?.isPresent, present?.snrDb, present?.heardBy, present?.measured?.at],
      [true, 38, "earlier", start - 60_000],
    );
  });

  it("has no places for a client that is nowhere, or is not known", () => {
    assert.deepEqual(reasons({ clients: [client({ on: null })] }).candidates, []);
    const none = reasons({ clients: [] });
    assert.deepEqual([none.candidates, none.wantsMbps, none.decision.why], [[], null, "it is nowhere"]);
  });

  it("remembers what did not work out", () => {
    const blocked = [{ from: bssid("gw 2.4G"), to: bssid("gw 5G"), until: start + 1000 }];
    const found = reasons(
      { clients: [client({ hears })], bsses: { "gw 2.4G": { busyPercent: 95 } } },
      { clients: [{ ...freshClient(tv, start), blocked }] },
    );
    assert.ok(brief(found).includes("gw 5G did not work out before"));
  });
});
