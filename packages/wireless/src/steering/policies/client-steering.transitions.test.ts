import { describe } from "node:test";
import type { ClientSettings } from "../settings.ts";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";
import { testTransitions } from "../testing/transition-table.ts";
import type { CsState } from "./client-steering.ts";

type State = CsState | "unset";
type Request = ClientSettings["clientSteering"];

const home: Request = { mode: "home", band: "5G", period: 60_000, round: 0 };
const away: Request = { mode: "away", band: null, period: 60_000, round: 0 };
const off: Request = { ...home, mode: "off" };
const on6g: Request = { ...home, band: "6G" };

function asked(...requests: readonly Request[]): StationRig {
  // A client without 802.11v: a kick of it is a deauthentication.
  const rig = new StationRig({ snapshot: { btm: false } });
  rig.connected(ap24);
  for (const clientSteering of requests) rig.set({ clientSteering });
  return rig;
}

function ask(request: Request, more: Partial<Request> = {}) {
  return (rig: StationRig) => rig.set({ clientSteering: { ...request, ...more } });
}

const all = <S extends string>(to: S) => ({ unset: to, none: to, steering: to, expired: to, failed: to });
const stays = { unset: "unset", none: "none", steering: "steering", expired: "expired", failed: "failed" } as const;

describe("client steering, each cs_state under each event", () => {
  testTransitions<State, StationRig>({
    states: {
      unset: () => asked(),
      none: () => asked(home, off),
      steering: () => asked(home),
      expired() {
        const rig = asked({ ...home, period: 10_000 });
        rig.advance(10_000);
        return rig;
      },
      failed: () => asked(on6g),
    },
    stateOf: (rig) => rig.last?.csState ?? "unset",
    told: (rig) => rig.log.filter((line) => line.includes(" cs_deny_filter ")),
    events: {
      "cs_mode home": { happens: ask(home), to: all("steering") },
      "cs_mode away": { happens: ask(away), to: all("steering") },
      "cs_mode off": { happens: ask(off), to: { ...stays, steering: "none" } },
      "another period": { happens: ask(home, { period: 90_000 }), to: all("steering") },
      "another band": { happens: ask(home, { band: "2.4G" }), to: all("steering") },
      "a band that no access point is on": { happens: ask(home, { band: "5GU" }), to: all("failed") },
      "cs_state is cleared": { happens: ask(home, { round: 1 }), to: all("steering") },
      "a period of 0": { happens: ask(away, { period: 0 }), to: all("expired") },
      "nothing new in the row": { happens: (rig) => rig.set({ lwm: 5 }), to: stays },
      "asked of a backhaul link": {
        happens(rig) {
          rig.change({ backhaul: true });
          rig.set({ clientSteering: { ...home, round: 7 } });
        },
        to: all("failed"),
      },
      "time is up": { happens: (rig) => rig.advance(60_000), to: { ...stays, steering: "expired" } },
      "its access points go down": {
        happens: (rig) => rig.change({ bsses: [ap24], members: [ap24.bssid] }),
        to: stays,
      },
      "the client comes and goes": {
        happens(rig) {
          rig.disconnect();
          rig.connect(ap50);
        },
        to: stays,
      },
      "a forced kick moves the client": {
        happens(rig) {
          rig.set({ forceKick: "directed" });
          rig.connect(ap50);
        },
        to: stays,
      },
      "a forced kick fails": {
        happens(rig) {
          rig.set({ forceKick: "directed" });
          rig.advance(15_000);
        },
        to: { ...stays, steering: "failed" },
      },
      "a forced kick has nowhere to go": {
        happens(rig) {
          rig.change({ bsses: [ap24], members: [ap24.bssid] });
          rig.set({ forceKick: "directed" });
        },
        to: { ...stays, steering: "failed" },
      },
      "a kick of another policy fails": {
        happens(rig) {
          rig.set({ hwm: 30 });
          rig.advance(15_000);
        },
        to: stays,
      },
    },
  });
});

