import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CmConfig,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  type CmState,
  cmEvents,
  cmStates,
  initialMachine,
  stateTimeouts,
  type UsedLink,
} from "./machine.ts";
import { step } from "./state-machine.ts";

const config: CmConfig = {
  linkSelection: true,
  shortBackoffMs: 8_000,
  stabilityChecks: true,
  cloudFatalThreshold: 0,
  recovery: { offlineAfter: { requests: 3 }, restartAfter: { skips: 360 } },
};

const redirectorText = "ssl:redirector.example.com:443";
const managerText = "ssl:controller.example.com:6640";
const target = "ssl:[192.0.2.1]:443";
const link: UsedLink = { ifName: "eth0", kind: "wired", bridge: null, tunnel: false, hasIpv4: true, hasIpv6: false };
const backoffMs = 40_000;

/** A machine that has been in the state for five seconds, on its way to the redirector, and what it then sees. */
function scene(state: CmState): { readonly machine: CmMachine; readonly inputs: CmInputs } {
  const writes = state === "TRY_CONNECT" || state === "FAST_RECONNECT_WAIT" || state === "CONNECTED";
  const candidates = { ipv4: ["192.0.2.1", "192.0.2.2"], ipv6: [], preferred: "ipv4" as const };
  const machine: CmMachine = {
    ...initialMachine(0),
    state,
    entering: false,
    redirector: {
      text: redirectorText,
      address: { protocol: "ssl", host: "redirector.example.com", port: 443 },
      updated: false,
      candidates: state === "TRY_RESOLVE" ? null : candidates,
    },
    racing: state === "TRY_RESOLVE" ? { ...candidates, ipv6: ["2001:db8::1"] } : null,
    link: state === "LINK_SEL" ? null : "eth0",
    everConnected: true,
    resolution: 1,
    check: 1,
    backoffMs,
    target: writes ? target : "",
  };
  const inputs: CmInputs = {
    now: 5_000,
    redirectorAddress: redirectorText,
    managerAddress: "",
    minBackoff: 30,
    maxBackoff: 60,
    // The server does not let go where that is waited for.
    target: writes ? target : state === "RE_CONNECT" || state === "FAST_RECONNECT" || state === "OVS_INIT" ? "old" : "",
    connected: state === "CONNECTED",
    link: state === "LINK_SEL" ? null : link,
    clockSane: state !== "WAN_IP" && state !== "NTP_CHECK",
    otherUplink: false,
    offline: { enabled: false, status: "", asked: false },
    random: 0,
  };
  return { machine, inputs };
}

type Column = { readonly event: CmEvent; readonly change?: (inputs: CmInputs, state: CmState) => Partial<CmInputs> };

const columns = {
  timer: { event: { kind: "timer" } },
  "time over": {
    event: { kind: "timer" },
    change: (_, state) => ({ now: stateTimeouts[state] ?? (state === "QUIESCE_OVS" ? backoffMs : 300_000) }),
  },
  "ovs-awlan": { event: { kind: "ovs-awlan" } },
  "new redirector": {
    event: { kind: "ovs-awlan" },
    change: () => ({ redirectorAddress: "ssl:other.example.com:443" }),
  },
  "new manager": { event: { kind: "ovs-awlan" }, change: () => ({ managerAddress: managerText }) },
  connected: { event: { kind: "ovs-manager" }, change: (inputs) => ({ connected: inputs.target !== "" }) },
  "not connected": { event: { kind: "ovs-manager" }, change: () => ({ connected: false }) },
  "target emptied": { event: { kind: "ovs-manager" }, change: () => ({ target: "", connected: false }) },
  "target of others": { event: { kind: "ovs-manager" }, change: () => ({ target: "ssl:9.9.9.9:1", connected: true }) },
  link: { event: { kind: "link" } },
  "link used": { event: { kind: "link" }, change: () => ({ link: { ...link, ifName: "eth9" } }) },
  "link lost": { event: { kind: "link" }, change: () => ({ link: null }) },
  resolved: { event: { kind: "resolved", resolution: 1, addresses: { ipv4: ["192.0.2.1"], ipv6: [] } } },
  "resolve-timeout": { event: { kind: "resolve-timeout", resolution: 1 } },
  raced: { event: { kind: "raced", resolution: 1, winner: "ipv4" } },
  "router ok": { event: { kind: "checked", check: 1, outcome: { router: { ipv4: true } } } },
  "router dead": { event: { kind: "checked", check: 1, outcome: { router: { ipv4: false } } } },
  fatal: { event: { kind: "fatal" } },
} satisfies { readonly [name: string]: Column };

