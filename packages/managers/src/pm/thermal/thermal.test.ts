import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Thermal } from "@opensync-ts/target/platform";
import { recordBoot } from "../../dm/reboot-records.ts";
import type { ManagerDefinition } from "../../manager.ts";
import { Bench } from "../../testing/bench.ts";
import { OwnLedClaims } from "../led/own-claims.ts";
import { thermalControl } from "./thermal.ts";

const period = 10_000;

async function setUp({ fan = true, control = true } = {}) {
  const bench = new Bench();
  const world = { celsius: [40, 40] as (number | null)[], rpm: 0, stuck: false, told: [] as number[] };
  const answers = { temperatures: async () => world.celsius as readonly (number | null)[] };
  const thermal: Thermal = {
    sources: ["wifi0", "wifi1"],
    steps: [0, 1, 2].map((step) => ({
      above: [60 + 10 * step, 70 + 10 * step],
      txChainmasks: new Map(step === 0 ? [] : [["wifi1", step === 1 ? 3 : 1]]),
      fanRpm: step * 2_000,
    })),
    readTemperatures: () => answers.temperatures(),
    ...(fan && {
      fan: {
        setRpm: async (rpm) => {
          world.told.push(rpm);
          if (!world.stuck) world.rpm = rpm;
        },
        readRpm: async () => world.rpm,
      },
    }),
  };
  bench.platform = { thermal };
  const reboots: string[] = [];
  const reboot = (reason: string) => void reboots.push(reason);
  if (control) bench.control = { reboot, restartManagers: reboot, factoryReset: reboot };
  await bench.client.transact((transaction) => {
    for (const name of ["wifi0", "wifi1"]) {
      transaction.insert("Wifi_Radio_Config", { if_name: name, freq_band: "5G", thermal_tx_chainmask: null });
    }
  });
  const own = new OwnLedClaims();
  const module = thermalControl(own);
  const definition: ManagerDefinition = { name: "pm", start: (context) => module.start(context) };
  const state = () => bench.rows("Node_State").map(({ module: of, key, value }) => `${of}/${key}=${value}`);
  const masks = () => bench.rows("Wifi_Radio_Config").map((row) => row.thermal_tx_chainmask);
  const set = async (key: string, value: string, persist = false) => {
    await bench.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "TM", key, value, persist }),
    );
    await bench.settle();
  };
  const said = (pattern: RegExp) => bench.ring.records().filter(({ text }) => pattern.test(text)).length;
  return { bench, world, answers, reboots, own, definition, state, masks, set, said };
}

