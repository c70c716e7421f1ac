import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { simulationView } from "@opensync-ts/cloud/api/contract/simulation";
import { SimulationRefusal } from "@opensync-ts/cloud/api/simulation-refusal";
import type { DeviceState } from "@opensync-ts/node/device";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import { World } from "@opensync-ts/world/world";
import { HomeControls } from "./home-controls.ts";

const root = mkdtempSync(join(tmpdir(), "opensync-controls-"));
after(() => rmSync(root, { recursive: true, force: true }));

const phone = "02:00:00:00:01:02";

/** A gateway and an extender on its LAN, and a phone; nothing is on the air. */
function setUp() {
  const clock = new VirtualClock();
  const spec = {
    walls: [{ from: { x: 0, y: 0 }, to: { x: 16, y: 10 }, material: "brick" }],
    clients: [{ name: "phone", mac: phone, place: { x: 3, y: 5 }, networks: [] }],
  } as const;
  const world = new World({ clock, seed: 1, spec });
  const fabric = new Fabric({ clock, world, seed: 1 });
  const places = { gateway: { x: 2, y: 3 }, extender: { x: 13, y: 7 } };
  const target = (id: keyof typeof places, uplink: object = {}) =>
    createSimTarget({
      ...{ world, fabric, clock, random: new SeededRandom(id), directory: join(root, id), ...uplink },
      node: { id, model: id, place: places[id] },
    });
  const gateway = target("gateway");
  const extender = target("extender", { uplink: gateway.lan });
  const states: Record<string, DeviceState> = { gateway: "UP", extender: "UP" };
  const asked: string[] = [];
  const device = (id: string) => ({
    state: states[id] ?? "OFF",
    control: {
      reboot: () => asked.push(`reboot ${id}`),
      powerCut: () => asked.push(`cut ${id}`),
      restartManagers: () => {},
      factoryReset: () => {},
    },
  });
  const node = (id: keyof typeof places, of: typeof gateway) => ({
    ...{ id, role: id, place: places[id], target: () => of },
    device: () => (states[id] === undefined ? undefined : device(id)),
  });
  const controls = new HomeControls({
    ...{ world, fabric, clock },
    nodes: [node("gateway", gateway), node("extender", extender)],
  });
  const view = (id: string) => controls.view().nodes.find((each) => each.node === id);
  return { clock, world, fabric, controls, states, asked, view };
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof SimulationRefusal, String(error));
    return error.message;
  }
  assert.fail("was not refused");
}

describe("a simulated home, as it is told", () => {
  it("has walls, nodes with their radios, and clients, in the form that the contract states", () => {
    const { controls, view } = setUp();
    const told = simulationView.parse(controls.view());
    assert.deepEqual(told.bounds, { left: -2, top: -2, right: 18, bottom: 12 });
    assert.deepEqual(told.clients, [
      {
        ...{ mac: phone, name: "phone", place: { x: 3, y: 5, z: 0 }, walkingTo: null, state: "searching" },
        ...{ link: null, joined: null },
      },
    ]);
    assert.deepEqual(view("gateway")?.uplink, {
      kind: "cable",
      state: "ok",
      can: ["ok", "cable", "line", "internet"],
    });
    assert.deepEqual(view("extender")?.uplink?.can, ["ok", "cable", "line"]);
    const five = view("gateway")?.radios.find(({ band }) => band === "5G");
    assert.ok(five);
    assert.deepEqual(
      [five.channels, five.radarChannels].map((all) => all.includes(36)),
      [true, false],
    );
    assert.deepEqual(
      [five.channels, five.radarChannels].map((all) => all.includes(52)),
      [true, true],
    );
    assert.deepEqual([five.channel, five.jam, five.closedChannels], [null, null, []]);
  });

  it("says of a node that is not up only what is known of it then", () => {
    const { states, view } = setUp();
    states.gateway = "GOING_DOWN";
    assert.deepEqual(
      [view("gateway")?.power, view("gateway")?.uplink, view("gateway")?.radios],
      ["going-down", null, []],
    );
  });
});

