/**
 * SM, the statistics manager: what the device itself tells the cloud. Rows of `Wifi_Stats_Config` with `stats_type` device
 * become reports about load, memory and processes; those with latency become reports of how long packets of hosts
 * take. Rows of other types are for others.
 */

import type { Replica } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import { emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import { topicKeys, topicProblem } from "@opensync-ts/telemetry/topics";
import { Complaints } from "../complaints.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { DeviceStream } from "./device-stream.ts";
import { interfacesOf } from "./interfaces.ts";
import type { FlowSamples } from "./latency-book.ts";
import { type Interfaces, latencyPayloads } from "./latency-report.ts";
import { LatencyStream } from "./latency-stream.ts";
import { Outgoing } from "./outgoing.ts";
import { ReportTime } from "./report-time.ts";
import { type DeviceConfig, type LatencyConfig, readRow, rowName, type StatsRow } from "./row-config.ts";
import { SystemReader } from "./system-reader.ts";

const tables = {
  Wifi_Stats_Config: {},
  AWLAN_Node: { columns: ["mqtt_topics"] },
  Wifi_Inet_Config: { columns: ["if_name", "role"] },
  Wifi_VIF_State: { columns: ["if_name", "mld_if_name"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

const sender = "SM";

export const sm: ManagerDefinition = {
  name: "sm",
  async start(context) {
    return new StatisticsManager(context, await context.client.replicate(tables));
  },
};

class StatisticsManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #complaints: Complaints;
  readonly #outgoing: Outgoing;
  readonly #reader: SystemReader;
  readonly #time: ReportTime;
  readonly #interfaces: Interfaces;
  readonly #streams = new Map<Uuid, { readonly name: string; readonly stream: DeviceStream | LatencyStream }>();
  /** What is wrong with the rows now. */
  #problems = new Set<string>();

  constructor(context: ManagerContext, view: View) {
    const { clock, log, outbox, target } = context;
    this.#context = context;
    this.#view = view;
    this.#complaints = new Complaints(clock, log, "sm: ");
    this.#outgoing = new Outgoing({ clock, outbox, complaints: this.#complaints });
    this.#reader = new SystemReader(clock, target.system);
    this.#time = new ReportTime(clock);
    this.#interfaces = interfacesOf(view.table("Wifi_Inet_Config"), view.table("Wifi_VIF_State"));
    view.onTransaction((changes) => {
      if (changes.some(({ table }) => table === "Wifi_Stats_Config" || table === "AWLAN_Node")) this.#configure();
    });
    this.#configure();
  }

  async stop(): Promise<void> {
    this.#view.cancel();
    for (const { stream } of this.#streams.values()) stream.stop();
    this.#streams.clear();
    this.#outgoing.stop();
  }

  dump(): string {
    return [
      `system: ${this.#reader.offered ? this.#reader.parts.join(" ") || "not read yet" : "none"}`,
      `wall clock: set ${this.#time.synchronised} times`,
      this.#outgoing.dump(),
      `complaints: ${this.#complaints.count}`,
      "rows:",
      ...[...this.#streams.values()].map(({ name, stream }) => `  ${name}: ${stream.dump()}`).sort(),
      "problems:",
      ...[...this.#problems].sort().map((problem) => `  ${problem}`),
    ].join("\n");
  }

  /** Brings what runs in line with the rows. */
  #configure(): void {
    const problems = new Set<string>();
    const rows = this.#view.table("Wifi_Stats_Config").rows;
    for (const uuid of [...this.#streams.keys()]) if (!rows.has(uuid)) this.#end(uuid);
    for (const row of rows.values()) {
      const read = readRow(row);
      if (!read) {
        this.#end(row._uuid);
        continue;
      }
      for (const problem of read.problems) problems.add(`${rowName(row)}: ${problem}`);
      const obstacle = read.config && this.#obstacle(read.config.type);
      if (obstacle) problems.add(obstacle);
      if (!read.config || obstacle) this.#end(row._uuid);
      else if (read.config.type === "device") this.#runDevice(row, read.config);
      else this.#runLatency(row, read.config);
    }
    for (const problem of problems) if (!this.#problems.has(problem)) this.#complaints.say(problem);
    this.#problems = problems;
    this.#outgoing.intervals = [...this.#streams.values()].map(({ stream }) => stream.config.reporting);
  }

  /** Why no row of this type can act. */
  #obstacle(type: "device" | "latency"): string | undefined {
    const { target } = this.#context;
    if (type === "device") {
      return this.#reader.offered ? undefined : `target ${target.name} tells nothing of its machine: no device reports`;
    }
    if (!target.latency) return `target ${target.name} does not measure latency: no latency reports`;
    const topic = this.#latencyTopic();
    const where = `AWLAN_Node mqtt_topics '${topicKeys.latency}'`;
    if (topic === undefined) return `${where} is not set: no latency reports until it is`;
    const problem = topicProblem(topic);
    return problem && `${where}: ${problem}: no latency reports`;
  }

  #latencyTopic(): string | undefined {
    const [node] = this.#view.table("AWLAN_Node").rows.values();
    return node?.mqtt_topics.get(topicKeys.latency);
  }

  #runDevice(row: StatsRow, config: DeviceConfig): void {
    const known = this.#streams.get(row._uuid)?.stream;
    if (known instanceof DeviceStream) {
      known.update(config);
      return;
    }
    this.#end(row._uuid);
    const name = rowName(row);
    const stream = new DeviceStream(config, {
      clock: this.#context.clock,
      time: this.#time,
      reader: this.#reader,
      complaints: this.#complaints,
      name,
      send: (report) => this.#sendDevice(report),
    });
    this.#streams.set(row._uuid, { name, stream });
  }

  #runLatency(row: StatsRow, config: LatencyConfig): void {
    const { clock, target } = this.#context;
    const known = this.#streams.get(row._uuid)?.stream;
    if (known instanceof LatencyStream && JSON.stringify(known.config) === JSON.stringify(config)) return;
    this.#end(row._uuid);
    if (!target.latency) return;
    const name = rowName(row);
    const stream = new LatencyStream(config, {
      clock,
      source: target.latency,
      interfaces: this.#interfaces,
      complaints: this.#complaints,
      name,
      send: (timestamp, flows) => this.#sendLatency(timestamp, flows, config),
    });
    this.#streams.set(row._uuid, { name, stream });
  }

  #end(uuid: Uuid): void {
    this.#streams.get(uuid)?.stream.stop();
    this.#streams.delete(uuid);
  }

  #sendDevice(report: DeviceReport): void {
    const { id } = this.#context.target.unit;
    const data = encodeReport({ ...emptyReport(id), devices: [report] });
    this.#outgoing.add({ sender, dataType: "STATS", data });
  }

  #sendLatency(timestamp: number, flows: readonly FlowSamples[], { kinds }: LatencyConfig): void {
    const topic = this.#latencyTopic();
    if (topic === undefined) return;
    const { id } = this.#context.target.unit;
    for (const data of latencyPayloads({ nodeId: id, timestamp, flows, kinds, interfaces: this.#interfaces })) {
      this.#outgoing.add({ sender, dataType: "RAW", topic, data, compression: "configured", sendDirect: true });
    }
  }
}
