import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Family } from "./candidates.ts";
import {
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  initialMachine,
  type UsedLink,
} from "./machine.ts";
import { step } from "./state-machine.ts";

const redirector = "ssl:redirector.example.com:443";
const manager = "ssl:controller.example.com:6640";
const link: UsedLink = {
  ifName: "eth0",
  kind: "wired",
  bridge: null,
  tunnel: false,
  hasIpv4: true,
  hasIpv6: false,
};

const defaults = {
  stabilityChecks: true,
  cloudFatalThreshold: 0,
  recovery: { offlineAfter: { requests: 3 }, restartAfter: { skips: 360 } },
};

/** A database, probes and a resolver that do at once what the machine asks, as far as the test lets them. */
class Bench {
  machine: CmMachine = initialMachine(0);
  inputs: CmInputs = {
    now: 0,
    redirectorAddress: redirector,
    managerAddress: "",
    minBackoff: 30,
    maxBackoff: 60,
    target: "",
    connected: false,
    link,
    clockSane: true,
    otherUplink: false,
    offline: { enabled: false, status: "", asked: false },
    random: 0.5,
  };
  wakeAt: number | null = null;
  readonly effects: CmEffect[] = [];
  readonly path: string[] = [];
  answers: { ipv4: string[]; ipv6: string[] } | "silence" = { ipv4: ["192.0.2.1"], ipv6: [] };
  readonly #queue: CmEffect[] = [];
  #busy = false;
  winner: Family | null = null;
  /** Whether the router answers. */
  router = true;
  readonly config: CmConfig;

  constructor(config: Partial<CmConfig> = {}) {
    this.config = { linkSelection: true, shortBackoffMs: 8_000, ...defaults, ...config };
  }

  send(event: CmEvent, change: Partial<CmInputs> = {}): this {
    this.inputs = { ...this.inputs, ...change };
    const result = step(this.machine, event, this.inputs, this.config);
    this.machine = result.machine;
    this.wakeAt = result.wakeAt;
    this.path.push(...result.transitions.map(({ to }) => to));
    this.effects.push(...result.effects);
    this.#queue.push(...result.effects);
    if (this.#busy) return this;
    this.#busy = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#carryOut(next);
    this.#busy = false;
    return this;
  }

  /** The server reaches, or loses, its target. */
  connected(connected: boolean): this {
    return this.send({ kind: "ovs-manager" }, { connected });
  }

  after(ms: number): this {
    return this.send({ kind: "timer" }, { now: this.inputs.now + ms });
  }

  #carryOut(effect: CmEffect): void {
    switch (effect.kind) {
      case "set-target":
        this.send({ kind: "ovs-manager" }, { target: effect.target, connected: false });
        break;
      case "clear-manager-address":
        this.send({ kind: "ovs-awlan" }, { managerAddress: "" });
        break;
      case "resolve":
        if (this.answers === "silence") break;
        this.send({ kind: "resolved", resolution: effect.resolution, addresses: this.answers });
        break;
      case "race":
        this.send({ kind: "raced", resolution: effect.resolution, winner: this.winner });
        break;
      case "check":
        this.send({ kind: "checked", check: effect.check, outcome: { router: { ipv4: this.router } } });
        break;
      case "set-offline":
        this.inputs = { ...this.inputs, offline: { ...this.inputs.offline, asked: effect.value } };
        break;
    }
  }
}

function atRedirector(): Bench {
  return new Bench().send({ kind: "timer" }).connected(true);
}

function atManager(): Bench {
  const bench = atRedirector().send({ kind: "ovs-awlan" }, { managerAddress: manager });
  return bench.connected(true);
}