describe("a client of a simulated home", () => {
  it("walks to a place, or to the side of a node, at walking pace", async () => {
    const { clock, world, controls } = setUp();
    controls.walk(phone, { x: 10, y: 5 });
    await clock.advance(2000);
    assert.ok(Math.abs((world.client(mac(phone))?.place.x ?? 0) - 5.8) < 1e-9);
    assert.deepEqual(controls.view().clients[0]?.walkingTo, { x: 10, y: 5, z: 0 });
    controls.walk(phone, { node: "extender" });
    await clock.advance(20_000);
    const { x = 0, y = 0 } = world.client(mac(phone))?.place ?? {};
    assert.ok(Math.abs(Math.hypot(x - 13, y - 7) - 0.8) < 1e-9, `${x} ${y}`);
    assert.equal(controls.view().clients[0]?.walkingTo, null);
  });

  it("goes nowhere that is not in the home, and nobody goes that is not there", () => {
    const { controls } = setUp();
    const cases: readonly (readonly [() => void, RegExp])[] = [
      [() => controls.walk("02:00:00:00:09:09", { x: 1, y: 1 }), /^path\.mac: is no client of this home$/],
      [() => controls.walk(phone, { x: 19, y: 1 }), /^body\.to\.x: is outside the home; give -2 to 18 \(metres\)$/],
      [() => controls.walk(phone, { x: 1, y: -3 }), /^body\.to\.y: is outside the home; give -2 to 12/],
      [() => controls.walk(phone, { node: "cellar" }), /^body\.to\.node: is no node .*; there are gateway, extender$/],
    ];
    for (const [act, expected] of cases) assert.match(refusal(act), expected);
    assert.equal(controls.view().clients[0]?.walkingTo, null);
  });
});

describe("a new client", () => {
  const order = { name: " Ana ", ssid: "Home", passphrase: "for our guests" };

  it("comes beside a node or to a place of the home, is told of, and leaves", () => {
    const { world, controls } = setUp();
    const { mac: ana } = controls.join({ ...order, to: { node: "extender" } });
    const { mac: bo, hostname } = controls.join({ ...order, name: "Bo's phone", to: { x: 1, y: 1 } });
    assert.equal(hostname, "Bos-phone");
    const told = simulationView.parse(controls.view()).clients.find(({ mac: address }) => address === ana);
    assert.deepEqual(
      [told?.name, told?.joined],
      ["Ana", { ssid: "Home", refused: "no-network", refusedAt: null, reaches: null }],
    );
    assert.ok(!JSON.stringify(controls.view()).includes(order.passphrase));
    const { x = 0, y = 0 } = world.client(mac(ana))?.place ?? {};
    assert.ok(Math.abs(Math.hypot(x - 13, y - 7) - 0.8) < 1e-9, `${x} ${y}`);
    assert.deepEqual(world.client(mac(bo))?.place, { x: 1, y: 1, z: 0 });
    controls.leave(ana.toUpperCase());
    assert.equal(world.client(mac(ana)), null);
  });

  it("is refused with the reason where it cannot come, and only who came leaves", () => {
    const { controls } = setUp();
    assert.match(
      refusal(() => controls.join({ ...order, to: { node: "attic" } })),
      /^body\.to\.node: is no node/,
    );
    assert.match(
      refusal(() => controls.join({ ...order, to: { x: 99, y: 1 } })),
      /^body\.to\.x: is outside the home/,
    );
    assert.match(
      refusal(() => controls.join({ ...order, name: "phone", to: { x: 1, y: 1 } })),
      /^body\.name: is that of another client/,
    );
    for (const address of [phone, "nonsense"]) {
      assert.match(
        refusal(() => controls.leave(address)),
        /^path\.mac: is no client that came/,
      );
    }
  });
});

