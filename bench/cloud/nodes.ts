/** A process of many light nodes, each with its own certificate. Started with `fork` and told what to do by messages (`protocol.ts`). */

import { existsSync, readdirSync } from "node:fs";
import { setPriority } from "node:os";
import tls from "node:tls";
import { every, RealClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { MqttClient } from "@opensync-ts/cloud/testing/mqtt-client";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema-json";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { type NodesCommands, serve } from "./protocol.ts";
import { SimNode } from "./sim-node.ts";

/** Nodes work on processors of their own elsewhere; here they have what the cloud leaves. On Linux a priority is that of a thread. */
const threads = existsSync("/proc/self/task") ? readdirSync("/proc/self/task").map(Number) : [process.pid];
for (const thread of threads) setPriority(thread, 15);

const clock = new RealClock();
const random = new SystemRandom();
const log = Log.create({ name: "NODES", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
const schema = schemaFromJson(openSyncSchemaJson() as unknown as Parameters<typeof schemaFromJson>[0]);
const nodes = new Map<string, SimNode>();
let publishing: AbortController | undefined;

serve<NodesCommands>({
  async boot({ ids }) {
    for (const id of ids) {
      const node = new SimNode({ id, schema, clock, random, log });
      await node.boot();
      nodes.set(id, node);
    }
    return nodes.size;
  },
  async dial({ remote, tlsDirectory, from, to, groups }) {
    tls.DEFAULT_ECDH_CURVE = groups;
    for (const node of [...nodes.values()].slice(from, to)) {
      await node.dial(remote, filesOf(tlsDirectory, node.id));
    }
    return nodes.size;
  },
  async cut() {
    for (const node of nodes.values()) node.cut();
    return nodes.size;
  },
  async connected() {
    return [...nodes.values()].filter(({ connected }) => connected).length;
  },
  async publish({ port, tlsDirectory, perSecond }) {
    publishing?.abort();
    publishing = new AbortController();
    if (perSecond > 0) await publish(port, tlsDirectory, perSecond, publishing.signal);
    return perSecond;
  },
});

/** Twenty-five nodes take turns in reporting a dozen clients each. */
async function publish(port: number, tlsDirectory: string, perSecond: number, signal: AbortSignal): Promise<void> {
  const publishers: (() => void)[] = [];
  for (const id of [...nodes.keys()].slice(0, 25)) {
    const client = await MqttClient.dial(port, filesOf(tlsDirectory, id));
    if ((await client.connect(id)) !== 0) throw new Error(`${id}: refused by the broker`);
    signal.addEventListener("abort", () => client.close());
    const payload = compress(encodeReport(reportOf(id)));
    publishers.push(() => client.publish(`/ap/${id}/opensync`, payload));
  }
  const start = clock.now();
  let sent = 0;
  const more = every(clock, 10, () => {
    for (; sent < ((clock.now() - start) / 1000) * perSecond; sent++) publishers[sent % publishers.length]?.();
  });
  signal.addEventListener("abort", () => more.cancel());
}

function reportOf(id: string): StatsReport {
  const stats = {
    ...{ rxBytes: 1_250_000, txBytes: 12_500_000, rxFrames: 1_000, txFrames: 9_000, rxRetries: 10, txRetries: 90 },
    ...{
      rxErrors: 0,
      txErrors: 0,
      rxRateMbps: 300,
      txRateMbps: 866,
      snrDb: 41,
      ...{ rxRatePerceivedMbps: 200, txRatePerceivedMbps: 600 },
    },
  };
  const clients = Array.from({ length: 12 }, (_, index) => ({
    ...{ mac: `02:00:00:00:00:${(16 + index).toString(16)}`, ssid: "Bench", connected: true, connectCount: 0 },
    ...{ disconnectCount: 0, durationMs: 10_000, uapsd: 0, rx: [], tx: [], tids: [], stats },
  }));
  const head = {
    band: "5G",
    timestampMs: clock.wallTime(),
    channel: 36,
    uplinkType: "",
    uplinkChanged: false,
  } as const;
  return { ...emptyReport(id), clients: [{ ...head, clients }] };
}

function filesOf(tlsDirectory: string, id: string): TlsFiles {
  const at = `${tlsDirectory}/nodes/${id}`;
  return { caCert: `${at}/ca.pem`, certificate: `${at}/client.pem`, privateKey: `${at}/client_dec.key` };
}