describe("CM's way to the controller", () => {
  it("leads over all states to the redirector, without waiting for a timer", () => {
    const bench = atRedirector();
    assert.deepEqual(bench.path, [
      "LINK_SEL",
      "WAN_IP",
      "NTP_CHECK",
      "OVS_INIT",
      "TRY_RESOLVE",
      "RE_CONNECT",
      "TRY_CONNECT",
      "CONNECTED",
    ]);
    assert.equal(bench.inputs.target, "ssl:[192.0.2.1]:443");
  });

  it("goes on to the manager that the redirector names", () => {
    const bench = atManager();
    assert.deepEqual(bench.path.slice(8), ["TRY_RESOLVE", "RE_CONNECT", "TRY_CONNECT", "CONNECTED"]);
    assert.equal(bench.machine.destination, "manager");
    assert.equal(bench.inputs.target, "ssl:[192.0.2.1]:6640");
  });

  it("waits for an uplink, an address and a clock, in that order", () => {
    const bench = new Bench().send({ kind: "timer" }, { link: null, clockSane: false });
    assert.equal(bench.machine.state, "LINK_SEL");
    bench.send({ kind: "link" }, { link: { ...link, hasIpv4: false } });
    assert.equal(bench.machine.state, "WAN_IP");
    bench.send({ kind: "link" }, { link });
    assert.equal(bench.machine.state, "NTP_CHECK");
    bench.send({ kind: "timer" }, { clockSane: true, now: 1_000 });
    assert.equal(bench.machine.state, "TRY_CONNECT");
  });

  it("starts afresh when a link state has had its time", () => {
    const bench = new Bench().send({ kind: "timer" }, { link: null }).after(120_000);
    assert.deepEqual(bench.path, ["LINK_SEL", "INIT", "LINK_SEL"]);
  });

  it("needs no uplink where link selection is not built in", () => {
    const bench = new Bench({ linkSelection: false }).send({ kind: "timer" }, { link: null });
    assert.deepEqual(bench.path, ["OVS_INIT", "TRY_RESOLVE", "RE_CONNECT", "TRY_CONNECT"]);
  });

  it("waits in OVS_INIT for an address it can use", () => {
    const bench = new Bench().send({ kind: "timer" }, { redirectorAddress: "nonsense" });
    assert.equal(bench.machine.state, "OVS_INIT");
    bench.send({ kind: "ovs-awlan" }, { redirectorAddress: redirector });
    assert.equal(bench.machine.state, "TRY_CONNECT");
  });

  it("takes a manager address given by hand where there is no redirector", () => {
    const bench = new Bench().send({ kind: "timer" }, { redirectorAddress: "" });
    bench.send({ kind: "ovs-awlan" }, { managerAddress: manager });
    assert.equal(bench.inputs.target, "ssl:[192.0.2.1]:6640");
  });

  it("asks the redirector first even when a manager address is left from before", () => {
    const bench = new Bench().send({ kind: "timer" }, { managerAddress: manager });
    assert.equal(bench.machine.destination, "redirector");
    assert.equal(bench.inputs.managerAddress, "");
  });

  it("asks a new redirector at once", () => {
    const bench = atManager().send({ kind: "ovs-awlan" }, { redirectorAddress: "tcp:other.example.com:7000" });
    assert.equal(bench.machine.destination, "redirector");
    assert.equal(bench.inputs.target, "tcp:[192.0.2.1]:7000");
  });
});

describe("CM's addresses", () => {
  it("are tried one after the other, 10 s each", () => {
    const bench = new Bench();
    bench.answers = { ipv4: ["192.0.2.1", "192.0.2.2"], ipv6: ["2001:db8::1"] };
    bench.send({ kind: "timer" }, { link: { ...link, hasIpv6: true } });
    assert.equal(bench.inputs.target, "ssl:[2001:db8::1]:443");
    assert.equal(bench.after(10_000).inputs.target, "ssl:[192.0.2.1]:443");
    assert.equal(bench.after(10_000).inputs.target, "ssl:[192.0.2.2]:443");
    assert.equal(bench.after(10_000).machine.state, "QUIESCE_OVS");
  });

  it("are only those of a family that the uplink has", () => {
    const bench = new Bench();
    bench.answers = { ipv4: ["192.0.2.1"], ipv6: ["2001:db8::1"] };
    assert.equal(bench.send({ kind: "timer" }).inputs.target, "ssl:[192.0.2.1]:443");
  });

  it("that nobody finds lead to a back-off, not to a loop", () => {
    const bench = new Bench();
    bench.answers = { ipv4: [], ipv6: [] };
    assert.equal(bench.send({ kind: "timer" }).machine.state, "QUIESCE_OVS");
  });

  it("are asked for again while the resolver is silent, at most ten times", () => {
    const bench = new Bench();
    bench.answers = "silence";
    bench.send({ kind: "timer" });
    for (let i = 0; i < 10; i++) {
      bench.send({ kind: "resolve-timeout", resolution: bench.machine.resolution });
      assert.equal(bench.machine.state, "TRY_RESOLVE");
    }
    bench.send({ kind: "resolve-timeout", resolution: bench.machine.resolution });
    assert.equal(bench.machine.state, "QUIESCE_OVS");
  });

  it("that come too late are not taken", () => {
    const bench = new Bench();
    bench.answers = "silence";
    bench.send({ kind: "timer" });
    bench.send({
      kind: "resolved",
      resolution: bench.machine.resolution - 1,
      addresses: { ipv4: ["10.0.0.1"], ipv6: [] },
    });
    assert.equal(bench.machine.state, "TRY_RESOLVE");
  });
});

