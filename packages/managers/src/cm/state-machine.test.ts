import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MachineBench as Bench, link, manager, redirector } from "./testing/machine-bench.ts";

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
    assert.equal(bench.machine.reason, "its name has no address of a family that the uplink has");
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
    assert.equal(bench.machine.reason, "no address answers, all have been tried");
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

  it("does so at the moment it asked to be woken, whatever the fraction of a millisecond at which it connected", () => {
    const bench = atManager();
    // The sum of these two is rounded: what is left of it is less than 300 s.
    const enteredAt = 1_873_892.800_861_813_4;
    bench.machine = { ...bench.machine, enteredAt };
    bench.send({ kind: "timer" }, { now: enteredAt + 300_000 });
    assert.equal(bench.machine.stable, true);
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