type ColumnName = keyof typeof columns;

/** Where a state leads by default, and the columns in which it leads elsewhere. */
const table: {
  readonly [S in CmState]: { readonly others: CmState } & { readonly [C in ColumnName]?: CmState };
} = {
  // Left at once, whatever happens.
  INIT: { others: "WAN_IP", "link lost": "LINK_SEL" },
  // A restart of the managers begins with INIT, which leads here again.
  LINK_SEL: { others: "LINK_SEL", "link used": "WAN_IP" },
  WAN_IP: {
    others: "WAN_IP",
    "link lost": "LINK_SEL",
    "router ok": "NTP_CHECK",
  },
  NTP_CHECK: {
    others: "NTP_CHECK",
    "time over": "WAN_IP",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  OVS_INIT: {
    others: "OVS_INIT",
    "target emptied": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  TRY_RESOLVE: {
    others: "TRY_RESOLVE",
    "time over": "QUIESCE_OVS",
    resolved: "TRY_CONNECT",
    raced: "TRY_CONNECT",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  RE_CONNECT: {
    others: "RE_CONNECT",
    "time over": "QUIESCE_OVS",
    "target emptied": "TRY_CONNECT",
    "new redirector": "OVS_INIT",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  TRY_CONNECT: {
    // With the next address where the time is over.
    others: "TRY_CONNECT",
    connected: "CONNECTED",
    "new redirector": "OVS_INIT",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  FAST_RECONNECT: {
    others: "FAST_RECONNECT",
    "time over": "RE_CONNECT",
    "target emptied": "FAST_RECONNECT_WAIT",
    "new redirector": "OVS_INIT",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  FAST_RECONNECT_WAIT: {
    others: "FAST_RECONNECT_WAIT",
    connected: "CONNECTED",
    "time over": "RE_CONNECT",
    "new redirector": "OVS_INIT",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
  CONNECTED: {
    others: "CONNECTED",
    "not connected": "FAST_RECONNECT",
    // The server has let go of it already: the same address again.
    "target emptied": "FAST_RECONNECT_WAIT",
    "target of others": "FAST_RECONNECT",
    "new redirector": "OVS_INIT",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
  },
  QUIESCE_OVS: {
    others: "QUIESCE_OVS",
    "time over": "FAST_RECONNECT_WAIT",
    "new redirector": "TRY_RESOLVE",
    "new manager": "TRY_RESOLVE",
    "link used": "WAN_IP",
    "link lost": "LINK_SEL",
    fatal: "WAN_IP",
  },
};

describe("CM's transitions", () => {
  it("are tested for every event there is, in every state there is", () => {
    assert.deepEqual(new Set(Object.values(columns).map(({ event }) => event.kind)), new Set(cmEvents));
    assert.deepEqual(Object.keys(table).toSorted(), cmStates.toSorted());
  });

  for (const state of cmStates) {
    it(`lead from ${state} where the table says`, () => {
      const { machine, inputs } = scene(state);
      const reached = Object.fromEntries(
        Object.entries(columns).map(([name, column]) => {
          const change = (column as Column).change?.(inputs, state) ?? {};
          return [name, step(machine, column.event, { ...inputs, ...change }, config).machine.state];
        }),
      );
      const { others, ...cells } = table[state];
      const expected = Object.fromEntries(
        Object.keys(columns).map((name) => [name, cells[name as ColumnName] ?? others]),
      );
      assert.deepEqual(reached, expected);
    });
  }
});
