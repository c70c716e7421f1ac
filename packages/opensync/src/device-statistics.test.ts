/** A whole simulated node tells about itself and its clients: from the rows that a cloud writes to what QM is handed. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { ManagerDefinition } from "@opensync-ts/managers/manager";
import type { OutboxMessage } from "@opensync-ts/managers/outbox";
import { NodeBench, rowWhere } from "@opensync-ts/node/testing/bench";
import { decodeLatency } from "@opensync-ts/telemetry/latency";
import { decodeReport } from "@opensync-ts/telemetry/report";

/** Takes what goes to the cloud. */
function receiver(received: OutboxMessage[]): ManagerDefinition {
  return {
    name: "receiver",
    async start({ outbox }) {
      const end = outbox.serve({
        send(message) {
          received.push(message);
          return "NONE";
        },
      });
      return {
        async stop() {
          end();
        },
        dump: () => "",
      };
    },
  };
}

describe("a simulated node", () => {
  it("reports its machine, busier with clients, and the latency of each", async () => {
    const clock = new VirtualClock();
    await using bench = new NodeBench(clock);
    const received: OutboxMessage[] = [];
    const { client } = await bench.start({ modules: [receiver(received)] });
    await client.transact((transaction) => {
      transaction.insert("Node_Config", { module: "receiver", key: "enable", value: "true" });
    });
    await rowWhere(client, "Node_State", (row) => row.module === "receiver");
    await client.transact((transaction) => {
      transaction.update("AWLAN_Node", [], { mqtt_topics: { Latency: "latency/GW1" } });
      transaction.insert("Wifi_Stats_Config", { stats_type: "device", reporting_interval: 60, sampling_interval: 20 });
      transaction.insert("Wifi_Stats_Config", {
        stats_type: "latency",
        sampling_interval: 10,
        reporting_interval: 60,
        if_name: ["home-ap-24"],
        latency_dscp: "report_per_dscp",
      });
      const vif = transaction.insert("Wifi_VIF_Config", {
        if_name: "home-ap-24",
        enabled: true,
        mode: "ap",
        ssid: "home",
        wpa: false,
      });
      transaction.insertInto("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], "vif_configs", vif);
    });
    await clock.advance(70_000);
    const alone = received.splice(0);
    assert.ok(alone.every(({ sender, dataType }) => sender !== "SM" || dataType === "STATS"));
    for (let n = 0; n < 5; n++) {
      bench.world.addClient({
        name: `c${n}`,
        mac: `0a:00:00:00:00:0${n}`,
        place: { x: 2 + n, y: 1 },
        networks: [{ ssid: "home" }],
        traffic: { down: 8, up: 1, burst: 10, silence: 0 },
      });
    }
    await clock.advance(120_000);

    const devices = (messages: readonly OutboxMessage[]) =>
      messages
        .filter(({ sender, dataType }) => sender === "SM" && dataType === "STATS")
        .flatMap(({ data }) => decodeReport(data).devices);
    const [before] = devices(alone);
    const after = devices(received).at(-1);
    assert.ok(before && after);
    assert.equal(after.uptimeSeconds, (before.uptimeSeconds ?? 0) + 120);
    assert.ok((after.cpuPercent ?? 0) > (before.cpuPercent ?? 100), `${before.cpuPercent} %, ${after.cpuPercent} %`);
    assert.ok((after.memory?.used ?? 0) > 0 && (after.load?.one ?? 0) > (before.load?.one ?? 9));
    assert.ok(after.processesByMemory.some(({ command }) => command === "owm"));
    assert.deepEqual([after.processesByMemory.length, after.fileSystems.length, after.thermal.length], [10, 2, 3]);

    const [latency] = received.filter(({ topic }) => topic === "latency/GW1").slice(-1);
    assert.ok(latency?.sendDirect && latency.dataType === "RAW");
    const { nodeId, hosts } = decodeLatency(latency.data);
    assert.deepEqual([nodeId, hosts.length], ["GW1", 5]);
    for (const { ifName, dscp, samples } of hosts) {
      assert.deepEqual([ifName, dscp, samples.length], ["home-ap-24", 0, 1]);
      const [{ leastMs = 0, averageMs = 0, mostMs = 0, packets = 0 } = {}] = samples;
      assert.ok(leastMs <= averageMs && averageMs <= mostMs && mostMs > 0 && packets > 10_000);
    }
  });
});
