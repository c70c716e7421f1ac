/**
 * Statistics of a whole node under load: three radios with 256 stations each, sampled every second, reported by OWM and published
 * by QM. Virtual time, real work: the CPU share is what a second of it takes of a real one, driver and broker included, which do next
 * to nothing. Then the parts by themselves: reports as bytes, merged, compressed. `node bench/statistics.ts`; part of `npm run bench`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { FakeBroker } from "@opensync-ts/managers/qm/testing/fake-broker";
import { startNode } from "@opensync-ts/node/start-node";
import type { Write } from "@opensync-ts/schema/opensync";
import { createNullTarget } from "@opensync-ts/target/null-target";
import { mergeReports } from "@opensync-ts/telemetry/merge";
import { compress, decompress } from "@opensync-ts/telemetry/payload";
import { decodeReport, emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { BusyRadios, busyRadios, stationsPerRadio } from "./busy-radios.ts";
import { type Figure, percentile, printFigures, processorTime } from "./figures.ts";

type Row = Write<"Wifi_Stats_Config">;

const publication = 128 * 1024;
const mebibyte = 1_048_576;
const stations = busyRadios.length * stationsPerRadio;

export async function benchStatistics(): Promise<readonly Figure[]> {
  const idle = await share([], { reporting: 60, seconds: 120 });
  const load = `statistics of ${stations} stations at 1 s`;
  const figures: Figure[] = [{ name: "node without statistics", value: idle.percent, unit: "% CPU" }];
  let report: StatsReport | undefined;
  for (const reporting of [60, 10]) {
    const clients = await share(clientRows, { reporting, seconds: 240 });
    const all = await share(allRows, { reporting, seconds: 240 });
    figures.push(
      { name: `${load}, clients every ${reporting} s`, value: clients.percent, unit: "% CPU" },
      { name: `${load}, all types every ${reporting} s`, value: all.percent, unit: "% CPU" },
    );
    report ??= clients.reports.find((each) => each.clients.length === busyRadios.length);
    if (reporting === 60) figures.push(...sizes(clients.reports, all.bytesPerReport));
  }
  if (!report) throw new Error("no report has the clients of all radios");
  return [...figures, ...(await throughput(report))];
}

const clientRows: readonly Row[] = busyRadios.map(({ band }) => ({ stats_type: "client", radio_type: band }));
const allRows: readonly Row[] = [
  ...clientRows,
  ...busyRadios.flatMap(({ band }): Row[] => [
    { stats_type: "survey", survey_type: "on-chan", radio_type: band },
    { stats_type: "rssi", radio_type: band, report_type: "average" },
    { stats_type: "capacity", radio_type: band },
  ]),
  { stats_type: "device" },
];

interface Share {
  /** The median of what a reporting interval takes, in percent of it. */
  readonly percent: number;
  /** Those of a reporting interval, as published, without compression. */
  readonly reports: readonly StatsReport[];
  readonly bytesPerReport: number;
}

