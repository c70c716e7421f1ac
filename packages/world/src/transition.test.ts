import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { type Candidate, defaultHabits } from "./choice.ts";
import { type Manners, willing } from "./device-class.ts";
import { bands } from "./spectrum.ts";
import { planTransition, type TransitionCase, type TransitionRequest, transitionStatus } from "./transition.ts";

const bss = (n: number): Mac => mac(`02:00:00:00:00:${n.toString(16).padStart(2, "0")}`);
const heard = (n: number, rssi: number, band: Candidate["band"] = "5G", priority = 1): Candidate => ({
  bssid: bss(n),
  band,
  rssi,
  priority,
});
const list = (...wishes: readonly (readonly [number, number | null])[]) =>
  wishes.map(([n, preference]) => ({ bssid: bss(n), preference }));

const request: TransitionRequest = { token: 7, candidates: [], abridged: false, disassociationImminent: false };

function plan(
  asked: Partial<TransitionRequest>,
  manners: Partial<Manners> = {},
  dice = () => 0.5,
  others?: Candidate[],
) {
  const situation: TransitionCase = {
    request: { ...request, ...asked },
    current: heard(1, -60),
    heard: others ?? [heard(1, -60), heard(2, -50), heard(3, -70), heard(4, -50, "2.4G")],
    manners: { ...willing.transition, ...manners },
    habits: defaultHabits,
  };
  const { answer, move } = planTransition(situation, dice);
  return [answer?.status ?? null, answer?.target ?? null, move];
}

describe("a client that is asked to move", () => {
  it("takes the most preferred of the list that it hears well enough, whatever it would like itself", () => {
    assert.deepEqual(plan({ candidates: list([2, 10], [3, 200], [9, 255]) }), [0, bss(3), bss(3)]);
    assert.deepEqual(plan({ candidates: list([2, 10], [3, 200]) }, { minimumSignal: -65 }), [0, bss(2), bss(2)]);
    assert.deepEqual(plan({ candidates: list([3, null], [2, null]) }), [0, bss(2), bss(2)]);
  });

  it("or judges for itself: beyond the list unless it is abridged, and only for a gain", () => {
    const own = { choice: "own", gain: 5 } as const;
    assert.deepEqual(plan({ candidates: list([3, 200]) }, own), [0, bss(2), bss(2)]);
    assert.deepEqual(plan({ candidates: list([3, 200]), abridged: true }, own), [7, null, null]);
    assert.deepEqual(plan({}, { ...own, gain: 11 }), [7, null, null]);
  });

  it("never goes where the list says not to, to a network it likes less, or to where it is", () => {
    assert.deepEqual(plan({ candidates: list([2, 0]) }, { choice: "own", gain: -90 })[1], bss(4));
    assert.deepEqual(plan({ candidates: list([1, 255]) }), [7, null, null]);
    assert.deepEqual(plan({ candidates: list([2, 255]) }, {}, undefined, [heard(2, -40, "5G", 0)]), [7, null, null]);
  });

  it("without a list takes the best that it hears", () => {
    assert.deepEqual(plan({}), [0, bss(2), bss(2)]);
  });

  it("ignores, refuses with one of its statuses, or lists its own, as likely as it is said to", () => {
    assert.deepEqual(plan({}, { ignore: 0.6 }), [null, null, null]);
    assert.deepEqual(plan({}, { accept: 0.5, rejections: { "3": 1 } }), [3, null, null]);
    assert.deepEqual(plan({}, { accept: 0, rejections: { "1": 1, "2": 2, "4": 1 } }), [2, null, null]);
    assert.deepEqual(plan({}, { accept: 0 }), [transitionStatus.rejectUnspecified, null, null]);
    const { answer } = planTransition(
      {
        request,
        current: heard(1, -60),
        heard: [heard(3, -70), heard(2, -50)],
        manners: { ...willing.transition, accept: 0, rejections: { "6": 1 } },
        habits: defaultHabits,
      },
      () => 0,
    );
    assert.deepEqual(answer?.candidates, list([2, 255], [3, 254]));
  });

  it("says yes and stays, or says yes and goes elsewhere, if it is of that kind", () => {
    assert.deepEqual(plan({}, { stays: 0.6 }), [0, bss(2), null]);
    assert.deepEqual(plan({}, { elsewhere: 0.6 }), [0, bss(2), bss(4)]);
    assert.deepEqual(plan({}, { elsewhere: 1 }, undefined, [heard(2, -50)]), [0, bss(2), bss(2)]);
  });

  it("told that it is about to be sent away does not refuse what is suitable, if it honours that", () => {
    const sulky = { accept: 0, ignore: 1, rejections: { "1": 1 } };
    assert.deepEqual(plan({ disassociationImminent: true }, sulky), [0, bss(2), bss(2)]);
    assert.deepEqual(plan({ disassociationImminent: true }, { ...sulky, honoursImminent: false }), [null, null, null]);
    const own = { choice: "own", gain: 50 } as const;
    assert.deepEqual(plan({ disassociationImminent: true }, own), [0, bss(2), bss(2)]);
  });

  it("whatever it is like only ever names or takes what it hears, knows, and was not told to keep off", () => {
    const candidate = fc.record({
      bssid: fc.nat(7).map(bss),
      band: fc.constantFrom(...bands),
      rssi: fc.integer({ min: -92, max: -30 }),
      priority: fc.nat(1),
    });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { selector: ({ bssid }) => bssid, minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ bssid: fc.nat(9).map(bss), preference: fc.option(fc.nat(255)) }), { maxLength: 8 }),
        fc.record({ abridged: fc.boolean(), disassociationImminent: fc.boolean() }),
        fc.record({
          accept: share,
          ignore: share,
          stays: share,
          elsewhere: share,
          choice: fc.constantFrom("own", "preferred"),
          gain: fc.integer({ min: -20, max: 20 }),
        }),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (all, candidates, mode, manners, numbers) => {
          const [current] = all;
          assert.ok(current);
          const dice = numbers.values();
          const { answer, move } = planTransition(
            {
              request: { token: 1, candidates, ...mode },
              current,
              heard: all,
              manners: { ...willing.transition, ...manners, rejections: { "6": 1, "1": 1 } },
              habits: defaultHabits,
            },
            () => dice.next().value ?? 0,
          );
          for (const bssid of [answer?.target, move]) {
            if (!bssid) continue;
            assert.ok(all.some((each) => each.bssid === bssid && each.priority >= current.priority));
            assert.notEqual(bssid, current.bssid);
            assert.ok(!candidates.some((each) => each.bssid === bssid && each.preference === 0));
          }
          if (move) assert.equal(answer?.status, 0);
          if (answer) assert.equal(answer.target !== null, answer.status === 0);
          assert.equal(dice.next().done, true);
        },
      ),
    );
  });
});
