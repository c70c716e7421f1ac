/**
 * How long a compaction keeps everything else waiting: `node bench/pauses.ts [ROWS…]` (10,000 and 100,000). Ten rows are changed
 * meanwhile in every turn of the event loop. Noted is the longest turn, by the clock and by the processor time that the process's
 * own thread took, garbage collection included: on a machine that has other work, too, the two differ.
 */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { RealClock } from "@opensync-ts/base/clock";
import { SystemRandom } from "@opensync-ts/base/random";
import { parseJson } from "../src/json.ts";
import type { Operation } from "../src/operations.ts";
import { DatabaseFile } from "../src/storage.ts";
import { temporaryDirectory, writeSchema } from "./servers.ts";

const table = "Wifi_Associated_Clients";
const rounds = 5;

/** All in ms. */
interface Observation {
  readonly longest: number;
  readonly longestCpu: number;
  readonly total: number;
}

function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Runs `work` while turns are counted, each with `eachTurn`. */
async function observe(work: () => Promise<void>, eachTurn: () => void): Promise<Observation> {
  const begin = performance.now();
  let done = false;
  let longest = 0;
  let longestCpu = 0;
  const finished = work().finally(() => {
    done = true;
  });
  for (let last = begin, lastCpu = threadCpu(); !done; ) {
    eachTurn();
    await nextTurn();
    const [now, cpu] = [performance.now(), threadCpu()];
    longest = Math.max(longest, now - last);
    longestCpu = Math.max(longestCpu, cpu - lastCpu);
    [last, lastCpu] = [now, cpu];
  }
  await finished;
  return { longest, longestCpu, total: performance.now() - begin };
}

using directory = temporaryDirectory();
const schema = parseJson(readFileSync(writeSchema(directory.path), "utf8"));
const args = process.argv.slice(2).map(Number);
for (const rows of args.length > 0 ? args : [10_000, 100_000]) {
  const path = join(directory.path, `${rows}.db`);
  DatabaseFile.create(path, schema);
  const file = await DatabaseFile.open(path, { clock: new RealClock(), random: new SystemRandom() });
  const insert = (i: number): Operation => ({
    op: "insert",
    table,
    row: { mac: mac(i), key_id: `key-${i % 7}`, state: "active", capabilities: ["11ac", "11n"], uapsd: i % 100 },
  });
  for (let i = 0; i < rows; i += 1000) {
    file.database.execute(Array.from({ length: 1000 }, (_, j) => insert(i + j)));
    file.flush();
  }
  const uuids = [...file.database.rows(table).keys()];
  let turn = 0;
  const change = () => {
    for (let i = 0; i < 10; i++) {
      const uuid = uuids[(turn * 7919) % uuids.length] as string;
      const where = [{ column: "_uuid", function: "==", value: uuid } as const];
      file.database.execute([{ op: "update", table, where, row: { uapsd: turn++ } }], { grouped: true });
    }
    file.flush();
  };
  const idle = await observe(() => new Promise((resolve) => setTimeout(resolve, 1000)), change);
  report(rows, "without compaction", idle);
  for (let round = 0; round < rounds; round++) {
    const observed = await observe(() => file.compact(), change);
    report(rows, `compaction (${(statSync(path).size / 1e6).toFixed(1)} MB)`, observed);
  }
  await file.close();
}

function report(rows: number, what: string, { longest, longestCpu, total }: Observation): void {
  const turn = `longest turn ${longest.toFixed(1)} ms (${longestCpu.toFixed(1)} ms of processor time)`;
  process.stdout.write(`${rows} rows, ${what}: ${turn}, ${total.toFixed(0)} ms in all\n`);
}

function mac(i: number): string {
  return `02:00:00:${[i >> 16, i >> 8, i].map((byte) => (byte & 255).toString(16).padStart(2, "0")).join(":")}`;
}
