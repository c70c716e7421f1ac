import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { steeringLimits } from "./limits.ts";
import type { Bss } from "./model.ts";
import { backoffAfter, type ClientSettings } from "./settings.ts";
import { ap24, ap50, ap60, far24, far50, StationRig } from "./testing/station-rig.ts";

const bsses: readonly Bss[] = [ap24, ap50, ap60, far24, far50];
const local = bsses.filter(({ vif }) => vif !== null);

type Step =
  | { readonly do: "connect"; readonly where: number; readonly snr: number }
  | { readonly do: "disconnect" }
  | { readonly do: "hear"; readonly snr: number | null }
  | { readonly do: "probe"; readonly where: number; readonly snr: number; readonly broadcast: boolean }
  | { readonly do: "auth"; readonly where: number }
  | { readonly do: "answer"; readonly status: number; readonly token: number | null; readonly where: number }
  | { readonly do: "traffic"; readonly ppdus: number | null }
  | { readonly do: "leaving"; readonly where: number; readonly leaving: boolean }
  | { readonly do: "set"; readonly settings: Partial<ClientSettings> }
  | { readonly do: "wait"; readonly ms: number };

const where = fc.nat(local.length - 1);
const snr = fc.integer({ min: 0, max: 80 });
const settings: fc.Arbitrary<Partial<ClientSettings>> = fc.record(
  {
    hwm: fc.option(fc.integer({ min: 1, max: 100 })),
    lwm: fc.option(fc.integer({ min: 1, max: 60 })),
    bottomLwm: fc.option(fc.integer({ min: 1, max: 20 })),
    pref5g: fc.constantFrom("never", "always", "hwm", "nonDFS"),
    pref6g: fc.constantFrom("never", "always"),
    authBlock: fc.boolean(),
    maxRejects: fc.nat(5),
    rejectsTimeout: fc.nat(20_000),
    blockTimeout: fc.nat(10_000),
    backoff: fc.nat(200_000),
    backoffBase: fc.integer({ min: 1, max: 10 }),
    steerDuringBackoff: fc.boolean(),
    kickUponIdle: fc.boolean(),
    forceKick: fc.constantFrom("none", "speculative", "directed"),
    clientSteering: fc.record(
      {
        mode: fc.constantFrom("off", "home", "away"),
        band: fc.constantFrom(null, "2.4G", "5G", "5GL", "5GU", "6G"),
        period: fc.nat(100_000),
        round: fc.nat(3),
      },
      { noNullPrototype: true },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Partial<ClientSettings>>;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("connect"), where, snr }),
  fc.record({ do: fc.constant("disconnect") }),
  fc.record({ do: fc.constant("hear"), snr: fc.option(snr) }),
  fc.record({ do: fc.constant("probe"), where, snr, broadcast: fc.boolean() }),
  fc.record({ do: fc.constant("auth"), where }),
  fc.record({ do: fc.constant("answer"), status: fc.nat(9), token: fc.option(fc.nat(255)), where }),
  fc.record({ do: fc.constant("traffic"), ppdus: fc.option(fc.nat(1_000)) }),
  fc.record({ do: fc.constant("leaving"), where, leaving: fc.boolean() }),
  fc.record({ do: fc.constant("set"), settings }),
  fc.record({ do: fc.constant("wait"), ms: fc.nat(40_000) }),
) as fc.Arbitrary<Step>;

function play(rig: StationRig, one: Step) {
  switch (one.do) {
    case "connect":
      return rig.connect(local[one.where] ?? ap24, one.snr);
    case "disconnect":
      return rig.disconnect();
    case "hear":
      return rig.hear(one.snr);
    case "probe":
      return rig.probe(local[one.where] ?? ap24, one.snr, one.broadcast);
    case "auth":
      return rig.input({ type: "auth", vif: local[one.where]?.vif ?? "" });
    case "answer": {
      const token = one.token ?? rig.state.attempt?.token ?? 0;
      const target = one.status === 0 ? (bsses[one.where]?.bssid ?? null) : null;
      return rig.input({ type: "btm response", token, status: one.status, target, candidates: [] });
    }
    case "traffic":
      return rig.change({ ppdusPerMinute: one.ppdus });
    case "leaving":
      return rig.change({
        bsses: rig.snapshot.bsses.map((bss) =>
          bss.vif === local[one.where]?.vif ? { ...bss, leaving: one.leaving } : bss,
        ),
      });
    case "set":
      return rig.set(one.settings);
    case "wait":
      return rig.advance(one.ms);
  }
}

