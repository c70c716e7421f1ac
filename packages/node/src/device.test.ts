import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { createNullTarget } from "@opensync-ts/target/null-target";
import type { PersistentStore } from "@opensync-ts/target/storage";
import type { Target } from "@opensync-ts/target/target";
import { Device, type DeviceOptions } from "./device.ts";
import { rowsOf } from "./testing/bench.ts";

class Rig implements AsyncDisposable {
  readonly directory: string;
  readonly clock: VirtualClock;
  readonly device: Device;
  readonly happened: string[] = [];

  private constructor(directory: string, clock: VirtualClock, device: Device) {
    this.directory = directory;
    this.clock = clock;
    this.device = device;
    device.events.on("down", ({ outage }) => this.happened.push(outage));
    device.events.on("up", () => this.happened.push("up"));
    device.events.on("failed", ({ message }) => this.happened.push(`failed: ${message}`));
  }

  static async start(options: Partial<DeviceOptions> = {}): Promise<Rig> {
    const directory = mkdtempSync(join(tmpdir(), "opensync-device-"));
    const clock = new VirtualClock();
    const device = await Device.start({
      directory,
      clock,
      random: new SeededRandom(1),
      profile: "native",
      target: (place) => createNullTarget({ id: "N1", storageDirectory: join(place.directory, "ps") }),
      ...options,
    });
    return new Rig(directory, clock, device);
  }

  async until(state: Device["state"]): Promise<void> {
    await this.clock.runUntil(() => this.device.state === state, 60_000, state);
    await this.clock.advance(0);
  }

