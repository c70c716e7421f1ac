/** QM on a virtual clock, with a broker in memory. */

import { decodeReport, emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import type { RunningManager } from "../../manager.ts";
import type { OutboxMessage } from "../../outbox.ts";
import { Bench } from "../../testing/bench.ts";
import { createQm, type QmOptions } from "../qm.ts";
import { RemoteLog } from "../remote-log.ts";
import { FakeBroker } from "./fake-broker.ts";

export const settings = { broker: "broker.example.com", topics: "stats/gw", agg_stats_interval: "10" };

export class QmBench extends Bench {
  readonly broker = new FakeBroker();
  readonly remoteLog = new RemoteLog();
  qm!: RunningManager;

  /** `mqtt`: `mqtt_settings`, unless given those above. */
  static async start(
    mqtt: Readonly<Record<string, string>> = settings,
    options: Partial<QmOptions> = {},
  ): Promise<QmBench> {
    const bench = new QmBench();
    await bench.client.transact((transaction) => transaction.insert("AWLAN_Node", { mqtt_settings: mqtt }));
    bench.qm = await bench.start(
      createQm({
        tls: { privateKey: "", certificate: "", caCert: "" },
        connector: bench.broker,
        remoteLog: bench.remoteLog,
        ...options,
      }),
    );
    await bench.settle();
    return bench;
  }

  async configure(mqtt: Readonly<Record<string, string>>): Promise<void> {
    await this.client.transact((transaction) => transaction.update("AWLAN_Node", [], { mqtt_settings: mqtt }));
    await this.settle();
  }

  send(message: Partial<OutboxMessage> = {}) {
    return this.outbox.send({ sender: "test", dataType: "RAW", data: Buffer.from("x"), ...message });
  }

  /** Of a line of the dump that begins with `name`. */
  dumped(name: string): string {
    const line = this.qm
      .dump()
      .split("\n")
      .find((candidate) => candidate.startsWith(`${name}: `));
    return line?.slice(name.length + 2) ?? "";
  }

  counter(name: string): number {
    return Number(this.dumped(name));
  }

  /** The log lines that match. */
  logged(pattern: RegExp): string[] {
    return this.ring.records().flatMap(({ text }) => (pattern.test(text) ? [text] : []));
  }
}

/** A report of one survey, of a channel to recognize it by. */
export const survey = (channel: number, nodeId = "gw"): Uint8Array => {
  const sample = {
    channel,
    durationMs: 100,
    offsetMs: 0,
    busyPercent: 1,
    busyTxPercent: 0,
    busyRxPercent: 1,
    busySelfPercent: 0,
    busyExtPercent: 0,
  };
  const report = { band: "2.4G", surveyType: "on-chan", timestampMs: 1, reportType: "raw", samples: [sample] } as const;
  return encodeReport({ ...emptyReport(nodeId), surveys: [report] });
};

/** The channels of the surveys in a report. */
export const channelsOf = (payload: Uint8Array | undefined) =>
  decodeReport(payload ?? new Uint8Array()).surveys.flatMap((report) =>
    "samples" in report ? report.samples.map(({ channel }) => channel) : [],
  );

/** What the broker has confirmed, as text. */
export const texts = (bench: QmBench) => bench.broker.received.map(({ payload }) => Buffer.from(payload).toString());
