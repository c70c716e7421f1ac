import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bssid,
  type ClientOptions,
  client,
  leafUplink,
  type SnapshotOptions,
  snapshot,
  start,
  tv,
} from "../testing/snapshots.ts";
import { type Decision, decide } from "./decide.ts";
import { explain } from "./explain.ts";
import { defaultPolicy, type OptimiserPolicy } from "./policy.ts";
import { type ClientState, emptyState, freshClient } from "./state.ts";

interface Case extends Omit<SnapshotOptions, "clients"> {
  readonly of: ClientOptions;
  readonly policy?: Partial<OptimiserPolicy>;
  readonly known?: Partial<ClientState>;
}

function decisionFor({ of, policy, known, ...home }: Case): Decision {
  const state = known ? { clients: [{ ...freshClient(tv, start), ...known }] } : emptyState;
  const { decisions } = decide(snapshot({ ...home, clients: [client(of)] }), { ...defaultPolicy, ...policy }, state);
  const own = decisions.filter(({ mac, kind }) => mac === tv && kind !== "outcome");
  assert.equal(own.length, 1);
  return own[0] as Decision;
}

const crowded = { "gw 2.4G": { busyPercent: 90 } };
const good: ClientOptions = { on: "gw 2.4G", snrDb: 40, hears: { "gw 5G": 33, "ext 5G": 25 } };

