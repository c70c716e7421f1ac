/**
 * Reports of nodes per second and core of the cloud: unpacked, decoded, latest values kept, counted into rows of a minute, clients followed, and the payload
 * written to a file as it was. JSON of the same reports is the peer: the engine's own parser, in C++, which does nothing with what it has parsed. Then
 * what it takes to get the rows into the embedded store, its thread included. Processor time; the first figures are of the cloud's own thread. `node bench/cloud/ingest.ts [--json]`; part of `npm run bench`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom, SystemRandom } from "@opensync-ts/base/random";
import { Statistics } from "@opensync-ts/cloud/statistics/statistics";
import { openStore } from "@opensync-ts/cloud/store/store";
import { Telemetry } from "@opensync-ts/cloud/telemetry/telemetry";
import { clientRecord, clientsReport, FakeLocations, surveyReport } from "@opensync-ts/cloud/telemetry/testing/served";
import type { Band } from "@opensync-ts/telemetry/names";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { type Figure, percentile, printFigures, processorTime, threadTime } from "../figures.ts";

const bands = ["2.4G", "5G", "6G"] as const satisfies readonly Band[];
const minute = 60_000;

export async function benchIngest(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const clients of [12, 60]) figures.push(...(await ingest(clients)));
  return figures;
}

/** Of so many nodes with `clients` clients each, a report a minute. */
async function ingest(clients: number, nodes = 200, rounds = 12): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-ingest-"));
  const log = Log.create({ name: "BENCH", sink: nullSink, wallTime: () => 0 });
  const clock = new VirtualClock();
  const store = await openStore({ directory, clock: new RealClock(), random: new SystemRandom(), log });
  const locations = new FakeLocations();
  const names = Array.from({ length: nodes }, (_, node) => `node-${node}`);
  for (const name of names) locations.add(`location of ${name}`, name);
  const statistics = new Statistics({ clock, log });
  const alone = new Statistics({ clock, log });
  const telemetry = await Telemetry.start({ store, locations, statistics, directory, clock, log });
  const random = new SeededRandom(1);
  try {
    const times: Record<"whole" | "decode" | "json" | "inflate", number[]> = {
      whole: [],
      decode: [],
      json: [],
      inflate: [],
    };
    let rows = 0;
    let storeMs = 0;
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      await clock.advance(minute);
      const reports = names.map((name, node) => reportOf(name, node, clients, clock.wallTime(), random));
      const payloads = reports.map((report) => compress(encodeReport(report)));
      const texts = reports.map((report) => JSON.stringify(report));
      const packed = texts.map((text) => compress(Buffer.from(text)));
      bytes = payloads.reduce((sum, { length }) => sum + length, 0) / nodes;
      const take = (into: Statistics) => {
        for (const [node, name] of names.entries()) {
          const payload = payloads[node];
          if (payload) into.take(name, name, "stats", "topic", payload);
        }
      };
      const perReport = async (step: () => unknown) => (await threadTime(step)) / nodes;
      times.json.push(await perReport(() => texts.map((text) => JSON.parse(text))));
      times.inflate.push(await perReport(() => packed.map((each) => JSON.parse(inflateSync(each).toString("utf8")))));
      times.decode.push(await perReport(() => take(alone)));
      times.whole.push(
        await perReport(async () => {
          take(statistics);
          // To the file.
          await telemetry.queries.raw({ node: "nobody", from: 0, to: 1 });
        }),
      );
      const before = telemetry.counters.store.written;
      const spent = await processorTime(() => telemetry.flush());
      // The first time tables and code are warmed up.
      if (round === 0) continue;
      storeMs += spent;
      rows += telemetry.counters.store.written - before;
    }
    const { ingest: counted, raw, store: written } = telemetry.counters;
    if (counted.payloads !== nodes * rounds || raw.written !== nodes * rounds || written.dropped > 0) {
      throw new Error(`not every report was taken: ${JSON.stringify(telemetry.counters)}`);
    }
    const median = (list: readonly number[]) => percentile(list.slice(rounds / 3), 50);
    const [whole, decode, json, inflate] = [times.whole, times.decode, times.json, times.inflate].map(median) as [
      ...[number, number, number, number],
    ];
    const name = `report of ${clients} clients (${(bytes / 1024).toFixed(1)} KiB)`;
    const line = (what: string, ms: number, peer: string, peerMs: number): Figure => ({
      name: `${name}: ${what}`,
      value: 1_000 / ms,
      unit: "reports/s",
      reference: `${peer} ${(1_000 / peerMs).toFixed(0)}`,
      ratio: peerMs / ms,
    });
    return [
      line("unpacked, decoded, latest values", decode, "inflate and JSON.parse", inflate),
      line("the same, rolled up, and kept raw", whole, "JSON.parse", json),
      { name: `${name}: rows into the embedded store`, value: (rows / storeMs) * 1_000, unit: "rows/s" },
      {
        name: `${name}: all of it, store included`,
        value: 1_000 / (whole + storeMs / (rounds - 1) / nodes),
        unit: "reports/s",
      },
    ];
  } finally {
    await telemetry.stop();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function reportOf(name: string, node: number, clients: number, at: number, random: SeededRandom): StatsReport {
  const octet = (value: number) => (value & 255).toString(16).padStart(2, "0");
  const record = (client: number) => {
    const address = `02:${octet(node >> 8)}:${octet(node)}:00:${octet(client >> 8)}:${octet(client)}`;
    const counted = { rxFrames: random.integer(1e4), txFrames: random.integer(1e4), txRetries: random.integer(1e3) };
    return clientRecord(address, {
      ...{ rxBytes: random.integer(1e7), txBytes: random.integer(1e8), rxRateMbps: 300, txRateMbps: 400 },
      ...{ snrDb: 15 + random.integer(40), ...counted },
    });
  };
  const all = Array.from({ length: clients }, (_, client) => record(client));
  const samples = (channel: number) => ({
    channel,
    busyPercent: random.integer(100),
    busyRxPercent: random.integer(50),
  });
  return {
    ...emptyReport(name),
    clients: bands.map((band, index) =>
      clientsReport(
        at,
        all.filter((_, client) => client % 3 === index),
        { band },
      ),
    ),
    surveys: [
      ...bands.map((band) => ({ ...surveyReport(at, samples(36)), band })),
      ...[1, 6, 40, 44, 149, 153].map((channel) => surveyReport(at, samples(channel), "off-chan")),
    ],
    devices: [
      {
        ...{ timestampMs: at, load: { one: 0.5, five: 0.4, fifteen: 0.3 }, uptimeSeconds: Math.floor(at / 1000) % 1e6 },
        ...{ memory: { total: 512_000, used: 200_000, swapTotal: 0, swapUsed: 0 }, cpuPercent: 12, fileSystems: [] },
        ...{ processesByCpu: [], processesByMemory: [], thermal: [] },
        temperatures: bands.map((band) => ({ band, celsius: 55 + random.integer(10) })),
      },
    ],
  };
}

if (import.meta.main) {
  const figures = await benchIngest();
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ figures }, null, 2)}\n`);
  else printFigures(figures);
}
