/** What keeps a policy from moving a client: its kick type, guard and debounce times, and traffic (the idle gate). */

import { describe } from "node:test";
import { unknownWhereabouts } from "./moves.ts";
import { ap24, ap50, StationRig } from "./testing/station-rig.ts";
import { testTransitions } from "./testing/transition-table.ts";

/** `open`: the client is being moved; `backoff`: that has failed. */
type Gate = "unknown" | "busy" | "guard" | "debounce" | "none" | "open" | "backoff";

function gateOf(rig: StationRig): Gate {
  const { phase, waits } = rig.state.policies.hwm;
  if (phase !== "idle") return phase === "enforce" ? "open" : "backoff";
  const why = waits?.why ?? "";
  if (why.startsWith("not yet observed")) return "unknown";
  if (why.startsWith("not idle")) return "busy";
  if (why.startsWith("guard")) return "guard";
  if (why.startsWith("debounce")) return "debounce";
  if (why.startsWith("its kick type")) return "none";
  throw new Error(`${phase}: ${why}`);
}

function rigWith(ppdusPerMinute: number | null, settings: Partial<StationRig["settings"]> = {}): StationRig {
  const rig = new StationRig({ settings: { kickUponIdle: true, ...settings }, snapshot: { ppdusPerMinute } });
  rig.connected(ap24, 40);
  return rig;
}

const need = (rig: StationRig) => {
  rig.set({ hwm: 30 });
  return rig;
};
const silent = { ...new StationRig().settings.steering, ladder: null };
/** What has begun goes on. */
const opens = {
  unknown: "open",
  busy: "open",
  guard: "guard",
  debounce: "debounce",
  none: "none",
  open: "open",
  backoff: "backoff",
} as const;
const stays = { ...opens, unknown: "unknown", busy: "busy" } as const;

describe("the gate before a kick, each state under each event", () => {
  testTransitions<Gate, StationRig>({
    states: {
      unknown: () => need(rigWith(null)),
      busy: () => need(rigWith(200)),
      guard() {
        const rig = rigWith(10);
        rig.connect(ap24);
        return need(rig);
      },
      debounce() {
        const rig = rigWith(10);
        rig.state = { ...rig.state, lastKickAt: rig.now };
        return need(rig);
      },
      none: () => need(rigWith(10, { steering: silent })),
      open: () => need(rigWith(199)),
      backoff() {
        const rig = need(rigWith(199));
        rig.advance(19_000);
        return rig;
      },
    },
    stateOf: gateOf,
    events: {
      "199 PPDUs a minute": { happens: (rig) => rig.change({ ppdusPerMinute: 199 }), to: opens },
      "200 PPDUs a minute": {
        happens: (rig) => rig.change({ ppdusPerMinute: 200 }),
        to: { ...stays, unknown: "busy" },
      },
      "traffic is not known any more": {
        happens: (rig) => rig.change({ ppdusPerMinute: null }),
        to: { ...stays, busy: "unknown" },
      },
      "kick_upon_idle is false": { happens: (rig) => rig.set({ kickUponIdle: false }), to: opens },
      "10 s": { happens: (rig) => rig.advance(10_000), to: { ...stays, guard: "open" } },
      "60 s": {
        happens: (rig) => rig.advance(60_000),
        // Who is moved does not go.
        to: { ...stays, guard: "backoff", debounce: "open", open: "backoff" },
      },
      "kick type none": {
        happens: (rig) => rig.set({ steering: silent }),
        to: { ...stays, unknown: "none", busy: "none", guard: "none", debounce: "none" },
      },
      "a kick type that kicks": {
        happens: (rig) => rig.set({ steering: rig.settings.sticky }),
        to: { ...stays, none: "open" },
      },
      "it goes to 5 GHz, and is back as if it had never been away": {
        happens(rig) {
          rig.connect(ap50);
          // Had it not, it would not be asked for having been there lately, whatever the gate.
          rig.state = { ...rig.state, whereabouts: unknownWhereabouts };
          rig.connected(ap24, 40);
        },
        to: { ...stays, guard: "open", open: "debounce" },
      },
      "connects anew": {
        happens(rig) {
          const links = rig.snapshot.links.map((link) => ({ ...link, connectedAt: rig.now }));
          rig.change({ links });
        },
        to: { ...stays, unknown: "guard", busy: "guard", debounce: "guard" },
      },
    },
  });
});

describe("an access point that goes down", () => {
  testTransitions<"kicked" | "not kicked", StationRig>({
    states: {
      "not kicked": () => rigWith(9_000, { client: silent }),
      kicked: () => leaving(rigWith(9_000, { client: silent })),
    },
    stateOf: ({ state }) => (state.policies.vifDown.phase === "enforce" ? "kicked" : "not kicked"),
    events: {
      // A busy client, too, whatever its kick types.
      "it goes down": { happens: leaving, to: { "not kicked": "kicked", kicked: "kicked" } },
      "it stays up": {
        happens: (rig) => rig.change({ bsses: [ap24, ap50] }),
        to: { "not kicked": "not kicked", kicked: "not kicked" },
      },
    },
  });

  function leaving(rig: StationRig): StationRig {
    rig.change({ bsses: [{ ...ap24, leaving: true }, ap50] });
    return rig;
  }
});
