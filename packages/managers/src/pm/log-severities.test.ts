import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bench } from "../testing/bench.ts";
import { ProcessLogs } from "./log-levels.ts";
import { createPm } from "./pm.ts";

async function running(bench = new Bench()) {
  const logs = new ProcessLogs(bench.log);
  const manager = await bench.start(createPm({ logs }));
  await bench.settle();
  return { bench, logs, manager };
}

const set = (bench: Bench, name: string, severity: string) =>
  bench.client.transact((transaction) => transaction.insert("AW_Debug", { name, log_severity: severity }));

describe("PM", () => {
  it("sets the severity of a manager at run time, of a module on its own, and back", async () => {
    const { bench, logs } = await running();
    await set(bench, "CM", "DEBUG OVSDB:TRACE");
    await bench.settle();
    assert.ok(logs.of("CM").enabled("DEBUG"));
    assert.ok(logs.of("CM").child("OVSDB").enabled("TRACE"));
    assert.ok(!logs.of("NM").enabled("DEBUG"));
    await bench.client.transact((transaction) => transaction.delete("AW_Debug", []));
    await bench.settle();
    assert.ok(!logs.of("CM").enabled("DEBUG"));
  });

  it("takes the row DEFAULT for managers without one, also for those that start later", async () => {
    const { bench, logs } = await running();
    logs.of("CM");
    await set(bench, "DEFAULT", "Trace");
    await bench.settle();
    assert.ok(logs.of("CM").enabled("TRACE"));
    assert.ok(logs.of("NM").enabled("TRACE"));
  });

  it("sets which lines QM publishes: of one manager, of all others, and none without a row", async () => {
    const { bench, logs } = await running();
    assert.ok(!logs.of("CM").enabled("DEBUG"));
    await set(bench, "REMOTE_CM", "DEBUG");
    await bench.settle();
    assert.deepEqual([logs.of("CM").enabled("DEBUG"), logs.of("NM").enabled("DEBUG")], [true, false]);
    await set(bench, "REMOTE", "TRACE");
    await bench.settle();
    assert.deepEqual([logs.of("CM").enabled("TRACE"), logs.of("NM").enabled("TRACE")], [false, true]);
  });

  it("keeps the severities across a reboot", async () => {
    const { bench, manager } = await running();
    await set(bench, "CM", "DEBUG");
    await bench.settle();
    await manager.stop();
    await bench.client.transact((transaction) => transaction.delete("AW_Debug", []));
    const { logs } = await running(bench);
    assert.equal(bench.row("AW_Debug").log_severity, "DEBUG");
    assert.ok(logs.of("CM").enabled("DEBUG"));
  });

  it("says which row names no severity, and lets the others act", async () => {
    const { bench, logs } = await running();
    await set(bench, "CM", "LOUD");
    await set(bench, "NM", "DEBUG");
    await bench.settle();
    assert.ok(logs.of("NM").enabled("DEBUG"));
    assert.ok(bench.ring.records().some(({ text }) => text.includes("AW_Debug CM") && text.includes("LOUD")));
  });
});
