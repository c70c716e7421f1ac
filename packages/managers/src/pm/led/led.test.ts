import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WriteOf } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { LedState, Leds } from "@opensync-ts/target/platform";
import type { ManagerDefinition } from "../../manager.ts";
import { Bench } from "../../testing/bench.ts";
import { leds } from "./led.ts";
import { OwnLedClaims } from "./own-claims.ts";

const priorities: readonly LedState[] = [
  "hwerror",
  "thermal",
  "locate",
  "cloud",
  "connectfail",
  "connecting",
  "connected",
];

async function setUp({ connectingMs = 180_000, connectFailMs = 0, count = 1 } = {}) {
  const bench = new Bench();
  const shown: string[] = [];
  const device: Leds = {
    count,
    priorityOf: (state) => (priorities.includes(state) ? priorities.indexOf(state) : null),
    show: (position, state, pattern) =>
      void shown.push(`${position} ${state}${pattern.length > 0 ? ` ${pattern.length}` : ""}`),
  };
  bench.platform = { leds: device };
  const own = new OwnLedClaims();
  const module = leds({ connectingMs, connectFailMs, own });
  const definition: ManagerDefinition = { name: "pm", start: (context) => module.start(context) };
  const insert = async (row: WriteOf<OpenSync, "LED_Config">) => {
    await bench.client.transact((transaction) => transaction.insert("LED_Config", row));
    await bench.settle();
  };
  const remove = async (name: LedState) => {
    await bench.client.transact((transaction) => transaction.delete("LED_Config", [["name", "==", name]]));
    await bench.settle();
  };
  const connect = async (connected: boolean) => {
    await bench.client.transact((transaction) => {
      if (bench.rows("Open_vSwitch").length === 0) transaction.insert("Open_vSwitch", {});
      transaction.delete("Manager", []);
      transaction.update("Open_vSwitch", [], {
        manager_options: [transaction.insert("Manager", { target: "ssl:cloud:6640", is_connected: connected })],
      });
    });
    await bench.settle();
  };
  const said = (pattern: RegExp) => bench.ring.records().filter(({ text }) => pattern.test(text)).length;
  return { bench, shown, own, definition, insert, remove, connect, said };
}

describe("LEDs", () => {
  it("show what LED_Config asks for, and idle when nobody asks", async () => {
    const { bench, shown, definition, insert, remove } = await setUp();
    await bench.start(definition);
    await insert({ name: "connected", priority: -2 });
    await insert({ name: "locate", priority: -2 });
    await remove("locate");
    await remove("connected");
    assert.deepEqual(shown, ["0 idle", "0 connected", "0 locate", "0 connected", "0 idle"]);
  });

  it("are told only what changes", async () => {
    const { bench, shown, definition, insert } = await setUp();
    await bench.start(definition);
    await insert({ name: "locate", priority: 0 });
    await insert({ name: "connected", priority: 5 });
    assert.deepEqual(shown, ["0 idle", "0 locate"]);
  });

  it("show that the cloud is out of reach after three minutes, and what was asked for when it is back", async () => {
    const { bench, shown, definition, insert, connect } = await setUp();
    await bench.start(definition);
    await connect(true);
    await insert({ name: "connected", priority: -2 });
    await connect(false);
    await bench.clock.advance(179_999);
    assert.equal(shown.at(-1), "0 connected");
    await bench.clock.advance(1);
    assert.equal(shown.at(-1), "0 connecting");
    await connect(true);
    assert.equal(shown.at(-1), "0 connected");
  });

  it("show connectfail later where the device is built so, never otherwise", async () => {
    const fails = await setUp({ connectFailMs: 600_000 });
    await fails.bench.start(fails.definition);
    await fails.bench.clock.advance(600_000);
    assert.deepEqual(fails.shown, ["0 idle", "0 connecting", "0 connectfail"]);
    const never = await setUp();
    await never.bench.start(never.definition);
    await never.bench.clock.advance(86_400_000);
    assert.deepEqual(never.shown, ["0 idle", "0 connecting"]);
  });

  it("count the time from the loss, over restarts of PM", async () => {
    const { bench, shown, definition, connect } = await setUp();
    const first = await bench.start(definition);
    await connect(true);
    await connect(false);
    await bench.clock.advance(100_000);
    await first.stop();
    await bench.start(definition);
    await bench.clock.advance(79_999);
    assert.equal(shown.at(-1), "0 idle");
    await bench.clock.advance(1);
    assert.equal(shown.at(-1), "0 connecting");
  });

  it("show at once what has been overdue when PM starts", async () => {
    const { bench, shown, definition } = await setUp();
    const first = await bench.start(definition);
    await first.stop();
    await bench.clock.advance(200_000);
    await bench.start(definition);
    assert.equal(shown.at(-1), "0 connecting");
  });

  it("show a pattern of the cloud, and complain of one that is none", async () => {
    const { bench, shown, definition, insert, said } = await setUp();
    await bench.start(definition);
    await insert({ name: "cloud", priority: -2, pattern: "500,255;0;0,0 500,0;0;255,0" });
    await bench.client.transact((transaction) => transaction.update("LED_Config", [], { pattern: "blue" }));
    await bench.settle();
    assert.deepEqual(shown, ["0 idle", "0 cloud 2", "0 idle"]);
    assert.equal(said(/LED_Config cloud at position 0: pattern: step 1 'blue': each step is/), 1);
  });

  it("complain of positions and priorities that there are not, and show the others", async () => {
    const { bench, shown, definition, insert, said } = await setUp({ count: 2 });
    await bench.start(definition);
    await insert({ name: "locate", priority: -2, position: 2 });
    await insert({ name: "hwerror", priority: -7 });
    await insert({ priority: 0 });
    await insert({ name: "connected", priority: 0, position: 1 });
    assert.deepEqual(shown, ["0 idle", "1 idle", "1 connected"]);
    assert.equal(said(/position 2: this device has LEDs 0 to 1/), 1);
    assert.equal(said(/priority -7 must be 0 or more/), 1);
    assert.equal(said(/it names no state/), 1);
  });

  it("take the deprecated led_config, and complain of what makes no sense there", async () => {
    const { bench, shown, definition, said } = await setUp();
    await bench.client.transact((transaction) => transaction.insert("AWLAN_Node", {}));
    await bench.start(definition);
    const set = async (config: ReadonlyMap<string, string>) => {
      await bench.client.transact((transaction) => transaction.update("AWLAN_Node", [], { led_config: config }));
      await bench.settle();
    };
    await set(new Map([["state", "locate"]]));
    await set(new Map([["state", "nonsense"]]));
    await set(
      new Map([
        ["state", "locate"],
        ["clear", "true"],
      ]),
    );
    assert.deepEqual(shown, ["0 idle", "0 locate", "0 idle"]);
    assert.equal(said(/state 'nonsense' is none of/), 1);
  });

  it("show what other modules of PM have to tell", async () => {
    const { bench, shown, own, definition } = await setUp();
    await bench.start(definition);
    own.set("hwerror", true);
    own.set("hwerror", true);
    own.set("hwerror", false);
    assert.deepEqual(shown, ["0 idle", "0 hwerror", "0 idle"]);
  });

  it("leave no timer behind, and are no matter for a device without any", async () => {
    const { bench, shown, definition } = await setUp();
    const manager = await bench.start(definition);
    await manager.stop();
    await bench.clock.advance(1_000_000);
    assert.deepEqual(shown, ["0 idle"]);
    const without = await setUp();
    without.bench.platform = undefined;
    assert.equal((await without.bench.start(without.definition)).dump(), "this device has none");
  });
});
