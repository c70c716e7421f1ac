import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFileStorage } from "@opensync-ts/target/file-storage";
import { SimulatedDisk } from "@opensync-ts/target/testing/simulated-disk";
import { faultScenarios } from "./fault-scenarios.ts";
import { Fabric } from "./network/fabric.ts";
import { SimWan } from "./network/wan.ts";
import { portKey } from "./network/wires.ts";
import { SimClients } from "./sim-clients.ts";
import { simCommand } from "./sim-command.ts";
import type { SimulatedUplink } from "./simulated-uplink.ts";
import { bench } from "./testing/observer.ts";

function setUp() {
  const { clock, driver, faults, observer } = bench();
  const fabric = new Fabric({ clock });
  const wan = new SimWan(fabric, "gw", "eth0");
  const air = { wireless: false, on: true };
  const uplink: SimulatedUplink = {
    wan,
    cloud: "ok",
    get wireless() {
      return air.wireless;
    },
    get onAir() {
      return air.on;
    },
    set onAir(on) {
      air.on = on;
    },
  };
  const clients = new SimClients(createFileStorage({ directory: "/device", ops: new SimulatedDisk() }), () => {});
  const command = simCommand({ radio: driver, faults, clients, ledText: () => "LED 0: locate\n" }, uplink, clock);
  return { clock, observer, fabric, uplink, air, run: (line: string) => command.run(line.split(" ")) };
}

describe("the command sim", () => {
  it("lists what is on and everything that can be set, with its parameters", async () => {
    const { clock, run } = setUp();
    assert.match(run("fault list"), /^no fault is on\nfaults to set:\n/);
    for (const { name } of faultScenarios) assert.match(run("fault list"), new RegExp(`^ {2}${name} `, "m"));
    assert.match(run("fault list"), /acl-limit .*\(entries=64\)$/m);
    assert.equal(run("fault set acl-limit phy=wifi0 entries=8"), "acl-limit: on, number 1\n");
    assert.equal(run("fault set vif-broken vif=home-ap-50 for=90"), "vif-broken: on, number 2\n");
    run("fault set late-reports");
    await clock.advance(30_000);
    assert.match(
      run("fault list"),
      /^on now:\n {2}1 {2}acl-limit, wifi0, until cleared\n {2}2 {2}vif-broken, home-ap-50, for 60 s more\n {2}3 {2}late-reports, everywhere, until cleared\n/,
    );
  });

  it("shows the LEDs", () => {
    const { run } = setUp();
    assert.equal(run("led"), "LED 0: locate\n");
    assert.throws(() => run("led 1"), /use sim fault list/);
  });

  it("clears one fault or all", () => {
    const { run } = setUp();
    run("fault set acl-limit");
    run("fault set vif-broken");
    assert.equal(run("fault clear 1"), "fault 1 cleared\n");
    assert.throws(() => run("fault clear 1"), /no fault with the number '1' is on; on are 2/);
    assert.equal(run("fault clear"), "1 fault cleared\n");
    assert.equal(run("fault clear"), "0 faults cleared\n");
  });

  it("lets radar be heard", async () => {
    const { clock, observer, run } = setUp();
    assert.equal(run("radar phy=wifi1 channel=100"), "radar: done\n");
    await clock.advance(0);
    assert.equal(observer.phys.get("wifi1")?.channelStates.find(({ control }) => control === 5500)?.dfs, "nol");
  });

  it("refuses what it does not understand", () => {
    const { run } = setUp();
    for (const line of ["fault", "fault set", "fault list 3", "weather", "fault clear 1 2"]) {
      assert.throws(() => run(line), /use sim fault list \| fault set SCENARIO/, line);
    }
    assert.throws(() => run("fault set acl-limit 64"), /'64': write KEY=VALUE/);
    assert.throws(() => run("fault set acl-limit for=ever"), /for=ever: it must be a number of seconds, up to 604800/);
  });

  it("breaks the way to the Internet at the cable, the line or behind the router, and mends it", () => {
    const { fabric, uplink, run } = setUp();
    assert.throws(() => run("wan-down"), /nothing is plugged in here/);
    fabric.wires.plug(portKey("gw", "eth0"), fabric.isp("gw/wan").name);
    for (const [line, state] of [
      ["wan-down", "line"],
      ["wan-down cable", "cable"],
      ["wan-down internet", "internet"],
      ["wan-up", "ok"],
    ] as const) {
      assert.match(run(line), /\n$/);
      assert.equal(uplink.wan.state, state, line);
    }
    for (const line of ["wan-down ok", "wan-down fuse", "wan-down line now", "wan-up line", "wan"]) {
      assert.throws(() => run(line), /use sim fault list .* \| wan-down \[cable\|line\|internet\]/, line);
    }
  });

  it("says what of uplink and cloud is broken", () => {
    const { fabric, run } = setUp();
    fabric.wires.plug(portKey("gw", "eth0"), fabric.isp("gw/wan").name);
    assert.equal(run("status"), "wan: ok, the way to the Internet is free\ncloud: ok, the cloud takes connections\n");
    run("wan-down internet");
    run("cloud-down");
    assert.match(run("status"), /^wan: internet, the provider's router answers.*\ncloud: down, the cloud refuses/);
    assert.throws(() => run("status now"), /cloud-up \| status/);
  });

  it("takes stations off the air where they are the uplink, and back", () => {
    const { air, run } = setUp();
    air.wireless = true;
    assert.match(run("wan-down"), /stations are off the air; wan-up/);
    assert.equal(air.on, false);
    assert.match(run("status"), /^wan: line, its stations are off the air\n/);
    assert.match(run("wan-up"), /on the air/);
    assert.equal(air.on, true);
    assert.throws(
      () => run("wan-down cable"),
      /the uplink of this device is Wi-Fi, which has none; use wan-down without/,
    );
    assert.throws(() => run("wan-down internet"), /use it at the gateway/);
    assert.equal(air.on, true);
  });

  it("takes the cloud away from the home, and gives it back", () => {
    const { uplink, run } = setUp();
    run("cloud-down");
    assert.equal(uplink.cloud, "down");
    run("cloud-up");
    assert.equal(uplink.cloud, "ok");
  });
});
