/**
 * What holds for any intent and any state of the radios: random ones, of all bands, with vifs of all kinds and every
 * attribute. 10,000 cases of the pure comparison, 400 of confsync as a whole, 100 with drivers that refuse something.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigRequest } from "@opensync-ts/target/driver";
import type { ApAttributeName, PhyState, VifState } from "@opensync-ts/target/radio";
import fc from "fast-check";
import { apAttributeNames } from "./ap-attributes.ts";
import { capabilityClamp } from "./capability-clamp.ts";
import type { ConfigTree } from "./config-tree.ts";
import { diff, type ObjectChange, requestOf } from "./diff.ts";
import { incompleteAp } from "./incomplete-ap.ts";
import { limits } from "./limits.ts";
import { buildConfig } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { normalizeVifState } from "./state-compare.ts";
import { type Scenario, scenario, wish } from "./testing/arbitraries.ts";
import { applyToPhy, applyToVif } from "./testing/dummy-driver.ts";
import { startRig } from "./testing/rig.ts";

interface Observed {
  readonly phys: ReadonlyMap<string, PhyState>;
  readonly vifs: ReadonlyMap<string, VifState>;
}

function observed({ phys, vifs }: Scenario): Observed {
  return {
    phys: new Map(phys.map((phy) => [phy.name, phy])),
    vifs: new Map(vifs.map((vif) => [vif.name, normalizeVifState(vif)])),
  };
}

/** The state after a request that works. */
function apply(state: Observed, request: ConfigRequest): Observed {
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

/** The request short of each one of its commands, those to an AP or a STA one by one. */
function withoutOne(request: object): object[] {
  return Object.entries(request).flatMap(([command, value]) => {
    if (command === "name" || command === "csaRequired" || value === null) return [];
    if (command === "ap" || command === "sta")
      return withoutOne(value).map((less) => ({ ...request, [command]: less }));
    if (command === "operation") return [{ ...request, operation: null }];
    const { [command]: _left, ...fewer } = request as Record<string, unknown>;
    return [fewer];
  });
}

/** The tree of one phy with one of its vifs, or none. */
function only(tree: ConfigTree, { phy, vif }: ObjectChange): ConfigTree {
  const config = tree.get(phy);
  const vifConfig = vif === null ? undefined : config?.vifs.get(vif);
  assert.ok(config);
  return new Map([[phy, { ...config, vifs: new Map(vifConfig ? [[vifConfig.name, vifConfig]] : []) }]]);
}

/**
 * An operation may be for the sake of an access point that moves, of another link of the same device, or of an attempt
 * with other networks that would go on otherwise.
 */
function servesOthers(change: ObjectChange, changes: readonly ObjectChange[], state: Observed): boolean {
  const vif = change.vif === null ? undefined : state.vifs.get(change.vif);
  if (vif?.type !== "sta") return false;
  const moves = changes.some(
    ({ phy, differences }) => phy === change.phy && differences.some(({ attribute }) => attribute === "channel"),
  );
  return vif.sta.mld !== null || moves || vif.sta.link.status === "connecting";
}

describe("for any intent and any state", () => {
  it("what diff asks for, done, leaves nothing to ask for after a few rounds; any command left out leaves something", () => {
    fc.assert(
      fc.property(scenario, (drawn) => {
        const overrides = new OverrideStore(() => {});
        wish(overrides, drawn);
        const chain = [overrides, incompleteAp, capabilityClamp];
        let state = observed(drawn);
        for (let round = 0; ; round++) {
          const { tree } = buildConfig(state, chain);
          const { changes } = diff(tree, state);
          if (changes.length === 0) break;
          // CACs go one by one, an uplink is disconnected before it connects, links of a device wait for each other.
          assert.ok(round <= drawn.vifs.length + 3, `round ${round}: ${JSON.stringify(changes)}`);
          for (const change of changes) {
            const small = only(tree, change);
            for (const fewer of withoutOne(change.request)) {
              const dropsOperation =
                "sta" in change.request && !(fewer as { sta?: { operation?: string } }).sta?.operation;
              if (dropsOperation && servesOthers(change, changes, state)) continue;
              const partly = apply(state, requestOf([{ ...change, request: fewer } as ObjectChange]));
              assert.notEqual(
                diff(small, partly).changes.length,
                0,
                `${change.object}: ${JSON.stringify(fewer)} would do`,
              );
            }
          }
          state = apply(state, requestOf(changes));
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it("confsync settles with few requests, and settling again sends nothing", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const rig = await startRig(drawn);
        const { overrides, confsync } = rig.wireless;
        wish(overrides, drawn);
        await rig.clock.advance(60_000);
        assert.equal(confsync.state, "IDLE");
        assert.ok(confsync.settled, confsync.unsettled.join());
        assert.deepEqual(confsync.postponed, []);
        const { length } = rig.driver.requests;
        assert.ok(length <= drawn.vifs.length + 5, `${length} requests`);
        wish(overrides, drawn);
        for (const { phy, name } of drawn.vifs) {
          const reported = rig.driver.vif(phy, name);
          if (reported) rig.driver.setVif(reported);
        }
        await rig.clock.advance(60_000);
        assert.equal(rig.driver.requests.length, length);
        rig.wireless.stop();
      }),
      { numRuns: 400 },
    );
  });

  it("whatever a driver refuses, confsync settles well before its watchdog barks, and stays so", async () => {
    const refusals = fc.record({
      drawn: scenario,
      attributes: fc.uniqueArray(fc.constantFrom(...apAttributeNames), { maxLength: 5 }),
      enabling: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(refusals, async ({ drawn, attributes, enabling }) => {
        const barks: Error[] = [];
        const rig = await startRig({ ...drawn, onBark: (reason) => barks.push(reason) });
        rig.driver.applyVif = (request, before) => {
          const { enabled, ...rest } = request;
          const fewer = { ...rest, ...(enabled !== undefined && !enabling && { enabled }) };
          return applyToVif({ ...fewer, ...(rest.ap && { ap: short(rest.ap, attributes) }) }, before);
        };
        wish(rig.wireless.overrides, drawn);
        await rig.clock.advance(limits.watchdogUnsettled - 20_000);
        assert.ok(rig.wireless.confsync.settled, rig.wireless.confsync.unsettled.join());
        await rig.clock.advance(3_600_000);
        assert.ok(rig.wireless.confsync.settled, rig.wireless.confsync.unsettled.join());
        assert.deepEqual(barks, []);
        rig.wireless.stop();
      }),
      { numRuns: 100 },
    );
  });
});

function short<T extends object>(request: T, attributes: readonly ApAttributeName[]): T {
  return Object.fromEntries(Object.entries(request).filter(([name]) => !attributes.includes(name as never))) as T;
}
