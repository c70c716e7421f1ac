import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import { World } from "@opensync-ts/world/world";
import { Device } from "./device.ts";
import { rowsOf } from "./testing/bench.ts";

/** A simulated gateway that can be told what is wrong with it, and looked at from outside. */
class Rig implements AsyncDisposable {
  readonly #directory: string;
  readonly clock: VirtualClock;
  readonly device: Device;
  readonly #world: World;

  private constructor(directory: string, clock: VirtualClock, world: World, device: Device) {
    this.#directory = directory;
    this.clock = clock;
    this.#world = world;
    this.device = device;
  }

  static async start(): Promise<Rig> {
    const directory = mkdtempSync(join(tmpdir(), "opensync-platform-"));
    const clock = new VirtualClock();
    const random = new SeededRandom(1);
    const world = new World({ clock, seed: 1, spec: {} });
    const device = await Device.start({
      directory,
      clock,
      random,
      target: (place) =>
        createSimTarget({
          world,
          clock,
          random,
          node: { id: "GW1", place: { x: 0, y: 0 } },
          directory: place.directory,
        }),
    });
    return new Rig(directory, clock, world, device);
  }

  get node() {
    assert.ok(this.device.node);
    return this.device.node;
  }

  sim(line: string): string {
    return this.node.target.commands?.get("sim")?.run(line.split(" ")) ?? "";
  }

  rows<T extends OpenSyncTable>(table: T): Promise<readonly Row<T>[]> {
    return rowsOf(this.node.client, table);
  }

  async chainmasks(): Promise<readonly (number | null)[]> {
    const rows = await this.rows("Wifi_Radio_State");
    return ["wifi0", "wifi1", "wifi2"].map((name) => rows.find((row) => row.if_name === name)?.tx_chainmask ?? null);
  }

  async rebooted(): Promise<string> {
    const state = (wanted: Device["state"]) =>
      this.clock.runUntil(() => this.device.state === wanted, 1_200_000, wanted);
    await state("GOING_DOWN");
    await state("UP");
    const [last] = (await this.rows("Reboot_Status")).toSorted((a, b) => b.count - a.count);
    return `${last?.type}: ${last?.reason}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device.stop();
    this.#world.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

describe("a simulated device that gets too hot", () => {
  it("turns its fan up, sends with fewer chains, and takes all that back when it has cooled down", async () => {
    await using rig = await Rig.start();
    const { clock } = rig;
    await clock.advance(60_000);
    const all = await rig.chainmasks();
    assert.deepEqual(all, [3, 15, 15]);
    rig.sim("fault set overheat degrees=52");
    await clock.advance(1_800_000);
    assert.deepEqual(await rig.chainmasks(), [1, 3, 3]);
    const hot = await rig.node.target.system?.readThermal?.();
    assert.deepEqual([hot?.fanRpm, hot?.thermalState], [4_500, 3]);
    const [state] = await rig.rows("Node_State").then((rows) => rows.filter(({ module }) => module === "TM"));
    assert.deepEqual([state?.key, state?.value], ["SPFAN_state", "3"]);
    rig.sim("fault clear");
    await clock.advance(1_800_000);
    assert.deepEqual(await rig.chainmasks(), all);
    assert.equal((await rig.node.target.system?.readThermal?.())?.fanRpm, 1_500);
  });

  it("reboots when nothing helps, and knows why afterwards", async () => {
    await using rig = await Rig.start();
    rig.sim("fault set overheat degrees=150");
    assert.match(await rig.rebooted(), /^THERMAL: too hot: wifi0 1\d\d\.\d °C, wifi1/);
  });

  it("shows by its LED that its fan stands still, and that it turns again", async () => {
    await using rig = await Rig.start();
    rig.sim("fault set fan-stuck");
    await rig.clock.advance(30_000);
    assert.equal(rig.sim("led"), "LED 0: hwerror\n");
    rig.sim("fault clear");
    await rig.clock.advance(30_000);
    assert.equal(rig.sim("led"), "LED 0: connecting\n");
  });
});

describe("a device that the cloud orders about", () => {
  it("reboots, and says that it was the cloud", async () => {
    await using rig = await Rig.start();
    await rig.node.client.transact((transaction) =>
      transaction.insert("Wifi_Test_Config", { test_id: "reboot", params: new Map([["arg", "10"]]) }),
    );
    assert.equal(await rig.rebooted(), "CLOUD: asked by the cloud (Wifi_Test_Config)");
    assert.deepEqual(await rig.rows("Wifi_Test_State"), []);
  });

  it("forgets what it kept at a factory reset, but not its reboots", async () => {
    await using rig = await Rig.start();
    rig.node.target.storage.open("kept").set("key", "value");
    await rig.node.client.transact((transaction) => transaction.update("AWLAN_Node", [], { factory_reset: true }));
    assert.match(await rig.rebooted(), /factory reset/);
    assert.equal(rig.node.target.storage.open("kept").get("key"), undefined);
    assert.equal((await rig.rows("Reboot_Status")).length, 2);
  });
});