describe("decide", () => {
  describe("moves a client", () => {
    const cases: readonly (readonly [string, Case, Parameters<typeof bssid>[0]])[] = [
      ["off crowded air to a band that it was heard well on", { of: good, bsses: crowded }, "gw 5G"],
      [
        "to the other node where that hears it better",
        { of: { ...good, hears: { "gw 5G": 20, "ext 5G": 38 } }, bsses: crowded },
        "ext 5G",
      ],
      [
        "to the band of the same node, by what the other band tells",
        { of: { ...good, snrDb: 50, hears: {} }, bsses: crowded },
        "gw 5G",
      ],
      [
        "past an access point with the better signal and no air left",
        { of: { ...good, hears: { "gw 5G": 45, "ext 5G": 30 } }, bsses: { ...crowded, "gw 5G": { busyPercent: 84 } } },
        "ext 5G",
      ],
      [
        "past a better signal behind a weak backhaul",
        {
          of: { ...good, snrDb: 24, hears: { "leaf 5G": 50, "ext 5G": 28 } },
          bsses: crowded,
          nodes: { leaf: { uplink: { ...leafUplink, linkMbps: 20 } } },
        },
        "ext 5G",
      ],
      [
        "away from a weak backhaul to a weaker signal",
        {
          of: { ...good, on: "leaf 5G", snrDb: 45, hears: { "gw 5G": 24 } },
          nodes: { leaf: { uplink: { ...leafUplink, linkMbps: 12 } } },
        },
        "gw 5G",
      ],
      [
        "though it walks, where its class is always moved",
        { of: { ...good, eligible: "always", mobility: "mobile" }, bsses: crowded },
        "gw 5G",
      ],
      [
        "though it is in use, where the policy does not mind",
        { of: { ...good, idle: false }, bsses: crowded, policy: { idleOnly: false } },
        "gw 5G",
      ],
      [
        "within the bands that its home allows",
        { of: { ...good, allowed: ["2.4G"], hears: { "gw 5G": 40, "ext 2.4G": 35 } }, bsses: crowded },
        "ext 2.4G",
      ],
    ];
    for (const [what, of, to] of cases) {
      it(what, () => {
        const decision = decisionFor(of);
        assert.equal(decision.kind, "move", explain({ at: start, snapshot: snapshot(of), decisions: [decision] }, tv));
        if (decision.kind === "move") assert.equal(decision.target.bssid, bssid(to));
      });
    }
  });

  describe("leaves a client where it is", () => {
    const cases: readonly (readonly [string, Case, string])[] = [
      ["when it has what it wants", { of: good }, "it has what it wants"],
      [
        "when the better place is only a little better",
        { of: { ...good, wantsMbps: 1000 }, policy: { gain: 10 } },
        "no better place",
      ],
      [
        "when nobody has ever heard it elsewhere",
        { of: { ...good, ability: { ...client().ability, bands: ["2.4G"] }, hears: {} }, bsses: crowded },
        "no better place",
      ],
      [
        "when it would fill the air there",
        {
          of: { ...good, typicalMbps: 200, wantsMbps: 200, hears: { "gw 5G": 30 } },
          bsses: { ...crowded, "gw 5G": { busyPercent: 60 } },
        },
        "no better place",
      ],
      [
        "when it is hardly heard there",
        { of: { ...good, snrDb: 22, hears: { "gw 5G": 15, "ext 5G": 10 } }, bsses: crowded },
        "no better place",
      ],
      ["when its class is not moved", { of: { ...good, eligible: "never" }, bsses: crowded }, "its class is not moved"],
      ["when it walks", { of: { ...good, mobility: "mobile" }, bsses: crowded }, "it walks"],
      [
        "when nobody knows whether it walks",
        { of: { ...good, mobility: "unknown" }, bsses: crowded },
        "not known whether it walks",
      ],
      ["when it is in use", { of: { ...good, idle: false }, bsses: crowded }, "it is in use"],
      [
        "when it is in use and does not know 802.11v, even where the policy does not mind",
        {
          of: { ...good, idle: false, ability: { ...client().ability, btm: false } },
          bsses: crowded,
          policy: { idleOnly: false },
        },
        "it is in use, and cannot be asked but thrown out only",
      ],
      [
        "when nobody knows whether it is in use",
        { of: { ...good, idle: null }, bsses: crowded },
        "not known whether it is in use",
      ],
      ["when it has just come", { of: { ...good, since: start - 60_000 }, bsses: crowded }, "it has just come"],
      [
        "when the last report is old",
        { of: { ...good, at: start - 600_000 }, bsses: crowded },
        "the last report is too old",
      ],
      [
        "when its report is from the future",
        { of: { ...good, at: start + 600_000 }, bsses: crowded },
        "the last report is too old",
      ],
      ["when its signal is not known", { of: { ...good, snrDb: null }, bsses: crowded }, "its signal is not known"],
      ["when it is nowhere", { of: { ...good, on: null }, bsses: crowded }, "it is nowhere"],
      ["while it rests", { of: good, bsses: crowded, known: { notBefore: start + 1 } }, "resting after the last move"],
      [
        "when its node is not claimed",
        { of: good, bsses: crowded, nodes: { gw: { claimed: false } } },
        "its node is not claimed",
      ],
      ["when steering is switched off", { of: good, bsses: crowded, policy: { enabled: false } }, "switched off"],
      [
        "when the way back leads in a ring",
        {
          of: { ...good, hears: { "leaf 5G": 50 }, ability: { ...client().ability, bands: ["2.4G"] } },
          bsses: crowded,
          nodes: { leaf: { uplink: { ...leafUplink, parent: "leaf" } } },
        },
        "no better place",
      ],
    ];
    for (const [what, of, why] of cases) {
      it(what, () => {
        const decision = decisionFor(of);
        assert.equal(decision.kind === "stay" ? decision.why : decision.kind, why);
      });
    }

    it("and never sends it into another network, to a node that is not claimed, or where it did not work out", () => {
      const blocked = [{ from: bssid("gw 2.4G"), to: bssid("ext 5G"), until: start + 1 }];
      const decision = decisionFor({
        of: { ...good, allowed: ["5G"], hears: { "gw 5G": 40, "ext 5G": 40, "leaf 5G": 40 } },
        bsses: { ...crowded, "gw 5G": { network: "guests" } },
        nodes: { leaf: { claimed: false } },
        known: { blocked },
      });
      assert.equal(decision.kind, "stay");
      const why = (decision.kind === "stay" ? decision.others : []).map((other) => (other.fit ? "" : other.why));
      assert.ok(
        why.every((each) =>
          ["another network", "not claimed", "did not work out before", "band not allowed"].includes(each),
        ),
      );
    });
  });

  it("moves one client at a time, the one with the least of what it wants first", () => {
    const other = client({ ...good, mac: "02:00:00:00:00:02" as typeof tv, wantsMbps: 300, typicalMbps: 10 });
    const home = snapshot({ clients: [client(good), other], bsses: crowded });
    const { decisions, state } = decide(home, defaultPolicy, emptyState);
    assert.deepEqual(
      decisions.map(({ mac, kind }) => [mac.slice(-1), kind]),
      [
        ["1", "stay"],
        ["2", "move"],
      ],
    );
    assert.equal(state.clients.filter(({ move }) => move).length, 1);
    const next = decide({ ...home, at: start + 1000 }, defaultPolicy, state);
    assert.equal(next.state.clients.filter(({ move }) => move).length, 2);
  });

  it("asks nobody more while as many moves are under way as may be", () => {
    const clients = [1, 2, 3].map((n) => client({ ...good, mac: `02:00:00:00:00:0${n}` as typeof tv }));
    const home = snapshot({ clients, bsses: crowded });
    let { state } = decide(home, defaultPolicy, emptyState);
    for (let tick = 1; tick < 5; tick++)
      ({ state } = decide({ ...home, at: start + tick * 1000 }, defaultPolicy, state));
    assert.equal(state.clients.filter(({ move }) => move).length, defaultPolicy.movesAtOnce);
  });

  it("takes the rate of a link that carries something for what it is, and of an idle one for nothing", () => {
    const of = { ...good, hears: { "gw 5G": 33 } };
    const score = (more: ClientOptions) => {
      const decision = decisionFor({ of: { ...of, ...more }, bsses: crowded });
      return decision.kind === "move" ? decision.present.linkMbps : Number.NaN;
    };
    assert.equal(score({ linkMbps: 6, mbps: 0.1 }), score({ linkMbps: null }));
    assert.ok(score({ linkMbps: 30, mbps: 4 }) < score({ linkMbps: null }));
  });
});
