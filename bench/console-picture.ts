/** How long a picture of a home of 8 nodes and 150 clients takes, at times in the past: the time bar asks for many of them while it is dragged. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { livePicture } from "@opensync-ts/cloud/api/picture/live-picture";
import { Statistics } from "@opensync-ts/cloud/statistics/statistics";
import { checkDocument } from "@opensync-ts/cloud/store/documents";
import { openStore } from "@opensync-ts/cloud/store/store";
import { Telemetry } from "@opensync-ts/cloud/telemetry/telemetry";
import { clientRecord, clientsReport, FakeLocations, surveyReport } from "@opensync-ts/cloud/telemetry/testing/served";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import { type Figure, percentile, printFigures, processorTime } from "./figures.ts";

const nodes = Array.from({ length: 8 }, (_, index) => (index === 0 ? "gateway" : `extender-${index}`));
const clients = 150;
const minutes = 120;
const asked = 100;

export async function benchConsolePicture(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "opensync-picture-"));
  const clock = new VirtualClock();
  const log = Log.create({ name: "BENCH", sink: nullSink, wallTime: () => clock.wallTime() });
  const store = await openStore({ directory, clock: new RealClock(), random: new SystemRandom(), log });
  const locations = new FakeLocations();
  locations.add("home", ...nodes);
  const statistics = new Statistics({ clock, log });
  const telemetry = await Telemetry.start({ store, locations, statistics, directory, clock, log });
  try {
    for (let minute = 0; minute < minutes; minute++) {
      await clock.advance(60_000);
      for (const [index, node] of nodes.entries()) {
        const now = clock.wallTime();
        const present = Array.from({ length: clients }, (_, client) => client).filter(
          (client) => (client + Math.floor(minute / 10)) % nodes.length === index,
        );
        const records = present.map((client) => {
          const mac = `02:00:00:00:00:${client.toString(16).padStart(2, "0")}`;
          return clientRecord(mac, { snrDb: 30, rxRateMbps: 400, txRateMbps: 400, rxBytes: 1e6, txBytes: 1e7 });
        });
        const surveys = [surveyReport(now, { busyPercent: 30 })];
        const report = { ...emptyReport(node), clients: [clientsReport(now, records)], surveys };
        statistics.take(node, node, "stats", `/ap/${node}/opensync`, compress(encodeReport(report)));
      }
    }
    await telemetry.flush();
    const stated = nodes.map((id, index) => ({ id, role: index === 0 ? "gateway" : "extender" }));
    const home = checkDocument({ name: "Home", nodes: stated, networks: [] });
    const sources = {
      queries: telemetry.queries,
      locations: { get: () => undefined },
      wallTime: () => clock.wallTime(),
    };
    const pictures: number[] = [];
    const took: number[] = [];
    for (let each = 0; each < asked; each++) {
      const at = clock.wallTime() - ((each * 37) % (minutes - 5)) * 60_000 - 30_000;
      // The first ones are slower: the program is not warm yet.
      if (each < 10) pictures.push((await livePicture(sources, "home", home, at)).clients.length);
      else
        took.push(
          await processorTime(async () => {
            pictures.push((await livePicture(sources, "home", home, at)).clients.length);
          }),
        );
    }
    if (Math.min(...pictures) < clients) throw new Error(`a picture has ${Math.min(...pictures)} clients`);
    const name = `picture of ${nodes.length} nodes and ${clients} clients in the past: processor time`;
    return [
      { name: `${name}, half of them`, value: percentile(took, 50), unit: "ms", goal: "≤ 50" },
      { name: `${name}, 95 %`, value: percentile(took, 95), unit: "ms", goal: "≤ 50" },
    ];
  } finally {
    await telemetry.stop();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const figures = await benchConsolePicture();
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ figures }, null, 2)}\n`);
  else printFigures(figures);
}