/** Watches every decision; throws at the first that breaks a rule. */
class WatchedRig extends StationRig {
  readonly #hardSince = new Map<string, number>();

  override decide(): void {
    const before = this.actions.length;
    const kickedBefore = this.state.attempt;
    super.decide();
    this.#kicks(this.actions.slice(before), kickedBefore?.policy ?? null);
    this.#blocks();
  }

  #kicks(actions: readonly StationRig["actions"][number][], before: string | null): void {
    for (const action of actions) {
      if (action.type !== "btm" && action.type !== "deauth") continue;
      const policy = this.state.attempt?.policy ?? before;
      assert.notEqual(policy, null, "a kick without an attempt");
      const { candidates = [] } = this.last?.explanation ?? {};
      const linked = this.snapshot.links.map(({ bssid }) => bssid);
      const elsewhere = candidates.some(
        ({ bssid, preference }) => preference === "AVAILABLE" && !linked.includes(bssid),
      );
      if (policy !== "snr_xing_bottom_lwm") assert.ok(elsewhere, `${policy} kicks with nowhere to go`);
    }
  }

  #blocks(): void {
    const leaving = this.snapshot.bsses.some((bss) => bss.leaving);
    const { candidates = [] } = this.last?.explanation ?? {};
    for (const { vif, preference } of candidates) {
      if (vif === null) continue;
      if (preference !== "HARD_BLOCKED" || leaving) this.#hardSince.delete(vif);
      else if (!this.#hardSince.has(vif)) this.#hardSince.set(vif, this.now);
      const since = this.#hardSince.get(vif) ?? this.now;
      assert.ok(this.now - since <= steeringLimits.attempt, `${vif} blocked for ${this.now - since} ms`);
    }
  }
}

describe("decisions under whatever happens", () => {
  it("kick only with somewhere to go, one attempt at a time; what an attempt blocks ends within its bound", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        settings,
        fc.boolean(),
        fc.boolean(),
        (steps, first, btm, obedient) => {
          const rig = new WatchedRig({ bsses, settings: first, snapshot: { btm } });
          rig.obedient = obedient;
          for (const one of steps) play(rig, one);
          rig.change({ bsses });
          rig.set({ pref5g: "never", pref6g: "never", hwm: null, lwm: null, bottomLwm: null, clientSteering: off });
          rig.advance(700_000);
          assert.equal(rig.state.attempt, null);
          assert.deepEqual(rig.state.blocked, []);
          assert.ok(rig.state.attempts.length <= steeringLimits.attemptHistory);
          assert.ok(rig.state.snr.length <= steeringLimits.snrHistory);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("are the same for the same arguments, and states are plain data", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), settings, (steps, first) => {
        const runs = [1, 2].map(() => {
          const rig = new StationRig({ bsses, settings: first });
          for (const one of steps) play(rig, one);
          assert.deepEqual(JSON.parse(JSON.stringify(rig.state)), rig.state);
          return rig.log;
        });
        assert.deepEqual(runs[0], runs[1]);
      }),
      { numRuns: 100 },
    );
  });
});

const off = { mode: "off", band: null, period: 0, round: 0 } as const;

describe("back-off", () => {
  it("never shrinks while failures go on, starts with backoff_secs, and ends at the ceiling", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 10 }), fc.nat(1e7), (backoff, backoffBase, ceiling) => {
        const waits = Array.from({ length: 30 }, (_, n) => backoffAfter(n + 1, { backoff, backoffBase }, ceiling));
        assert.equal(waits[0], backoff);
        for (const [index, wait] of waits.entries()) assert.ok(wait >= (waits[index - 1] ?? 0));
        assert.ok((waits.at(-1) ?? 0) <= Math.max(ceiling, backoff));
      }),
    );
  });
});