describe("trouble in a simulated home", () => {
  it("is of the way out, which is broken and mended, as far as it can be", () => {
    const { controls, view } = setUp();
    for (const state of ["cable", "line", "internet", "ok"] as const) {
      controls.setUplink("gateway", state);
      assert.equal(view("gateway")?.uplink?.state, state);
    }
    assert.match(
      refusal(() => controls.setUplink("extender", "internet")),
      /^body\.state: is refused: .*no provider/,
    );
    assert.match(
      refusal(() => controls.setUplink("cellar", "ok")),
      /^path\.node: is no node/,
    );
  });

  it("is of the cloud", () => {
    const { controls, fabric } = setUp();
    controls.setCloud("down");
    assert.deepEqual([fabric.cloud, controls.view().cloud], ["down", "down"]);
    controls.setCloud("ok");
    assert.equal(controls.view().cloud, "ok");
  });

  it("is of the power: a node that boots can only lose it", () => {
    const { controls, states, asked } = setUp();
    controls.power("gateway", "reboot");
    states.gateway = "BOOTING";
    controls.power("gateway", "power-cut");
    assert.deepEqual(asked, ["reboot gateway", "cut gateway"]);
    assert.match(
      refusal(() => controls.power("gateway", "reboot")),
      /^node: is not up; wait/,
    );
    states.gateway = "GOING_DOWN";
    assert.match(
      refusal(() => controls.power("gateway", "power-cut")),
      /^node: is not up; wait/,
    );
    for (const act of [
      () => controls.setUplink("gateway", "ok"),
      () => controls.radar("gateway", "wifi1", 52),
      () => controls.jam("gateway", "wifi1", { channel: 36, airtimePercent: 50 }),
      () => controls.clearFault("gateway", 1),
    ])
      assert.match(refusal(act), /is not up/);
  });

  it("is radar, where the radio listens for it, once in half an hour", () => {
    const { controls, view } = setUp();
    const five = view("gateway")?.radios.find(({ band }) => band === "5G")?.radio ?? "";
    const two = view("gateway")?.radios.find(({ band }) => band === "2.4G")?.radio ?? "";
    controls.radar("gateway", five, 52);
    assert.deepEqual(view("gateway")?.radios.find(({ radio }) => radio === five)?.closedChannels, [52]);
    const cases: readonly (readonly [() => void, RegExp])[] = [
      [() => controls.radar("gateway", five, 52), /^body\.channel: is closed already/],
      [() => controls.radar("gateway", five, 36), /^body\.channel: .* listens for no radar/],
      [() => controls.radar("gateway", two, 6), /^body\.channel: .* listens for no radar/],
      [() => controls.radar("gateway", five, 37), /^body\.channel: is no channel that this radio \(5G\) has$/],
      [() => controls.radar("gateway", "wifi9", 36), /^path\.radio: is no radio of this node; it has /],
    ];
    for (const [act, expected] of cases) assert.match(refusal(act), expected);
  });

  it("is a channel that is kept busy, until it is not", () => {
    const { controls, world, view } = setUp();
    const { radio = "" } = view("gateway")?.radios.find(({ band }) => band === "2.4G") ?? {};
    const busy = () => world.occupancy("gateway", { band: "2.4G", control: 2437, segments: [2437] }).busy;
    controls.jam("gateway", radio, { channel: 6, airtimePercent: 90 });
    assert.equal(busy(), 0.9);
    controls.jam("gateway", radio, { channel: 11, airtimePercent: 50 });
    assert.ok(busy() < 0.9, "one of a radio at a time");
    assert.deepEqual(view("gateway")?.radios.find((each) => each.radio === radio)?.jam, {
      channel: 11,
      airtimePercent: 50,
    });
    controls.jam("gateway", radio, null);
    assert.equal(busy(), 0);
    assert.match(
      refusal(() => controls.jam("gateway", radio, null)),
      /^path\.radio: is not jammed$/,
    );
    const wrong = () => controls.jam("gateway", radio, { channel: 40, airtimePercent: 50 });
    assert.match(refusal(wrong), /^body\.channel: is no channel that this radio \(2\.4G\) has$/);
  });

  it("is a fault of a driver, which ends by itself or is cleared", async () => {
    const { clock, controls, view } = setUp();
    const { radio = "" } = view("gateway")?.radios[0] ?? {};
    const id = controls.startFault("gateway", { scenario: "acl-limit", radio, values: { entries: "8" } });
    controls.startFault("gateway", { scenario: "slow-driver", seconds: 5, values: {} });
    const on = () => view("gateway")?.faults.map(({ scenario, until }) => [scenario, until]);
    const end = new Date(clock.wallTime() + 5000).toISOString();
    assert.deepEqual(on(), [
      ["acl-limit", null],
      ["slow-driver", end],
    ]);
    await clock.advance(5000);
    assert.deepEqual(on(), [["acl-limit", null]]);
    controls.clearFault("gateway", id ?? 0);
    assert.deepEqual(on(), []);
    assert.equal(controls.startFault("gateway", { scenario: "counter-reset", values: {} }), null);
    const cases: readonly (readonly [() => void, RegExp])[] = [
      [() => controls.clearFault("gateway", 99), /^path\.fault: is not on$/],
      [() => controls.startFault("gateway", { scenario: "gremlins", values: {} }), /^body\.scenario: is no scenario/],
      [
        () => controls.startFault("gateway", { scenario: "acl-limit", radio: "wifi9", values: {} }),
        /^body\.radio: is no radio of this node; it has /,
      ],
      [
        () => controls.startFault("gateway", { scenario: "acl-limit", values: { many: "1" } }),
        /^body\.values: has a member that 'acl-limit' does not know/,
      ],
      [
        () => controls.startFault("gateway", { scenario: "acl-limit", values: { entries: "some" } }),
        /^body\.values: is refused: .*must be a number from 0/,
      ],
      [
        () => controls.startFault("gateway", { scenario: "acl-limit", interface: "none", values: {} }),
        /^body: is refused: there is no vif/,
      ],
    ];
    for (const [act, expected] of cases) assert.match(refusal(act), expected);
  });

  it("is listed, with the smallest thing that each is limited to", () => {
    const all = setUp().controls.scenarios();
    const of = (name: string) => all.find(({ scenario }) => scenario === name);
    assert.equal(of("radar"), undefined);
    assert.deepEqual([of("acl-limit")?.concerns, of("acl-limit")?.isOnce], ["interface", false]);
    assert.deepEqual([of("driver-restart")?.concerns, of("counter-reset")?.concerns], ["node", "radio"]);
    assert.equal(of("counter-reset")?.isOnce, true);
  });
});
