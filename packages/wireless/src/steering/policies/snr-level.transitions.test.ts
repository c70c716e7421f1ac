/** Levels of `snr_xing_lwm` and `snr_xing_bottom_lwm`: what a signal is taken for, by what it was. */

import { describe } from "node:test";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";
import { testTransitions } from "../testing/transition-table.ts";
import type { SnrLevel } from "./snr-xing.ts";

const stays = { NONE: "NONE", ABOVE: "ABOVE", BELOW: "BELOW" } as const;
const all = (to: SnrLevel) => ({ NONE: to, ABOVE: to, BELOW: to });

describe("the level of snr_xing_lwm (20 dB, 26 dB to begin with), each under each event", () => {
  const rigAt = (...signals: readonly (number | null)[]) => {
    // It may not go anywhere, so that it stays for the level to change.
    const rig = new StationRig({ bsses: [ap50], settings: { lwm: 20 } });
    rig.connect(ap50, null);
    rig.advance(1);
    for (const snr of signals) rig.hear(snr);
    return rig;
  };
  testTransitions<SnrLevel, StationRig>({
    states: { NONE: () => rigAt(), ABOVE: () => rigAt(40), BELOW: () => rigAt(40, 10) },
    stateOf: (rig) => rig.state.policies.lwm.level,
    told: (rig) => rig.log.filter((line) => / (NONE|ABOVE|BELOW)>/.test(line)),
    events: {
      "19 dB": { happens: (rig) => rig.hear(19), to: { ...stays, ABOVE: "BELOW" } },
      "19 dB, a minute after it came": {
        happens(rig) {
          rig.hear(19);
          rig.advance(60_000);
        },
        to: all("BELOW"),
      },
      "20 dB": { happens: (rig) => rig.hear(20), to: stays },
      "26 dB": { happens: (rig) => rig.hear(26), to: stays },
      "27 dB": { happens: (rig) => rig.hear(27), to: all("ABOVE") },
      "no signal": { happens: (rig) => rig.hear(null), to: stays },
      "another association": { happens: (rig) => rig.connect(ap50, null), to: all("NONE") },
      "another association, strong": { happens: (rig) => rig.connect(ap50, 40), to: all("ABOVE") },
      "another association, weak": { happens: (rig) => rig.connect(ap50, 10), to: all("NONE") },
      "it disconnects": { happens: (rig) => rig.disconnect(), to: all("NONE") },
      "lwm is unset": { happens: (rig) => rig.set({ lwm: null }), to: all("NONE") },
    },
  });
});

describe("the level of snr_xing_bottom_lwm (10 dB), each under each event", () => {
  const rigAt = (...signals: readonly (number | null)[]) => {
    const rig = new StationRig({ bsses: [ap24], settings: { bottomLwm: 10 } });
    rig.connected(ap24, null);
    for (const snr of signals) rig.hear(snr);
    return rig;
  };
  testTransitions<SnrLevel, StationRig>({
    states: { NONE: () => rigAt(), ABOVE: () => rigAt(11), BELOW: () => rigAt(9) },
    stateOf: (rig) => rig.state.policies.bottomLwm.level,
    told: (rig) => rig.log.filter((line) => / (NONE|ABOVE|BELOW)>/.test(line)),
    events: {
      "9 dB": { happens: (rig) => rig.hear(9), to: all("BELOW") },
      "10 dB": { happens: (rig) => rig.hear(10), to: stays },
      "11 dB": { happens: (rig) => rig.hear(11), to: all("ABOVE") },
      "no signal": { happens: (rig) => rig.hear(null), to: stays },
      "another association": { happens: (rig) => rig.connect(ap24, null), to: all("NONE") },
      "another association, weak": { happens: (rig) => rig.connect(ap24, 5), to: all("BELOW") },
      "it disconnects": { happens: (rig) => rig.disconnect(), to: all("NONE") },
      "bottom_lwm is unset": { happens: (rig) => rig.set({ bottomLwm: null }), to: all("NONE") },
    },
  });
});
