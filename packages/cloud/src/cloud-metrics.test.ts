import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Registry } from "prom-client";
import { ApiMetrics } from "./api/metrics.ts";
import { cloudMetrics } from "./cloud-metrics.ts";
import { settle } from "./test-node.ts";
import { obedientNode, TestCloud } from "./testing/test-cloud.ts";

const broker = { counters: { connections: 1, published: 2, refused: 3, unauthorized: 4 } };
const telemetry = {
  counters: {
    ingest: { payloads: 5, repeated: 0, dropped: 0 },
    store: { written: 0, dropped: 6, waiting: 7 },
    raw: { written: 0, dropped: 0, bytes: 8 },
    eventsDropped: 0,
    alertsDropped: 0,
  },
};
const metered = ({ locations, controller }: TestCloud) => cloudMetrics({ locations, controller, broker, telemetry });

async function figure(registry: Registry, name: string): Promise<number | undefined> {
  return (await registry.getMetricsAsJSON()).find((metric) => metric.name === name)?.values[0]?.value;
}

describe("metrics of a cloud", () => {
  it("count what was written to nodes, and never less of it, also when sessions end and nodes come anew", async () => {
    const cloud = new TestCloud();
    const registry = metered(cloud);
    const node = await obedientNode();
    const client = await cloud.connect(node);
    const { writes, transactions } = cloud.gateway.counters;
    assert.ok(writes > 0 && transactions > 0);
    const written = () => figure(registry, "opensync_rows_written_total");
    assert.equal(await written(), writes);
    client.close();
    await settle(cloud.clock);
    assert.equal(await written(), writes);
    await cloud.connect(node);
    assert.deepEqual([cloud.gateway.counters.writes, await written()], [0, writes]);
    await node.forget();
    await settle(cloud.clock);
    assert.equal(await written(), writes + cloud.gateway.counters.writes);
    assert.equal(
      await figure(registry, "opensync_transactions_total"),
      transactions + cloud.gateway.counters.transactions,
    );
    await cloud.controller.stop();
    assert.ok(((await written()) ?? 0) > writes);
  });

  it("are named as Prometheus has it: what only grows ends in _total, what has a unit ends in it", async () => {
    const registry = metered(new TestCloud());
    new ApiMetrics(registry, () => 0);
    const own = (await registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith("opensync_"));
    assert.ok(own.length > 15);
    for (const { name, type, help } of own) {
      assert.match(name, /^opensync_[a-z]+(_[a-z]+)*$/);
      assert.ok(help.length > 0, name);
      // prom-client has its kinds as words here, whatever its types say.
      assert.equal(name.endsWith("_total"), String(type) === "counter", `${name} is a ${type}`);
      if (/bytes|seconds|duration/.test(name)) assert.match(name, /_(bytes|seconds)$/);
    }
    assert.match(
      await registry.metrics(),
      /# TYPE opensync_rows_written_total counter\nopensync_rows_written_total 0\n/,
    );
  });
});
