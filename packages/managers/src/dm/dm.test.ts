import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ManagerContext, ManagerDefinition } from "../manager.ts";
import { Bench } from "../testing/bench.ts";
import { type RunningDm, startDm } from "./dm.ts";

interface Probe extends ManagerDefinition {
  readonly contexts: ManagerContext[];
  stops: number;
}

/** A manager that does nothing but keep its contexts; `start` may misbehave. */
function probe(name: string, start: (context: ManagerContext) => Promise<void> = async () => {}): Probe {
  const definition: Probe = {
    name,
    contexts: [],
    stops: 0,
    async start(context) {
      definition.contexts.push(context);
      await start(context);
      return {
        stop: async () => void definition.stops++,
        dump: () => name,
      };
    },
  };
  return definition;
}

async function boot(
  definitions: readonly ManagerDefinition[],
  services: readonly object[],
  modules: readonly ManagerDefinition[] = [],
) {
  const bench = new Bench();
  await bench.client.transact((transaction) => {
    for (const row of services) transaction.insert("Node_Services", row);
  });
  const { clock, random, target, log } = bench;
  const starting = startDm({
    definitions,
    modules,
    connect: () => bench.connect(),
    target,
    clock,
    random,
    logOf: (name) => log.process(name),
    boot: true,
  });
  return { bench, starting };
}

const statusOf = (bench: Bench, service: string) => bench.row("Node_Services", (row) => row.service === service).status;

async function enable(bench: Bench, service: string, enabled: boolean): Promise<void> {
  await bench.client.transact((transaction) =>
    transaction.update("Node_Services", [["service", "==", service]], { enable: enabled }),
  );
  await bench.settle();
}

