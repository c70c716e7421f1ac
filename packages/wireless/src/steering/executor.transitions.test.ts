/** The ladder of kick types: each phase of an attempt under each event, on virtual time. `none`: there is no attempt. */

import { describe } from "node:test";
import type { ExecutorPhase } from "./attempt.ts";
import { steeringLimits } from "./limits.ts";
import { ap24, ap50, far50, StationRig } from "./testing/station-rig.ts";
import { type TableEvent, testTransitions } from "./testing/transition-table.ts";

type State = ExecutorPhase | "none";

const stays = {
  none: "none",
  MEASURING: "MEASURING",
  BLOCKING: "BLOCKING",
  REQUESTING: "REQUESTING",
  DEAUTHENTICATED: "DEAUTHENTICATED",
  SETTLING: "SETTLING",
} as const;
const ended = {
  none: "none",
  MEASURING: "none",
  BLOCKING: "none",
  REQUESTING: "none",
  DEAUTHENTICATED: "none",
  SETTLING: "none",
} as const;

/** A client on 5 GHz whose signal is weak, and that has 2.4 GHz and a neighbour to go to. */
function weak(rrm = false): StationRig {
  const settings = { lwm: 20, filterByBeaconReport: rrm };
  const rig = new StationRig({ bsses: [ap50, ap24, far50], settings, snapshot: { rrm } });
  rig.connected(ap50, 40);
  return rig;
}

function begun(rrm = false, obedient = true): StationRig {
  const rig = weak(rrm);
  rig.obedient = obedient;
  rig.hear(15);
  return rig;
}

function answer(status: number): TableEvent<State, StationRig>["happens"] {
  return (rig) => rig.answer(status, status === 0 ? ap24 : null);
}

const out = { bsses: [ap50], members: [ap50.bssid] };

