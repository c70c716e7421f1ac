/** Candidates as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CandidateList } from "./candidates.ts";
import type { Bss } from "./model.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

describe("a candidate", () => {
  it("is there while its access point is, undecided, then decided by the first, then by default (ow_steer_candidate_list_ut_lifecycle)", () => {
    const list = new CandidateList([ap24, ap50]);
    assert.deepEqual(
      list.all.map(({ preference }) => preference),
      ["NONE", "NONE"],
    );
    assert.equal(list.get(far50.bssid), undefined);
    assert.equal(list.set(far50.bssid, "AVAILABLE", "hwm_2g", "a"), false);
    assert.equal(list.set(ap24.bssid, "SOFT_BLOCKED", "pre_assoc", "a"), true);
    assert.equal(list.set(ap24.bssid, "AVAILABLE", "btm_response", "b"), false);
    list.finish();
    assert.deepEqual(
      list.all.map(({ preference, by }) => `${preference} ${by}`),
      ["SOFT_BLOCKED pre_assoc", "AVAILABLE default"],
    );
    assert.deepEqual(new CandidateList([]).all, []);
  });

  it("that is better comes first; equals are in a stable order (ow_steer_candidate_list_ut_metric)", () => {
    const neighbor = (last: string, priority: number): Bss => ({
      ...far24,
      bssid: `02:00:00:00:88:${last}` as Bss["bssid"],
      priority,
    });
    const [a, b, c, d] = [neighbor("0a", 3), neighbor("0b", 1), neighbor("0c", 2), neighbor("0d", 2)];
    const ranks = (bsses: readonly Bss[]) => {
      const rig = new StationRig({ bsses });
      rig.connected(ap24);
      const { candidates = [] } = rig.last?.explanation ?? {};
      return candidates
        .filter(({ rank }) => rank !== null)
        .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
        .map(({ bssid }) => bssid.slice(-2));
    };
    assert.deepEqual(ranks([ap24, a, b, c, d]), ["0b", "0c", "0d", "0a"]);
    assert.deepEqual(ranks([d, c, ap24, b, a]), ["0b", "0c", "0d", "0a"]);
  });
});
