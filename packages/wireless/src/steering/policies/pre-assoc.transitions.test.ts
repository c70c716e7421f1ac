import { describe } from "node:test";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";
import { testTransitions } from "../testing/transition-table.ts";
import type { PreAssocState } from "./pre-assoc.ts";

type Phase = PreAssocState["phase"];

const settings = { pref5g: "hwm", hwm: 30, maxRejects: 3, blockTimeout: 4_000 } as const;

/** Has come to `blocking`, or is off. */
function start(more: ConstructorParameters<typeof StationRig>[0] = { settings }): StationRig {
  const rig = new StationRig(more);
  rig.decide();
  return rig;
}

const stays = { off: "off", blocking: "blocking", rejecting: "rejecting", backoff: "backoff" } as const;
const ends = { off: "off", blocking: "off", rejecting: "off", backoff: "off" } as const;
const begins = { off: "off", blocking: "blocking", rejecting: "blocking", backoff: "blocking" } as const;

describe("pre_assoc, each state under each event", () => {
  testTransitions<Phase, StationRig>({
    states: {
      off: () => start({ settings: { ...settings, pref5g: "never" } }),
      blocking: () => start(),
      rejecting() {
        const rig = start();
        rig.probe(ap24);
        return rig;
      },
      backoff() {
        const rig = start();
        for (let n = 0; n < 3; n++) rig.probe(ap24);
        return rig;
      },
    },
    stateOf: (rig) => rig.state.policies.preAssoc.phase,
    told: (rig) => rig.log.filter((line) => line.includes(" pre_assoc ")),
    events: {
      "pref_5g is set": { happens: (rig) => rig.set({ pref5g: "hwm" }), to: { ...stays, off: "blocking" } },
      "pref_5g is never": { happens: (rig) => rig.set({ pref5g: "never" }), to: ends },
      "settings change": {
        happens: (rig) => rig.set({ blockTimeout: 5_000 }),
        to: begins,
      },
      "settings that do not concern it change": { happens: (rig) => rig.set({ lwm: 5 }), to: stays },
      "a probe on 2.4 GHz": { happens: (rig) => rig.probe(ap24), to: { ...stays, blocking: "rejecting" } },
      "a probe on 5 GHz": { happens: (rig) => rig.probe(ap50), to: stays },
      "as many probes as max_rejects": {
        happens(rig) {
          for (let n = 0; n < 3; n++) rig.probe(ap24);
        },
        to: { ...stays, blocking: "backoff", rejecting: "backoff" },
      },
      "a probe that is too weak for 5 GHz": {
        happens: (rig) => rig.probe(ap24, 29),
        to: { ...stays, blocking: "backoff", rejecting: "backoff" },
      },
      "a probe below preq_snr_thr": {
        happens(rig) {
          rig.set({ probeSnr: 35 });
          rig.probe(ap24, 34);
        },
        to: stays,
      },
      "a probe of who is connected": {
        happens(rig) {
          rig.connected(ap50);
          rig.probe(ap24);
        },
        to: stays,
      },
      "an Authentication frame": { happens: (rig) => rig.input({ type: "auth", vif: "home-ap-24" }), to: stays },
      "an Authentication frame, pre_assoc_auth_block is false": {
        happens(rig) {
          rig.set({ authBlock: false });
          rig.input({ type: "auth", vif: "home-ap-24" });
        },
        to: { ...stays, blocking: "backoff", rejecting: "backoff" },
      },
      "an Authentication frame on 5 GHz, pre_assoc_auth_block is false": {
        happens(rig) {
          rig.set({ authBlock: false });
          rig.input({ type: "auth", vif: "home-ap-50" });
        },
        to: stays,
      },
      "an Authentication frame, reject_detection is auth_block": {
        happens(rig) {
          rig.set({ rejectDetection: "auth" });
          rig.input({ type: "auth", vif: "home-ap-24" });
        },
        to: { ...stays, blocking: "rejecting" },
      },
      "the block's time is up": { happens: (rig) => rig.advance(4_000), to: { ...stays, rejecting: "backoff" } },
      "backoff_secs are over": {
        happens: (rig) => rig.advance(120_000),
        // Four seconds were rejections still.
        to: { ...stays, rejecting: "backoff", backoff: "blocking" },
      },
      "both times are over": {
        happens: (rig) => rig.advance(124_000),
        to: { ...stays, rejecting: "blocking", backoff: "blocking" },
      },
      "connects on 2.4 GHz": { happens: (rig) => rig.connect(ap24), to: begins },
      "connects on 5 GHz": { happens: (rig) => rig.connect(ap50), to: begins },
      disconnects: { happens: (rig) => rig.disconnect(), to: stays },
      "is a multi-link device": { happens: (rig) => rig.change({ mlo: true }), to: ends },
      "is a backhaul link": { happens: (rig) => rig.change({ backhaul: true }), to: ends },
      "2.4 GHz goes down": { happens: (rig) => rig.change({ bsses: [ap50], members: [ap50.bssid] }), to: ends },
      // It is let in, and remembered for when there is 5 GHz again.
      "5 GHz goes down": { happens: (rig) => rig.change({ bsses: [ap24], members: [ap24.bssid] }), to: stays },
    },
  });
});