describe("cooling", () => {
  it("goes one step up per period while it is hot, and down when it is not", async () => {
    const { bench, world, definition, state, masks } = await setUp();
    await bench.start(definition);
    assert.deepEqual([state(), masks(), world.rpm], [["TM/SPFAN_state=0"], [null, null], 0]);
    world.celsius = [40, 200];
    await bench.clock.advance(period);
    assert.deepEqual([state(), masks(), world.rpm], [["TM/SPFAN_state=1"], [null, 3], 2_000]);
    await bench.clock.advance(period);
    assert.deepEqual([state(), masks(), world.rpm], [["TM/SPFAN_state=2"], [null, 1], 4_000]);
    world.celsius = [40, 40];
    await bench.clock.advance(5 * period);
    assert.deepEqual([state(), masks(), world.rpm], [["TM/SPFAN_state=0"], [null, null], 0]);
  });

  it("writes nothing while nothing changes, and puts back what others change", async () => {
    const { bench, world, definition, masks } = await setUp();
    await bench.start(definition);
    world.celsius = [75, 40];
    await bench.clock.advance(3 * period);
    let writes = 0;
    const replica = await bench.client.replicate({ Wifi_Radio_Config: {}, Node_State: {} });
    replica.onTransaction(() => writes++);
    await bench.clock.advance(20 * period);
    assert.equal(writes, 0);
    await bench.client.transact((transaction) =>
      transaction.update("Wifi_Radio_Config", [], { thermal_tx_chainmask: 15 }),
    );
    await bench.clock.advance(period);
    assert.deepEqual(masks(), [15, 3]);
  });

  it("goes on from its step when PM starts again", async () => {
    const { bench, world, definition, state } = await setUp();
    const first = await bench.start(definition);
    world.celsius = [79, 40];
    await bench.clock.advance(3 * period);
    await first.stop();
    await bench.start(definition);
    await bench.clock.advance(0);
    assert.deepEqual(state(), ["TM/SPFAN_state=1"]);
  });

  it("reboots when the last step does not help for more than two periods, and says why", async () => {
    const { bench, world, reboots, own, definition } = await setUp();
    await bench.start(definition);
    world.celsius = [40, 400];
    await bench.clock.advance(3 * period);
    assert.deepEqual([reboots.length, own.states.has("thermal")], [0, false]);
    await bench.clock.advance(5 * period);
    assert.equal(reboots.length, 1);
    assert.ok(own.states.has("thermal"));
    const record = recordBoot(bench.storage).at(-1);
    assert.equal(record?.type, "THERMAL");
    assert.match(record?.reason ?? "", /^too hot: wifi0 40\.0 °C, wifi1 \d+\.\d °C$/);
  });

  it("does not reboot while it gets cooler within the last step", async () => {
    const { bench, world, reboots, definition, state } = await setUp();
    await bench.start(definition);
    world.celsius = [79, 40];
    await bench.clock.advance(4 * period);
    world.celsius = [82, 40];
    await bench.clock.advance(period);
    world.celsius = [78, 40];
    await bench.clock.advance(20 * period);
    assert.deepEqual([reboots, state()], [[], ["TM/SPFAN_state=2"]]);
  });

  it("says so where nobody can reboot the device", async () => {
    const { bench, world, definition, said } = await setUp({ control: false });
    await bench.start(definition);
    world.celsius = [400, 40];
    await bench.clock.advance(20 * period);
    assert.equal(said(/cannot be rebooted from inside: switch it off/), 1);
  });

  it("reports a fan that does not turn as it should, until it does", async () => {
    const { bench, world, own, definition, said } = await setUp();
    await bench.start(definition);
    world.stuck = true;
    world.celsius = [70, 40];
    await bench.clock.advance(4 * period);
    assert.ok(own.states.has("hwerror"));
    assert.ok(said(/the fan turns at 0 rpm instead of 2000/) >= 1);
    world.rpm = 1_750;
    await bench.clock.advance(period);
    assert.ok(!own.states.has("hwerror"));
  });

  it("without a fan is a matter of chainmasks", async () => {
    const { bench, world, definition, masks } = await setUp({ fan: false });
    await bench.start(definition);
    world.celsius = [70, 40];
    await bench.clock.advance(3 * period);
    assert.deepEqual([masks(), world.told], [[null, 3], []]);
  });

  it("keeps its step, and says so, where temperatures cannot be read, or nobody answers", async () => {
    const { bench, world, answers, definition, state, said } = await setUp();
    await bench.start(definition);
    world.celsius = [79, 40];
    await bench.clock.advance(3 * period);
    world.celsius = [null, Number.NaN];
    await bench.clock.advance(4 * period);
    assert.ok(said(/temperature of wifi0, wifi1 cannot be read/) >= 1);
    answers.temperatures = () => new Promise(() => {});
    await bench.clock.advance(4 * period);
    assert.ok(said(/temperatures: no answer within 5000 ms/) >= 1);
    answers.temperatures = () => Promise.reject(new Error("i2c: no such device"));
    await bench.clock.advance(8 * period);
    assert.ok(said(/i2c: no such device/) >= 1);
    assert.deepEqual(state(), ["TM/SPFAN_state=1"]);
    answers.temperatures = async () => [40, 40];
    await bench.clock.advance(4 * period);
    assert.deepEqual(state(), ["TM/SPFAN_state=0"]);
  });

  it("follows its settings at run time, and complains of those that cannot be", async () => {
    const { bench, world, definition, state, set, said } = await setUp();
    await bench.start(definition);
    world.celsius = [50, 40];
    await bench.clock.advance(3 * period);
    assert.deepEqual(state(), ["TM/SPFAN_state=0"]);
    await set("SPFAN_state1_wifi0_temp", "45");
    await set("SPFAN_state1_wifi7_temp", "45");
    await bench.clock.advance(period);
    assert.deepEqual(state(), ["TM/SPFAN_state=1"]);
    assert.equal(said(/TM\/SPFAN_state1_wifi7_temp: there is no temperature 'wifi7'/), 1);
  });

  it("keeps settings that ask for it across a reboot, and no others", async () => {
    const { bench, definition, set } = await setUp();
    const manager = await bench.start(definition);
    await set("SPFAN_state1_wifi0_temp", "45", true);
    await set("SPFAN_state2_wifi0_temp", "95");
    await set("SPFAN_state1_wifi1_temp", "60", true);
    await bench.client.transact((transaction) =>
      transaction.update("Node_Config", [["key", "==", "SPFAN_state1_wifi1_temp"]], { persist: false }),
    );
    await bench.settle();
    await manager.stop();
    await bench.client.transact((transaction) => transaction.delete("Node_Config", []));
    await bench.start(definition);
    const rows = bench.rows("Node_Config").map(({ module, key, value, persist }) => [module, key, value, persist]);
    assert.deepEqual(rows, [["TM", "SPFAN_state1_wifi0_temp", "45", true]]);
  });

  it("is no matter for a device that looks after itself", async () => {
    const { bench, definition, state } = await setUp();
    bench.platform = {};
    const manager = await bench.start(definition);
    await bench.clock.advance(10 * period);
    assert.deepEqual([state(), manager.dump()], [[], "this device looks after itself"]);
  });
});