  async boots(): Promise<readonly string[]> {
    assert.ok(this.device.node);
    const rows = await rowsOf(this.device.node.client, "Reboot_Status");
    return rows.toSorted((a, b) => a.count - b.count).map(({ type, reason }) => `${type}: ${reason}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Its methods as functions of their own. */
function wrapped(store: PersistentStore): Omit<PersistentStore, "write"> {
  return {
    damage: store.damage,
    get: (key) => store.get(key),
    set: (key, value) => store.set(key, value),
    delete: (key) => store.delete(key),
    keys: () => store.keys(),
    erase: () => store.erase(),
  };
}

describe("a device", () => {
  it("reboots: goes down in order, is dark for a while, and comes up as another node of the same directory", async () => {
    await using rig = await Rig.start();
    const { device, clock } = rig;
    const before = device.node;
    before?.target.storage.open("kept").set("key", "value");
    device.control.reboot("because");
    assert.equal(device.state, "UP");
    await rig.until("GOING_DOWN");
    const wentDown = clock.now();
    await rig.until("UP");
    assert.ok(clock.now() - wentDown >= 2_000);
    assert.notEqual(device.node, before);
    assert.equal(device.node?.target.storage.open("kept").get("key"), "value");
    assert.deepEqual(rig.happened, ["reboot", "up"]);
  });

  it("takes one wish at a time: two reboots asked for in one breath are one", async () => {
    await using rig = await Rig.start();
    rig.device.control.reboot("one");
    rig.device.control.reboot("two");
    await rig.until("GOING_DOWN");
    rig.device.control.restartManagers("three");
    await rig.until("UP");
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.happened, ["reboot", "up"]);
  });

  it("loses, when the power is cut, what was not written by then, and says at the next boot that nobody announced it", async () => {
    await using rig = await Rig.start();
    const { device } = rig;
    const { node } = device;
    const store = node?.target.storage.open("kept");
    store?.set("before", "1");
    device.control.powerCut();
    assert.equal(device.state, "GOING_DOWN");
    await rig.until("UP");
    assert.deepEqual(await rig.boots(), ["COLD_BOOT: first boot", "POWER_CYCLE: not announced"]);
    assert.deepEqual(rig.happened, ["power cut", "up"]);
  });

  it("can lose its power in the middle of a reboot", async () => {
    await using rig = await Rig.start();
    rig.device.control.reboot("because");
    await rig.until("GOING_DOWN");
    rig.device.control.powerCut();
    await rig.until("UP");
    assert.deepEqual(rig.happened, ["reboot", "up"]);
  });

  it("can lose its power while it boots: what that boot would still write is lost, and it boots once more", async () => {
    let boots = 0;
    await using rig = await Rig.start({
      target(place) {
        if (++boots === 2) queueMicrotask(() => rig.device.control.powerCut());
        return createNullTarget({ id: "N1", storageDirectory: join(place.directory, "ps") });
      },
    });
    const before = rig.clock.now();
    rig.device.control.powerCut();
    await rig.until("UP");
    assert.deepEqual([boots, rig.clock.now() - before], [3, 4_000]);
    assert.deepEqual(rig.happened, ["power cut", "up"]);
    assert.deepEqual(await rig.boots(), ["COLD_BOOT: first boot", "POWER_CYCLE: not announced"]);
  });

  it("restarts its managers on a new database without a boot, and without being dark", async () => {
    await using rig = await Rig.start();
    const { device, clock } = rig;
    await device.node?.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "X", key: "y", value: "z" }),
    );
    const before = clock.now();
    device.control.restartManagers("because");
    await rig.until("GOING_DOWN");
    await rig.until("UP");
    assert.ok(clock.now() - before < 1_000);
    assert.ok(device.node);
    assert.deepEqual(await rowsOf(device.node.client, "Node_Config"), []);
    assert.deepEqual(await rig.boots(), ["COLD_BOOT: first boot"]);
  });

  it("erases at a factory reset all but what is to be preserved", async () => {
    await using rig = await Rig.start();
    const { device } = rig;
    device.node?.target.storage.open("kept").set("key", "value");
    device.node?.target.storage.open("kept", { preserve: true }).set("key", "value");
    device.control.factoryReset("because");
    await rig.until("GOING_DOWN");
    await rig.until("UP");
    const storage = device.node?.target.storage;
    assert.equal(storage?.open("kept").get("key"), undefined);
    assert.equal(storage?.open("kept", { preserve: true }).get("key"), "value");
    assert.deepEqual(rig.happened, ["factory reset", "up"]);
  });

  it("completes a factory reset that a power cut has interrupted", async () => {
    await using rig = await Rig.start();
    const { device } = rig;
    const storage = device.node?.target.storage;
    storage?.open("kept").set("key", "value");
    device.control.factoryReset("because");
    await rig.until("GOING_DOWN");
    await rig.clock.advance(0);
    storage?.open("device", { preserve: true }).set("factory_reset", "true");
    device.control.powerCut();
    await rig.until("UP");
    assert.equal(device.node?.target.storage.open("kept").get("key"), undefined);
    assert.equal(device.node?.target.storage.open("device", { preserve: true }).get("factory_reset"), undefined);
  });

  it("refuses a factory reset whose flash cannot be written, and goes on; one that fails half-way is completed later", async () => {
    let broken: "no" | "write" | "erase" = "no";
    const target: DeviceOptions["target"] = (place): Target => {
      const device = createNullTarget({ id: "N1", storageDirectory: join(place.directory, "ps") });
      const { storage } = device;
      const guarded = <T>(what: typeof broken, work: () => T): T => {
        if (broken === what) throw new Error("EROFS: read-only file system");
        return work();
      };
      return {
        ...device,
        storage: {
          open: (name, options) => {
            const store = storage.open(name, options);
            return { ...wrapped(store), write: (changes) => guarded("write", () => store.write(changes)) };
          },
          erase: (name, options) => storage.erase(name, options),
          eraseAll: (options) => guarded("erase", () => storage.eraseAll(options)),
          stores: () => storage.stores(),
        },
      };
    };
    await using rig = await Rig.start({ target });
    const { device } = rig;
    device.node?.target.storage.open("kept").set("key", "value");
    broken = "write";
    assert.throws(
      () => device.control.factoryReset("because"),
      /the flash cannot be written, so nothing can be erased: EROFS/,
    );
    await rig.clock.advance(10_000);
    assert.deepEqual([device.state, rig.happened], ["UP", []]);
    broken = "erase";
    device.control.factoryReset("because");
    await rig.until("GOING_DOWN");
    await rig.until("UP");
    assert.equal(device.node?.target.storage.open("kept").get("key"), "value");
    broken = "no";
    device.control.reboot("because");
    await rig.until("GOING_DOWN");
    await rig.until("UP");
    assert.equal(device.node?.target.storage.open("kept").get("key"), undefined);
  });

  it("tries again when it does not come up, and rejects only at its first start", async () => {
    let broken = false;
    const target: DeviceOptions["target"] = (place): Target => {
      if (broken) throw new Error("no radios found");
      return createNullTarget({ id: "N1", storageDirectory: join(place.directory, "ps") });
    };
    await using rig = await Rig.start({ target });
    broken = true;
    rig.device.control.reboot("because");
    await rig.clock.advance(30_000);
    broken = false;
    await rig.until("UP");
    assert.deepEqual(rig.happened, [
      "reboot",
      "failed: no radios found",
      "failed: no radios found",
      "failed: no radios found",
      "up",
    ]);
    broken = true;
    await assert.rejects(Rig.start({ target }), /no radios found/);
  });

  it("stops for good, also while it is dark", async () => {
    await using rig = await Rig.start();
    rig.device.control.reboot("because");
    await rig.until("GOING_DOWN");
    const stopped = rig.device.stop();
    await rig.clock.advance(60_000);
    await stopped;
    assert.equal(rig.device.state, "OFF");
    assert.equal(rig.device.node, undefined);
  });
});
