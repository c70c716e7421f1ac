/** What holds for any intent and any state of a radio: random ones, all on one 2.4 GHz phy, `wifi0`. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributes, PhyState, VifState } from "@opensync-ts/target/radio";
import fc from "fast-check";
import type { ApOverrides, Overrides, PhyOverrides, VifOverrides } from "./contract.ts";
import { diff, requestOf } from "./diff.ts";
import { buildConfig } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { normalizeVifState } from "./state-compare.ts";
import { applyToPhy, applyToVif } from "./testing/dummy-driver.ts";
import { ap, apVif, channel, macNumber, phyState, wpa2, wpa3 } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

const acl = fc.array(
  fc.integer({ min: 0, max: 20 }).map((n) => macNumber(n)),
  { maxLength: 12 },
);
const psks = fc.array(
  fc.record({ keyId: fc.integer({ min: 0, max: 5 }), psk: fc.constantFrom("12345678", "abcdefgh", "correct horse") }),
  { maxLength: 4 },
);
const channels = fc.constantFrom(channel("2.4G", 1), channel("2.4G", 6), channel("2.4G", 11), channel("2.4G", 6, 40));
const mode = fc.record({ he: fc.boolean(), ht: fc.boolean(), rrmNeighborReport: fc.boolean() }, { requiredKeys: [] });

const attributes = {
  bridge: fc.constantFrom("br-home", "br-guest", ""),
  beaconInterval: fc.constantFrom(100, 200),
  channel: channels,
  isolated: fc.boolean(),
  ssidHidden: fc.boolean(),
  mcast2ucast: fc.boolean(),
  aclPolicy: fc.constantFrom("none", "allow", "deny"),
  acl,
  ssid: fc.constantFrom("home", "guest", "Ünïcode ☃", ""),
  wpa: fc.constantFrom(wpa2, wpa3, { ...wpa2, groupRekey: 600 }),
  psks,
} as const;

const apState: fc.Arbitrary<Partial<ApAttributes>> = fc.record(attributes, { requiredKeys: [] });

const apOpinion: fc.Arbitrary<ApOverrides> = fc.record({ ...attributes, mode }, { requiredKeys: [] });

const txPower = fc.integer({ min: 1, max: 30 });

const vifName = fc.constantFrom("a", "b", "c", "d");

const vif: fc.Arbitrary<VifState> = fc
  .record({
    name: vifName,
    ap: apState,
    status: fc.constantFrom("enabled", "disabled", "broken"),
    txPower,
  } as const)
  .map(({ name, ap: over, status, txPower: power }) =>
    apVif("wifi0", name, { ...ap, ...over }, { status, txPower: power }),
  );

const phy: fc.Arbitrary<PhyState> = fc
  .record({
    enabled: fc.boolean(),
    txChainmask: fc.constantFrom(1, 3),
    aclLimit: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    pskLimit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ enabled, txChainmask, aclLimit, pskLimit }) =>
    phyState("wifi0", {
      enabled,
      txChainmask,
      capabilities: {
        band: "2.4G",
        ...(aclLimit !== undefined && { aclLimit }),
        ...(pskLimit !== undefined && { pskLimit }),
      },
    }),
  );

const phyOpinion: fc.Arbitrary<PhyOverrides> = fc.record(
  { enabled: fc.boolean(), txChainmask: fc.constantFrom(1, 2, 3), txPower, ap: apOpinion },
  { requiredKeys: [] },
);

const vifOpinion: fc.Arbitrary<VifOverrides> = fc.record(
  { enabled: fc.boolean(), ap: apOpinion },
  { requiredKeys: [] },
);

const scenario = fc.record({
  phy,
  vifs: fc.uniqueArray(vif, { maxLength: 4, selector: ({ name }) => name }),
  phyOpinion,
  vifOpinions: fc.dictionary(vifName, vifOpinion, { maxKeys: 4 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

function wish(overrides: Overrides, { phyOpinion: opinion, vifOpinions }: Scenario): void {
  overrides.batch(() => {
    overrides.setPhy("wifi0", opinion);
    for (const [name, vifOpinion] of Object.entries(vifOpinions)) overrides.setVif("wifi0", name, vifOpinion);
  });
}

interface Observed {
  readonly phys: ReadonlyMap<string, PhyState>;
  readonly vifs: ReadonlyMap<string, VifState>;
}

/** The state after a request that works. */
function apply(state: Observed, request: ReturnType<typeof requestOf>): Observed {
  const phys = new Map(state.phys);
  const vifs = new Map(state.vifs);
  for (const part of request.phys) {
    const before = phys.get(part.name);
    if (before) phys.set(part.name, applyToPhy(part, before));
    for (const vifPart of part.vifs) {
      const vifBefore = vifs.get(vifPart.name);
      if (vifBefore) vifs.set(vifPart.name, applyToVif(vifPart, vifBefore));
    }
  }
  return { phys, vifs };
}

/** The request short of each one of its commands, those to the AP one by one. */
function withoutOne(request: object): object[] {
  return Object.entries(request).flatMap(([command, value]) => {
    if (command === "name" || command === "csaRequired") return [];
    if (command === "ap") return withoutOne(value).map((less) => ({ ...request, ap: less }));
    const { [command]: _left, ...fewer } = request as Record<string, unknown>;
    return [fewer];
  });
}

describe("for any intent and any state", () => {
  it("what diff asks for, done, leaves nothing to ask for; any command left out leaves something", () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const state: Observed = {
          phys: new Map([[drawn.phy.name, drawn.phy]]),
          vifs: new Map(drawn.vifs.map((one) => [one.name, normalizeVifState(one)])),
        };
        const overrides = new OverrideStore(() => {});
        wish(overrides, drawn);
        const { tree } = buildConfig(state, [overrides]);
        const { changes } = diff(tree, state);
        assert.deepEqual(diff(tree, apply(state, requestOf(changes))).changes, []);
        for (const change of changes) {
          for (const fewer of withoutOne(change.request)) {
            const others = changes.map((one) => (one === change ? { ...one, request: fewer } : one));
            const partly = apply(state, requestOf(others as typeof changes));
            assert.notEqual(diff(tree, partly).changes.length, 0, `${change.object}: less would do`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("confsync settles with few requests, and settling again sends nothing", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const rig = await startRig({ phys: [drawn.phy], vifs: drawn.vifs });
        const { overrides, confsync } = rig.wireless;
        wish(overrides, drawn);
        await rig.clock.advance(30_000);
        assert.equal(confsync.state, "IDLE");
        assert.ok(confsync.settled, confsync.unsettled.join());
        const { length } = rig.driver.requests;
        assert.ok(length <= 3, `${length} requests`);
        wish(overrides, drawn);
        overrides.setPhy("wifi0", { ...drawn.phyOpinion, ap: { ...drawn.phyOpinion.ap } });
        for (const { name } of drawn.vifs) {
          const reported = rig.driver.vif("wifi0", name);
          if (reported) rig.driver.setVif(reported);
        }
        await rig.clock.advance(30_000);
        assert.equal(rig.driver.requests.length, length);
        rig.wireless.stop();
      }),
      { numRuns: 100 },
    );
  });
});