describe("DM", () => {
  it("says who the node is and why it booted", async () => {
    const { bench, starting } = await boot([], []);
    await starting;
    const node = bench.row("AWLAN_Node");
    assert.deepEqual([node.id, node.model, node.revision, node.firmware_version], ["0123456789AB", "FAKE", "2", "1.0"]);
    assert.deepEqual(bench.row("Reboot_Status").type, "COLD_BOOT");
  });

  it("starts what Node_Services enables and leaves the rest", async () => {
    const [cm, qm] = [probe("cm"), probe("qm")];
    const { bench, starting } = await boot(
      [cm, qm],
      [
        { service: "cm", enable: true },
        { service: "qm", enable: false },
        { service: "xm", enable: true },
      ],
    );
    const dm = await starting;
    assert.ok(dm.running("cm"));
    assert.equal(qm.contexts.length, 0);
    assert.deepEqual(
      ["cm", "qm", "xm"].map((service) => statusOf(bench, service)),
      ["enabled", "disabled", "error"],
    );
    assert.ok(bench.ring.records().some(({ text }) => text.includes("'xm' is not built into this node")));
  });

  it("stops and starts a manager at run time", async () => {
    const cm = probe("cm");
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    await enable(bench, "cm", false);
    assert.equal(cm.stops, 1);
    assert.ok(cm.contexts[0]?.signal.aborted);
    assert.equal(statusOf(bench, "cm"), "disabled");
    await enable(bench, "cm", true);
    assert.equal(cm.contexts.length, 2);
    assert.equal(statusOf(bench, "cm"), "enabled");
  });

  it("starts a manager that throws in a timer again after 5 s, and no other", async () => {
    const cm = probe("cm", async ({ clock }) => {
      if (cm.contexts.length === 1) {
        clock.setTimer(1_000, () => {
          throw new Error("boom");
        });
      }
    });
    const nm = probe("nm");
    const { bench, starting } = await boot(
      [cm, nm],
      [
        { service: "cm", enable: true },
        { service: "nm", enable: true },
      ],
    );
    await starting;
    await bench.clock.advance(1_000);
    assert.equal(statusOf(bench, "cm"), "error");
    await bench.clock.advance(4_999);
    assert.equal(cm.contexts.length, 1);
    await bench.clock.advance(1);
    assert.equal(cm.contexts.length, 2);
    assert.equal(statusOf(bench, "cm"), "enabled");
    assert.equal(nm.contexts.length, 1);
  });

  it("survives a manager that throws on a change of the database, and tells whose fault it was", async () => {
    const cm = probe("cm", async ({ client }) => {
      const replica = await client.replicate({ AW_Debug: {} });
      replica.table("AW_Debug").onChange(() => {
        throw new Error("cannot read this row");
      });
    });
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    const dm = await starting;
    await bench.client.transact((transaction) => transaction.insert("AW_Debug", { name: "CM", log_severity: "INFO" }));
    await bench.settle();
    assert.deepEqual(dm.services(), [
      { service: "cm", phase: "WAITING", restarts: 0, failure: "cannot read this row" },
    ]);
  });

  it("starts a manager that gives up by itself again", async () => {
    const cm = probe("cm");
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    cm.contexts[0]?.fail(new Error("no progress for 3 minutes"));
    await bench.clock.advance(5_000);
    assert.equal(cm.stops, 1);
    assert.equal(cm.contexts.length, 2);
  });

  it("gives a manager that cannot start 60 s, and comes up without it", async () => {
    const cm = probe("cm", async () => {
      if (cm.contexts.length === 1) throw new Error("no radio");
    });
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    await bench.settle();
    assert.equal(statusOf(bench, "cm"), "error");
    await bench.clock.advance(60_000);
    assert.equal(statusOf(bench, "cm"), "enabled");
  });

  it("does not wait for ever for a manager that hangs, neither at start nor at stop", async () => {
    const never = new Promise<never>(() => {});
    const hangsAtStart = probe("cm", () => never);
    const hangsAtStop: ManagerDefinition = { name: "nm", start: async () => ({ stop: () => never, dump: () => "" }) };
    const { bench, starting } = await boot(
      [hangsAtStart, hangsAtStop],
      [
        { service: "cm", enable: true },
        { service: "nm", enable: true },
      ],
    );
    await bench.clock.advance(10_000);
    const dm: RunningDm = await starting;
    assert.equal(statusOf(bench, "cm"), "error");
    let stopped = false;
    void dm.stop().then(() => {
      stopped = true;
    });
    await bench.clock.advance(1_000);
    assert.ok(stopped);
  });

  it("leaves nothing of a stopped manager behind: no timer fires, no write gets through", async () => {
    let fired = 0;
    const cm = probe("cm", async ({ clock }) => {
      clock.setTimer(500, () => fired++);
    });
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    await enable(bench, "cm", false);
    await bench.clock.advance(1_000);
    assert.equal(fired, 0);
    await assert.rejects(async () =>
      cm.contexts[0]?.client.transact((transaction) => transaction.delete("AW_Debug", [])),
    );
  });

  it("slows a crash loop down", async () => {
    const cm = probe("cm", async ({ clock }) => {
      clock.setTimer(100, () => {
        throw new Error("boom");
      });
    });
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    await bench.clock.advance(10 * 60_000);
    assert.ok(cm.contexts.length < 20, `${cm.contexts.length} starts in ten minutes`);
    assert.ok(bench.ring.records().some(({ text }) => text.includes("crash loop")));
  });

  it("lets a manager run whose row is deleted, and follows the row that is put in its place", async () => {
    const cm = probe("cm");
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    await starting;
    await bench.client.transact((transaction) => transaction.delete("Node_Services", []));
    await bench.settle();
    assert.equal(cm.stops, 0);
    await bench.client.transact((transaction) => transaction.insert("Node_Services", { service: "cm", enable: true }));
    await bench.settle();
    assert.equal(statusOf(bench, "cm"), "enabled");
    await enable(bench, "cm", false);
    await bench.settle();
    assert.equal(statusOf(bench, "cm"), "disabled");
    assert.equal(cm.stops, 1);
  });

  it("restarts all managers where one needs plan B", async () => {
    const [cm, nm] = [probe("cm"), probe("nm")];
    const { bench, starting } = await boot(
      [cm, nm],
      [
        { service: "cm", enable: true, other_config: { needs_plan_b: "true" } },
        { service: "nm", enable: true },
      ],
    );
    await starting;
    cm.contexts[0]?.fail(new Error("lost"));
    await bench.clock.advance(5_000);
    assert.deepEqual([cm.contexts.length, nm.contexts.length], [2, 2]);
  });

  it("stops all its managers with itself, and leaves their status as it is", async () => {
    const cm = probe("cm");
    const { bench, starting } = await boot([cm], [{ service: "cm", enable: true }]);
    const dm = await starting;
    await dm.stop();
    assert.equal(cm.stops, 1);
    assert.equal(statusOf(bench, "cm"), "enabled");
  });

  it("starts and stops a third-party module as Node_Config says, and shows it in Node_State", async () => {
    const parental = probe("parental");
    const { bench, starting } = await boot([], [], [parental]);
    const dm = await starting;
    assert.equal(parental.contexts.length, 0);
    const row = { module: "parental", key: "enable", value: "true" };
    await bench.client.transact((transaction) => transaction.insert("Node_Config", row));
    await bench.settle();
    assert.ok(dm.running("parental"));
    assert.deepEqual(
      bench.rows("Node_State").map(({ module, key, value }) => ({ module, key, value })),
      [row],
    );
    await bench.client.transact((transaction) => transaction.update("Node_Config", [], { value: "false" }));
    await bench.settle();
    assert.equal(parental.stops, 1);
    assert.deepEqual(bench.rows("Node_State"), []);
  });
});
