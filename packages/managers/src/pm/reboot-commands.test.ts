import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordBoot } from "../dm/reboot-records.ts";
import type { ManagerDefinition } from "../manager.ts";
import { Bench } from "../testing/bench.ts";
import { parseRebootDelay, rebootCommands } from "./reboot-commands.ts";

const definition: ManagerDefinition = { name: "pm", start: (context) => rebootCommands.start(context) };

async function setUp({ control = true } = {}) {
  const bench = new Bench();
  const done: string[] = [];
  if (control) {
    bench.control = {
      reboot: (reason) => void done.push(`reboot: ${reason}`),
      restartManagers: (reason) => void done.push(`restart: ${reason}`),
      factoryReset: (reason) => void done.push(`reset: ${reason}`),
    };
  }
  await bench.client.transact((transaction) => transaction.insert("AWLAN_Node", {}));
  await bench.start(definition);
  const ask = async (params: { readonly [key: string]: string }) => {
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_Test_Config", { test_id: "reboot", params: new Map(Object.entries(params)) }),
    );
    await bench.settle();
  };
  const states = () => bench.rows("Wifi_Test_State").map(({ test_id: id, state }) => `${id}: ${state}`);
  const said = (pattern: RegExp) => bench.ring.records().filter(({ text }) => pattern.test(text)).length;
  return { bench, done, ask, states, said };
}

const path = "/usr/opensync/bin/delayed-reboot";

describe("a reboot that the cloud asks for", () => {
  it("happens after its delay, and the next boot knows why", async () => {
    const { bench, done, ask, states } = await setUp();
    await ask({ arg: "30", path });
    assert.deepEqual(states(), ["reboot: pending"]);
    await bench.clock.advance(29_999);
    assert.deepEqual(done, []);
    await bench.clock.advance(1);
    assert.deepEqual([done, states()], [["reboot: asked by the cloud (Wifi_Test_Config)"], ["reboot: rebooting"]]);
    assert.equal(recordBoot(bench.storage).at(-1)?.type, "CLOUD");
  });

  it("is called off when its row goes", async () => {
    const { bench, done, ask, states } = await setUp();
    await ask({ arg: "30" });
    await bench.client.transact((transaction) => transaction.delete("Wifi_Test_Config", []));
    await bench.clock.advance(100_000);
    assert.deepEqual([done, states()], [[], []]);
    assert.equal(recordBoot(bench.storage).at(-1)?.type, "COLD_BOOT");
  });

  it("is put off when its delay changes", async () => {
    const { bench, done, ask } = await setUp();
    await ask({ arg: "30" });
    await bench.clock.advance(20_000);
    await bench.client.transact((transaction) =>
      transaction.update("Wifi_Test_Config", [], { params: new Map([["arg", "60"]]) }),
    );
    await bench.clock.advance(59_999);
    assert.deepEqual(done, []);
    await bench.clock.advance(1);
    assert.equal(done.length, 1);
  });

  it("happens on a full disk, too, where only the reason is lost", async () => {
    const { bench, done, ask, said } = await setUp();
    bench.storage.refuse = new Error("ENOSPC: no space left on device");
    await ask({ arg: "0" });
    await bench.settle();
    assert.deepEqual([done.length, said(/the reason of the reboot will be lost: ENOSPC/)], [1, 1]);
  });

  it("that makes no sense does not happen, and says why", async () => {
    const { bench, done, ask, states, said } = await setUp();
    await ask({ arg: "soon" });
    await bench.clock.advance(100_000);
    assert.deepEqual(done, []);
    assert.deepEqual(states(), ["reboot: failed: arg 'soon' must be a whole number of seconds up to 86400"]);
    assert.equal(said(/Wifi_Test_Config reboot: arg 'soon'/), 1);
  });

  it("of a device that cannot reboot itself fails, and says so", async () => {
    const { bench, ask, states, said } = await setUp({ control: false });
    await ask({ arg: "1" });
    await bench.clock.advance(10_000);
    assert.deepEqual(states(), ["reboot: failed: it cannot be rebooted from inside"]);
    assert.equal(said(/cannot be rebooted from inside; switch it off and on/), 1);
  });

  it("is not one of the other tests", async () => {
    const { bench, done, states } = await setUp();
    await bench.client.transact((transaction) => transaction.insert("Wifi_Test_Config", { test_id: "ping" }));
    await bench.clock.advance(100_000);
    assert.deepEqual([done, states()], [[], []]);
  });

  it("waits five seconds by default, a day at most, and runs no program", () => {
    const delay = (params: { readonly [key: string]: string }) => parseRebootDelay(new Map(Object.entries(params)));
    assert.deepEqual([delay({}), delay({ arg: "0", path }), delay({ arg: "86400" })], [5_000, 0, 86_400_000]);
    assert.throws(() => delay({ arg: "86401" }), /up to 86400/);
    assert.throws(() => delay({ arg: "-1" }), /whole number/);
    assert.throws(() => delay({ path: "/bin/sh" }), /path '\/bin\/sh' is not run/);
    assert.throws(() => delay({ when: "now" }), /'when' is no parameter; there are arg, path/);
  });
});

describe("a factory reset that the cloud asks for", () => {
  const reset = async (bench: Bench, value: boolean) => {
    await bench.client.transact((transaction) => transaction.update("AWLAN_Node", [], { factory_reset: value }));
    await bench.settle();
  };

  it("happens once, and calls off a reboot", async () => {
    const { bench, done, ask } = await setUp();
    await ask({ arg: "30" });
    await reset(bench, false);
    assert.deepEqual(done, []);
    await reset(bench, true);
    await bench.client.transact((transaction) => transaction.update("AWLAN_Node", [], { model: "X" }));
    await bench.clock.advance(100_000);
    assert.deepEqual(done, ["reset: factory reset, asked by the cloud"]);
  });

  it("of a device that cannot reset itself is complained of", async () => {
    const { bench, said } = await setUp({ control: false });
    await reset(bench, true);
    assert.equal(said(/factory_reset: this device cannot be reset from inside/), 1);
  });
});
