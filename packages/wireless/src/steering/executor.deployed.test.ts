/** Requests to move as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { steeringLimits } from "./limits.ts";
import { ap24, ap50, StationRig } from "./testing/station-rig.ts";

describe("requests", () => {
  const kicked = (client: Partial<StationRig["settings"]["client"]["btm"]> = {}) => {
    const rig = new StationRig();
    rig.connected(ap24);
    const { client: kick } = rig.settings;
    rig.set({ forceKick: "speculative", client: { ...kick, btm: { ...kick.btm, ...client } } });
    return rig;
  };
  const tokens = (rig: StationRig) => rig.actions.flatMap((action) => (action.type === "btm" ? [action.token] : []));
  const times = (rig: StationRig) =>
    rig.log.flatMap((line) => (line.includes(" btm ") ? [Number(line.split(" ")[0])] : []));

  it("go to who is connected only, with tokens 0xff, 0xfe, 0xfd; one that is not sent is told so (osw_btm_ut_send_single_btm)", () => {
    const away = new StationRig();
    away.set({ forceKick: "speculative" });
    assert.deepEqual(away.actions, []);
    const rig = kicked();
    rig.input({ type: "frame sent", token: 0xff, sent: false });
    assert.ok(rig.state.attempt?.trail.includes("the driver did not send the BTM request"));
    rig.advance(6_000);
    assert.deepEqual(tokens(rig), [0xff, 0xfe, 0xfd]);
  });

  it("have tokens in descending order (osw_token_ut_gen_seq)", () => {
    const rig = kicked({ maxRetries: 8, retryInterval: 1_000 });
    rig.advance(8_000);
    assert.deepEqual(
      tokens(rig),
      Array.from({ length: 9 }, (_, n) => 0xff - n),
    );
  });

  it("do not take up a token again that has just become free (osw_token_ut_gen_free_seq)", () => {
    const rig = kicked();
    rig.answer(0, ap50);
    rig.connect(ap50);
    rig.set({ forceKick: "none" });
    rig.set({ forceKick: "speculative" });
    assert.deepEqual(tokens(rig), [0xff, 0xfe]);
  });

  it("begin anew with 0xff after 0x80 (osw_token_ut_gen_wraparound_free)", () => {
    const rig = kicked();
    rig.state = { ...rig.state, nextToken: 0x80 };
    rig.advance(6_000);
    assert.deepEqual(tokens(rig), [0xff, 0x80, 0xff]);
  });

  it("never run out of tokens, as each attempt has one at a time (osw_token_ut_gen_wraparound_err_free)", () => {
    const rig = kicked();
    for (let n = 0; n < 200; n++) {
      rig.advance(20_000);
      rig.set({ forceKick: "none" });
      rig.set({ forceKick: "speculative" });
    }
    const all = tokens(rig);
    assert.ok(all.length > 400 && all.every((token) => token >= 0x80 && token <= 0xff));
    assert.ok(all.every((token, index) => index < 128 || token === all[index - 128]));
  });

  it("that are over are not answered any more (osw_token_ut_ref_drop)", () => {
    const rig = kicked();
    const first = rig.state.attempt?.token ?? 0;
    rig.advance(3_000);
    const late = { type: "btm response", token: first, status: 1, target: null, candidates: [] } as const;
    rig.input(late);
    assert.equal(rig.state.attempt?.status, null);
    rig.advance(20_000);
    rig.input({ ...late, token: 0xfd });
    assert.deepEqual(rig.state.policies.btmResponse.refusals, []);
  });

  it("are at least a second apart, whatever the row says (osw_throttle_ut_rate_limit_simple)", () => {
    const rig = kicked({ maxRetries: 3, retryInterval: 0 });
    rig.advance(30_000);
    assert.deepEqual(times(rig), [0, 1, 2, 3]);
  });

  it("are so many in an attempt, whatever the row says, and their interval ends at ten seconds (osw_throttle_ut_rate_limit_complex)", () => {
    const many = kicked({ maxRetries: 1_000, retryInterval: 1 });
    many.advance(29_000);
    assert.equal(times(many).length, steeringLimits.retries + 1);
    const slow = kicked({ maxRetries: 2, retryInterval: 3_600_000 });
    slow.advance(29_000);
    assert.deepEqual(times(slow), [0, 10, 20]);
  });
});