describe("force_kick, each state under each event", () => {
  type Phase = "idle" | "waiting" | "enforce";
  const same = { idle: "idle", waiting: "waiting", enforce: "enforce" } as const;
  const ended = { idle: "idle", waiting: "waiting", enforce: "idle" } as const;
  const over = { idle: "idle", waiting: "idle", enforce: "idle" } as const;

  function rigOf(kickUponIdle: boolean): StationRig {
    const rig = new StationRig({ settings: { kickUponIdle }, snapshot: { ppdusPerMinute: 5_000 } });
    rig.connected(ap24);
    return rig;
  }

  testTransitions<Phase, StationRig>({
    states: {
      idle: () => rigOf(false),
      waiting() {
        const rig = rigOf(true);
        rig.set({ forceKick: "speculative" });
        return rig;
      },
      enforce() {
        const rig = rigOf(false);
        rig.set({ forceKick: "speculative" });
        return rig;
      },
    },
    stateOf: (rig) => rig.state.policies.forceKick.phase,
    told: (rig) => rig.log.filter((line) => line.includes(" force_kick ") && line.includes(">")),
    events: {
      "nothing new": { happens: (rig) => rig.set({ lwm: 5 }), to: same },
      "speculative, anew": {
        happens(rig) {
          rig.set({ forceKick: "none" });
          rig.set({ forceKick: "speculative", kickUponIdle: false });
        },
        to: { idle: "enforce", waiting: "enforce", enforce: "enforce" },
      },
      "speculative, anew, with kick_upon_idle of a busy client": {
        happens(rig) {
          rig.set({ forceKick: "none", kickUponIdle: true });
          rig.set({ forceKick: "speculative" });
        },
        to: { idle: "waiting", waiting: "waiting", enforce: "waiting" },
      },
      directed: {
        happens: (rig) => rig.set({ forceKick: "directed" }),
        to: { idle: "enforce", waiting: "waiting", enforce: "enforce" },
      },
      "directed, and it is there already": {
        happens(rig) {
          const { client } = rig.settings;
          rig.set({ forceKick: "directed", client: { ...client, btm: { ...client.btm, target: ap24.bssid } } });
        },
        to: over,
      },
      "directed, sc_kick_type is none": {
        happens: (rig) => rig.set({ forceKick: "directed", client: { ...rig.settings.client, ladder: null } }),
        to: over,
      },
      "directed, of a backhaul link": {
        happens(rig) {
          rig.change({ backhaul: true });
          rig.set({ forceKick: "directed" });
        },
        to: over,
      },
      "directed, of who is not connected": {
        happens(rig) {
          rig.snapshot = { ...rig.snapshot, links: [] };
          rig.set({ forceKick: "directed" });
        },
        to: over,
      },
      none: { happens: (rig) => rig.set({ forceKick: "none" }), to: { ...same, waiting: "idle" } },
      "the client is idle": {
        happens: (rig) => rig.change({ ppdusPerMinute: 10 }),
        to: { ...same, waiting: "enforce" },
      },
      "the client stays busy for ten minutes": { happens: (rig) => rig.advance(600_000), to: over },
      "the client goes where it is to go": { happens: (rig) => rig.connect(ap50), to: ended },
      "the client goes, and comes nowhere": {
        happens(rig) {
          rig.disconnect();
          rig.advance(5_000);
        },
        to: over,
      },
      "the client stays": { happens: (rig) => rig.advance(20_000), to: ended },
      "there is nowhere to go any more": {
        happens: (rig) => rig.change({ bsses: [ap24], members: [ap24.bssid] }),
        to: ended,
      },
      "its access point goes down": {
        happens: (rig) => rig.change({ bsses: [{ ...ap24, leaving: true }, ap50] }),
        to: ended,
      },
      "an attempt of another policy ends": {
        happens(rig) {
          rig.set({ hwm: 100 });
          rig.advance(1_000);
        },
        to: same,
      },
    },
  });
});
