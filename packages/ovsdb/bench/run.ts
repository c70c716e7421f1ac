/**
 * `npm run bench -w packages/ovsdb`: our server beside `ovsdb-server`, on the OpenSync schema, in one run. The two take turns
 * within each round, so that what else the machine does meets both; figures are medians of the rounds, ratios medians of the rounds'
 * ratios. Nothing here passes or fails.
 *
 *   --rounds N   rounds (5)          --window MS  time per figure and round (700)
 *   --only TEXT  cases whose name holds it       --json  for machines
 */

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { cases, median, memory } from "./cases.ts";
import { printReport, type Row } from "./report.ts";
import { isInstalled, ours, peer, type ServerKind, ServerProcess, temporaryDirectory, writeSchema } from "./servers.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    window: { type: "string", default: "700" },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});

/** Of one case or quantity: the samples of each server, in order of round. */
type Samples = { readonly [Name in ServerKind["name"]]: number[] };

const samples = new Map<string, Samples>();
const kinds = isInstalled("ovsdb-server") ? [ours, peer] : [ours];
if (kinds.length === 1) process.stderr.write("ovsdb-server is not installed: no ratios\n");
const rounds = Number(options.rounds);
const chosen = cases.filter(({ name }) => name.includes(options.only));

using directory = temporaryDirectory();
const schema = writeSchema(directory.path);
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? kinds : kinds.toReversed();
  const servers: ServerProcess[] = [];
  await using stack = new AsyncDisposableStack();
  for (const kind of order) servers.push(stack.use(await ServerProcess.start(kind, directory.path, schema)));
  for (const { name, measure } of chosen) {
    for (const server of servers) {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\x1b[Kround ${round + 1} of ${rounds}: ${server.kind.name}: ${name}`);
      note(name, server, await measure({ server, windowMs: Number(options.window) }));
    }
  }
  await stack.disposeAsync();
  if (options.only !== "") continue;
  for (const kind of order) {
    await using server = await ServerProcess.start(kind, directory.path, schema);
    note("start-up", server, server.startMs);
    const { empty, filled, busy } = await memory(server);
    note("memory, empty", server, empty);
    note("memory, 10,000 rows", server, filled);
    note("memory, 10,000 rows, after 20,000 updates", server, busy);
  }
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const quantities: readonly Omit<Row, "ours" | "peer" | "ratio">[] = [
  ...chosen,
  { name: "start-up", unit: "ms", goalAtMost: 200 },
  { name: "memory, empty", unit: "MB", goalAtMost: 70 },
  { name: "memory, 10,000 rows", unit: "MB", goalAtMost: 120 },
  { name: "memory, 10,000 rows, after 20,000 updates", unit: "MB", goalAtMost: 120 },
];
const rows = quantities.flatMap((quantity): Row[] => {
  const found = samples.get(quantity.name);
  if (!found) return [];
  const mine = found.ovsdb;
  const theirs = found["ovsdb-server"];
  if (theirs.length === 0) return [{ ...quantity, ours: median(mine) }];
  const ratios = mine.map((value, round) => {
    const other = theirs[round] ?? Number.NaN;
    return quantity.unit === "/s" ? value / other : other / value;
  });
  return [{ ...quantity, ours: median(mine), peer: median(theirs), ratio: median(ratios) }];
});

if (options.json) {
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  const plain = rows.map(({ name, unit, ours, peer, ratio, goalRatio, goalAtMost }) => {
    return { name, unit, ours, peer, ratio, goalRatio, goalAtMost };
  });
  process.stdout.write(`${JSON.stringify({ ...machine, rounds, rows: plain }, null, 2)}\n`);
} else {
  printReport(rows);
}

function note(name: string, server: ServerProcess, value: number): void {
  const entry = samples.get(name) ?? { ovsdb: [], "ovsdb-server": [] };
  entry[server.kind.name].push(value);
  samples.set(name, entry);
}
