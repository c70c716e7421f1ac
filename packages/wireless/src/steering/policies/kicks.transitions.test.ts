/** `hwm_2g`, `snr_xing_lwm`, `snr_xing_bottom_lwm` and `defer_vif_down_deny`, with their back-off, in a whole decision. */

import { describe } from "node:test";
import type { KickState } from "../kick-machine.ts";
import { steeringLimits } from "../limits.ts";
import type { PolicyName } from "../policy-names.ts";
import { ap24, ap50, far24, StationRig } from "../testing/station-rig.ts";
import { type TableEvent, testTransitions } from "../testing/transition-table.ts";

type Phase = KickState["phase"];
type Event = TableEvent<Phase, StationRig>;

const stays = { idle: "idle", enforce: "enforce", backoff: "backoff" } as const;
const idle = { idle: "idle", enforce: "idle", backoff: "idle" } as const;
const without = (gone: typeof ap24) => (rig: StationRig) => {
  const bsses = rig.snapshot.bsses.filter(({ bssid }) => bssid !== gone.bssid);
  rig.change({ bsses, members: bsses.map(({ bssid }) => bssid) });
};

/** Three requests and two deauthentications, if it does not go. */
const attempt = 19_000;

interface Case {
  readonly policy: PolicyName;
  readonly kick: (rig: StationRig) => KickState;
  /** Where it is, and does not have to leave. */
  readonly rest: () => StationRig;
  readonly need: (rig: StationRig) => void;
  readonly relief: (rig: StationRig) => void;
  readonly target: typeof ap24;
  readonly events: Readonly<Record<string, Event>>;
}

const gated = {
  "need, in the guard time": {
    happens(rig: StationRig) {
      const links = rig.snapshot.links.map((link) => ({ ...link, connectedAt: rig.now }));
      rig.change({ links });
    },
    to: stays,
  },
} as const;

const cases: readonly Case[] = [
  {
    policy: "hwm_2g",
    kick: ({ state }) => state.policies.hwm,
    rest() {
      const rig = new StationRig({ settings: { hwm: 30 } });
      rig.connected(ap24, 20);
      return rig;
    },
    need: (rig) => rig.hear(40),
    relief: (rig) => rig.hear(20),
    target: ap50,
    events: {
      ...gated,
      "hwm is unset": { happens: (rig) => rig.set({ hwm: null }), to: { ...stays, enforce: "idle" } },
      // It is told so again when it is heard better.
      "the signal is what it may be": { happens: (rig) => rig.hear(30), to: stays },
      "5 GHz goes down": { happens: without(ap50), to: { ...stays, enforce: "backoff" } },
    },
  },
  {
    policy: "snr_xing_lwm",
    kick: ({ state }) => state.policies.lwm.kick,
    rest() {
      const rig = new StationRig({ settings: { lwm: 20 } });
      rig.connected(ap50, 40);
      return rig;
    },
    need: (rig) => rig.hear(15),
    relief: (rig) => rig.hear(40),
    target: ap24,
    events: {
      "lwm is unset": { happens: (rig) => rig.set({ lwm: null }), to: { ...stays, enforce: "idle" } },
      "the signal is between": { happens: (rig) => rig.hear(23), to: stays },
      "the signal is unknown": { happens: (rig) => rig.hear(null), to: stays },
      "2.4 GHz goes down": { happens: without(ap24), to: { ...stays, enforce: "backoff" } },
    },
  },
  {
    policy: "snr_xing_bottom_lwm",
    kick: ({ state }) => state.policies.bottomLwm.kick,
    rest() {
      const rig = new StationRig({ settings: { bottomLwm: 10 }, snapshot: { btm: false } });
      rig.connected(ap24, 40);
      return rig;
    },
    need: (rig) => rig.hear(5),
    relief: (rig) => rig.hear(40),
    target: ap50,
    events: {
      "bottom_lwm is unset": { happens: (rig) => rig.set({ bottomLwm: null }), to: { ...stays, enforce: "idle" } },
      "the signal is unknown": { happens: (rig) => rig.hear(null), to: stays },
      // It leaves all the same.
      "5 GHz goes down": { happens: without(ap50), to: stays },
    },
  },
  {
    policy: "defer_vif_down_deny",
    kick: ({ state }) => state.policies.vifDown,
    rest() {
      const rig = new StationRig({ bsses: [ap24, ap50, far24] });
      rig.connected(ap24);
      return rig;
    },
    need: (rig) => rig.change({ bsses: [{ ...ap24, leaving: true }, ap50, far24] }),
    relief: (rig) => rig.change({ bsses: [ap24, ap50, far24] }),
    target: ap50,
    events: {
      "another access point goes down": {
        happens: (rig) => rig.change({ bsses: [ap24, { ...ap50, leaving: true }, far24] }),
        to: { ...stays, enforce: "idle" },
      },
      "nothing stays up": {
        happens: (rig) => rig.change({ bsses: [ap24, ap50].map((bss) => ({ ...bss, leaving: true })) }),
        to: { ...stays, idle: "backoff", enforce: "backoff" },
      },
    },
  },
];

for (const { policy, kick, rest, need, relief, target, events } of cases) {
  const isDown = policy === "defer_vif_down_deny";
  const left = (rig: StationRig) => (kick(rig).until ?? rig.now) - rig.now;
  const enforcing = () => {
    const rig = rest();
    need(rig);
    return rig;
  };
  const failed = () => {
    const rig = enforcing();
    rig.advance(attempt);
    return rig;
  };
  describe(`${policy}, each state under each event`, () => {
    testTransitions<Phase, StationRig>({
      states: { idle: rest, enforce: enforcing, backoff: failed },
      stateOf: (rig) => kick(rig).phase,
      told: (rig) => rig.log.filter((line) => / (idle|enforce|backoff)>/.test(line) && line.includes(` ${policy} `)),
      events: {
        "nothing happens": { happens: (rig) => rig.advance(0), to: stays },
        need: { happens: need, to: { ...stays, idle: "enforce" } },
        // What has begun goes on to its end: the signal may be better because the client is on its way.
        "no need any more": { happens: relief, to: { ...stays, enforce: isDown ? "idle" : "enforce" } },
        "no need any more, and back-off is over": {
          happens(rig) {
            relief(rig);
            rig.advance(left(rig));
          },
          to: { ...idle, enforce: isDown ? "idle" : "enforce" },
        },
        "need, and back-off is over": {
          happens(rig) {
            need(rig);
            rig.advance(left(rig));
          },
          to: { idle: "enforce", enforce: "enforce", backoff: "enforce" },
        },
        "the client does not go": { happens: (rig) => rig.advance(attempt), to: { ...stays, enforce: "backoff" } },
        "it goes where it is to go": {
          happens: (rig) => rig.connect(target),
          to: { ...stays, enforce: "idle" },
        },
        "it goes, and comes nowhere": {
          happens(rig) {
            rig.disconnect();
            rig.advance(steeringLimits.settle);
          },
          to: { ...stays, enforce: "backoff" },
        },
        "it is a backhaul link": {
          happens: (rig) => rig.change({ backhaul: true }),
          to: { ...stays, enforce: isDown ? "idle" : "backoff" },
        },
        "an attempt of another policy fails": {
          happens(rig) {
            rig.set({ forceKick: "speculative" });
            rig.advance(attempt);
          },
          // Where it comes first, it goes on, and fails, too.
          to: { ...stays, enforce: "backoff" },
        },
        ...events,
      },
    });
  });
}