describe("an attempt, each phase under each event", () => {
  testTransitions<State, StationRig>({
    states: {
      none: () => weak(),
      MEASURING: () => begun(true),
      BLOCKING: () => begun(false, false),
      REQUESTING: () => begun(),
      DEAUTHENTICATED() {
        const rig = begun();
        rig.answer(1);
        return rig;
      },
      SETTLING() {
        const rig = begun();
        rig.disconnect();
        return rig;
      },
    },
    stateOf: (rig) => rig.state.attempt?.phase ?? "none",
    events: {
      "a policy wants the client moved": { happens: (rig) => rig.hear(15), to: { ...stays, none: "REQUESTING" } },
      "it wants so of who can measure": {
        happens(rig) {
          rig.set({ filterByBeaconReport: true });
          rig.change({ rrm: true });
          rig.hear(15);
        },
        to: { ...stays, none: "MEASURING" },
      },
      "it wants so, and the driver does not refuse yet": {
        happens(rig) {
          rig.obedient = false;
          rig.hear(15);
        },
        to: { ...stays, none: "BLOCKING" },
      },
      "it wants so, and its kick type is none": {
        happens(rig) {
          rig.set({ sticky: { ...rig.settings.sticky, ladder: null } });
          rig.hear(15);
        },
        // What has begun is carried through.
        to: stays,
      },
      "the driver refuses the client": {
        happens: (rig) => rig.change({ refusedBy: ["home-ap-50"] }),
        to: { ...stays, BLOCKING: "REQUESTING" },
      },
      "the driver does not refuse it for 5 s": {
        happens: (rig) => rig.advance(steeringLimits.aclWait),
        to: {
          none: "none",
          MEASURING: "REQUESTING",
          BLOCKING: "REQUESTING",
          REQUESTING: "REQUESTING",
          DEAUTHENTICATED: "DEAUTHENTICATED",
          SETTLING: "none",
        },
      },
      "it hears nothing better": {
        happens(rig) {
          const at = rig.now;
          const heard = [ap50, ap24, far50].map(({ bssid }) => ({ bssid, rcpi: 60, at }));
          rig.change({ beaconReports: heard });
          rig.advance(steeringLimits.measure);
        },
        to: { ...stays, MEASURING: "none" },
      },
      "it hears something better": {
        happens(rig) {
          const at = rig.now;
          rig.change({ beaconReports: [ap50, ap24].map(({ bssid }, n) => ({ bssid, rcpi: 60 + 40 * n, at })) });
          rig.advance(steeringLimits.measure);
        },
        to: { ...stays, MEASURING: "REQUESTING" },
      },
      "it does not measure": {
        happens: (rig) => rig.advance(steeringLimits.measure),
        to: { ...stays, MEASURING: "REQUESTING" },
      },
      "it accepts": { happens: answer(0), to: stays },
      "it accepts, and stays": {
        happens(rig) {
          rig.answer(0, ap24);
          rig.advance(steeringLimits.accepted);
        },
        to: {
          ...stays,
          MEASURING: "REQUESTING",
          BLOCKING: "REQUESTING",
          REQUESTING: "DEAUTHENTICATED",
          SETTLING: "none",
        },
      },
      "it refuses": { happens: answer(1), to: { ...stays, REQUESTING: "DEAUTHENTICATED" } },
      "it refuses, and its kick type is BTM only": {
        happens(rig) {
          const { attempt } = rig.state;
          const ladder = { btm: true, beaconRequest: false, deauth: false };
          if (attempt) rig.state = { ...rig.state, attempt: { ...attempt, ladder } };
          rig.answer(1);
        },
        to: { ...stays, REQUESTING: "none" },
      },
      "somebody answers to another request": {
        happens: (rig) => rig.input({ type: "btm response", token: 0x80, status: 1, target: null, candidates: [] }),
        to: stays,
      },
      "the driver does not send the request": {
        happens: (rig) => rig.input({ type: "frame sent", token: rig.state.attempt?.token ?? 1, sent: false }),
        to: stays,
      },
      "it does not answer": {
        happens: (rig) => rig.advance(9_000),
        to: {
          none: "none",
          MEASURING: "REQUESTING",
          BLOCKING: "REQUESTING",
          REQUESTING: "DEAUTHENTICATED",
          // The second one.
          DEAUTHENTICATED: "DEAUTHENTICATED",
          SETTLING: "none",
        },
      },
      "it disconnects": {
        happens: (rig) => rig.disconnect(),
        to: {
          none: "none",
          MEASURING: "SETTLING",
          BLOCKING: "SETTLING",
          REQUESTING: "SETTLING",
          DEAUTHENTICATED: "SETTLING",
          SETTLING: "SETTLING",
        },
      },
      "it comes back where it was": {
        happens: (rig) => rig.connected(ap50, rig.state.attempt ? 15 : 40),
        to: { ...stays, SETTLING: "DEAUTHENTICATED" },
      },
      "it comes back where it was after it was deauthenticated": {
        happens(rig) {
          const { attempt } = rig.state;
          if (attempt) rig.state = { ...rig.state, attempt: { ...attempt, deauths: 1 } };
          rig.connected(ap50, attempt ? 15 : 40);
        },
        to: { ...stays, SETTLING: "none" },
      },
      "it is where it is to go": { happens: (rig) => rig.connect(ap24), to: ended },
      "it is where it is not to go": {
        happens(rig) {
          const clientSteering = { mode: "away", band: null, period: 60_000, round: 0 } as const;
          rig.set({ clientSteering });
          rig.connect(ap24);
        },
        to: ended,
      },
      "it comes nowhere": {
        happens(rig) {
          rig.disconnect();
          rig.advance(steeringLimits.settle);
        },
        to: ended,
      },
      "it is not needed any more": { happens: (rig) => rig.set({ lwm: null }), to: ended },
      "something is more important": {
        happens(rig) {
          rig.obedient = true;
          rig.change({ bsses: [{ ...ap50, leaving: true }, ap24, far50] });
        },
        to: {
          none: "REQUESTING",
          // At once, with an attempt of its own; only who is connected can be asked.
          MEASURING: "REQUESTING",
          BLOCKING: "REQUESTING",
          REQUESTING: "REQUESTING",
          // It has refused all there is.
          DEAUTHENTICATED: "none",
          SETTLING: "SETTLING",
        },
      },
      "there is nowhere to go any more": {
        happens: (rig) => rig.change(out),
        // Who has gone may be elsewhere.
        to: { ...ended, SETTLING: "SETTLING" },
      },
      "it is a backhaul link": {
        happens: (rig) => rig.change({ backhaul: true }),
        to: { ...ended, SETTLING: "SETTLING" },
      },
      "time is up": { happens: (rig) => rig.advance(steeringLimits.attempt), to: ended },
    },
  });
});