/** `seconds` of a node with these rows. */
async function share(
  rows: readonly Row[],
  { reporting, seconds }: { readonly reporting: number; readonly seconds: number },
): Promise<Share> {
  const directory = mkdtempSync(join(tmpdir(), "bench-statistics-"));
  const clock = new VirtualClock();
  const broker = new FakeBroker();
  const target = {
    ...createNullTarget({ id: "BENCH1", storageDirectory: join(directory, "ps") }),
    radioDrivers: [new BusyRadios(clock)],
  };
  const node = await startNode({ directory, target, clock, random: new SeededRandom(1), mqtt: broker });
  try {
    await node.client.transact((transaction) => {
      transaction.update("AWLAN_Node", [], {
        mqtt_settings: {
          broker: "127.0.0.1",
          tls: "false",
          topics: "stats",
          compress: "zlib",
          agg_stats_interval: String(reporting),
        },
      });
      for (const row of rows) {
        transaction.insert("Wifi_Stats_Config", { ...row, sampling_interval: 1, reporting_interval: reporting });
      }
    });
    // Stations are told of, code is compiled, and the first report made.
    await clock.advance(2 * reporting * 1_000);
    broker.received.length = 0;
    const runs: number[] = [];
    for (let at = 0; at < seconds; at += reporting) {
      const spent = await processorTime(() => clock.advance(reporting * 1_000));
      runs.push(spent / 1_000 / reporting);
    }
    const payloads = broker.received.map(({ payload }) => payload);
    if (rows.length > 0 && payloads.length === 0) throw new Error("nothing was published");
    return {
      percent: percentile(runs, 50) * 100,
      reports: payloads.map((payload) => decodeReport(decompress(payload))),
      bytesPerReport: payloads.reduce((sum, { length }) => sum + length, 0) / runs.length,
    };
  } finally {
    await node.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function sizes(reports: readonly StatsReport[], allBytes: number): readonly Figure[] {
  const report = reports.find(({ clients }) => clients.length === busyRadios.length);
  if (!report) return [];
  const plain = encodeReport(report);
  const json = Buffer.from(JSON.stringify(report));
  const packed = compress(plain).length;
  return [
    {
      name: `report of ${stations} clients`,
      value: plain.length / 1024,
      unit: "KiB",
      ...beside(plain.length, json.length),
    },
    { name: "the same with zlib", value: packed / 1024, unit: "KiB", ...beside(packed, compress(json).length) },
    { name: "a client of it", value: plain.length / stations, unit: "bytes" },
    { name: "a client of it with zlib", value: packed / stations, unit: "bytes" },
    { name: "reports of all types in 60 s, with zlib", value: allBytes / 1024, unit: "KiB" },
  ];
}

/** JSON of the same report is the peer: the engine's own code, in C++. */
function beside(own: number, peer: number): Pick<Figure, "reference" | "ratio"> {
  return { reference: `JSON ${(peer / 1024).toFixed(1)}`, ratio: own / peer };
}

async function throughput(report: StatsReport): Promise<readonly Figure[]> {
  const plain = encodeReport(report);
  const json = JSON.stringify(report);
  const jsonBytes = Buffer.from(json);
  const packed = compress(plain);
  // As QM gets them: one radio each.
  const parts = report.clients.map((clients) => encodeReport({ ...emptyReport(report.nodeId), clients: [clients] }));
  const asIs = { pack: (bytes: Uint8Array) => bytes, maxBytes: publication };
  const joined = () => encodeReport({ ...report, clients: parts.flatMap((part) => decodeReport(part).clients) });
  const [encode, stringify] = await interleaved(
    () => encodeReport(report),
    () => JSON.stringify(report),
  );
  const [decode, parse] = await interleaved(
    () => decodeReport(plain),
    () => JSON.parse(json),
  );
  const [merge, again] = await interleaved(() => mergeReports(parts, asIs), joined);
  const [deflate, deflateJson] = await interleaved(
    () => compress(plain),
    () => compress(jsonBytes),
  );
  const [both, bothJson] = await interleaved(
    () => compress(encodeReport(report)),
    () => compress(Buffer.from(JSON.stringify(report))),
  );
  const figures = (name: string, ms: number, peer: string, peerMs: number): readonly Figure[] => [
    {
      name: `report of ${stations} clients: ${name}`,
      value: 1_000 / ms,
      unit: "reports/s",
      reference: `${peer} ${(1_000 / peerMs).toFixed(1)}`,
      ratio: peerMs / ms,
    },
    {
      name: `report of ${stations} clients: ${name}, bytes`,
      value: (plain.length / mebibyte / ms) * 1_000,
      unit: "MiB/s",
    },
  ];
  if (Buffer.compare(decompress(packed), plain) !== 0) throw new Error("compression is not undone");
  return [
    ...figures("encode", encode, "JSON.stringify", stringify),
    ...figures("decode", decode, "JSON.parse", parse),
    ...figures("merge of three parts", merge, "decode and encode", again),
    ...figures("compress", deflate, "its JSON", deflateJson),
    ...figures("encode and compress", both, "JSON", bothJson),
  ];
}

/** Medians of what either takes, ms; they take turns. */
async function interleaved(one: () => unknown, other: () => unknown): Promise<readonly [number, number]> {
  const [rounds, calls] = [30, 10];
  const times: readonly [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, step] of [one, other].entries()) {
      const spent = await processorTime(() => {
        for (let call = 0; call < calls; call++) step();
      });
      times[index]?.push(spent / calls);
    }
  }
  return [percentile(times[0].slice(rounds / 3), 50), percentile(times[1].slice(rounds / 3), 50)];
}

if (import.meta.main) printFigures(await benchStatistics());