describe("CM after a loss", () => {
  it("tries the same address at once, then the redirector after a back-off", () => {
    const bench = atManager();
    bench.path.length = 0;
    bench.connected(false);
    assert.deepEqual(bench.path, ["FAST_RECONNECT", "FAST_RECONNECT_WAIT"]);
    assert.equal(bench.inputs.target, "ssl:[192.0.2.1]:6640");
    bench.after(20_000);
    assert.deepEqual(bench.path.slice(2), ["RE_CONNECT", "TRY_CONNECT", "QUIESCE_OVS"]);
    bench.after(45_000);
    assert.equal(bench.machine.destination, "redirector");
    assert.equal(bench.machine.state, "TRY_CONNECT");
  });

  it("is back without more ado when the controller comes back in time", () => {
    assert.equal(atManager().connected(false).connected(true).machine.state, "CONNECTED");
  });

  it("does not hammer a controller that drops each connection at once: back-off, then the redirector", () => {
    const bench = atManager();
    bench.connected(false).connected(true).connected(false).connected(true);
    bench.path.length = 0;
    bench.connected(false);
    assert.deepEqual(bench.path, ["QUIESCE_OVS"]);
    assert.equal(bench.inputs.target, "");
    assert.equal(bench.machine.backoffMs, 45_000);
    bench.after(45_000);
    assert.equal(bench.machine.destination, "redirector");
    bench.connected(true).connected(false);
    assert.equal(bench.machine.state, "QUIESCE_OVS");
  });

  it("trusts again in a controller whose connection has lasted", () => {
    const bench = atManager();
    bench.connected(false).connected(true).connected(false).connected(true).after(30_000);
    bench.connected(false).connected(true).connected(false);
    assert.equal(bench.machine.state, "FAST_RECONNECT_WAIT");
  });

  it("backs off by a random time within the bounds of AWLAN_Node, also where they are equal or the wrong way round", () => {
    for (const [minBackoff, maxBackoff, random, expected] of [
      [30, 60, 0, 30_000],
      [30, 60, 0.999, 59_000],
      [30, 30, 0.7, 30_000],
      [60, 30, 0.7, 60_000],
    ] as const) {
      const bench = new Bench();
      bench.answers = { ipv4: [], ipv6: [] };
      bench.send({ kind: "timer" }, { minBackoff, maxBackoff, random });
      assert.equal(bench.machine.backoffMs, expected);
      assert.equal(bench.wakeAt, expected);
    }
  });

  it("goes back to the choice of an uplink when the one in use is gone", () => {
    const bench = atManager().send({ kind: "link" }, { link: null });
    assert.equal(bench.machine.state, "LINK_SEL");
    bench.send({ kind: "link" }, { link: { ...link, ifName: "eth1" }, connected: false });
    assert.equal(bench.machine.state, "TRY_CONNECT");
  });

  it("calls a connection stable after 300 s and forgets the failures", () => {
    const bench = atManager();
    bench.machine = { ...bench.machine, disconnects: 4 };
    assert.equal(bench.wakeAt, 300_000);
    bench.after(300_000);
    assert.equal(bench.machine.disconnects, 0);
    assert.equal(bench.wakeAt, null);
  });

  it("counts failures in the uplink's row: -1 while connecting, 0 connected, then upwards", () => {
    const counters = (bench: Bench) =>
      bench.effects.flatMap((effect) => (effect.kind === "set-cloud-counter" ? [effect.value] : []));
    const bench = atRedirector();
    assert.deepEqual(counters(bench), [-1, 0]);
    bench.connected(false).after(20_000);
    assert.deepEqual(counters(bench), [-1, 0, -1, 1]);
  });
});
