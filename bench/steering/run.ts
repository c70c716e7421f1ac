/**
 * `npm run bench:steering`: does steering help? The same homes without steering, under a plain steerer by thresholds, and
 * under ours; with `--only cloud` or `eager`, with the cloud's optimiser above it. Virtual time; homes are spread over the processors. `--homes N`, `--minutes M`, `--first SEED`, `--json`, `--results` (how attempts
 * of ours ended).
 */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { type Contender, contenders, type HomeResult, runHome } from "./run-home.ts";
import { summaries, summaryTable } from "./summary.ts";

interface Job {
  readonly seed: number;
  readonly contender: Contender;
  readonly minutes: number;
}

if (isMainThread) await main();
else serve();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      homes: { type: "string", default: "20" },
      minutes: { type: "string", default: "30" },
      first: { type: "string", default: "1" },
      only: { type: "string", multiple: true, default: ["none", "threshold", "ours"] },
      json: { type: "boolean", default: false },
      results: { type: "boolean", default: false },
    },
  });
  const homes = count("homes", values.homes, 1_000);
  const minutes = count("minutes", values.minutes, 55);
  const first = count("first", values.first, 1_000_000);
  const chosen = contenders.filter((contender) => values.only.includes(contender));
  const seeds = Array.from({ length: homes }, (_, index) => first + index);
  const jobs = seeds.flatMap((seed) => chosen.map((contender): Job => ({ seed, contender, minutes })));
  const results = await spread(jobs);
  results.sort((a, b) => a.seed - b.seed);
  if (values.json)
    process.stdout.write(`${JSON.stringify({ seeds, minutes, summaries: summaries(results), results })}\n`);
  else process.stdout.write(summaryTable(results, minutes));
  if (values.results) tellResults(results);
}

function count(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  process.stderr.write(`--${name} ${text}: give a whole number from 1 to ${most}\n`);
  process.exit(2);
}

/** The largest homes first: they take the longest. */
async function spread(jobs: readonly Job[]): Promise<HomeResult[]> {
  const waiting = jobs.toSorted((a, b) => ((b.seed - 1) % 6) - ((a.seed - 1) % 6));
  const results: HomeResult[] = [];
  const worker = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const thread = new Worker(import.meta.filename);
    let current: Job | undefined;
    const next = () => {
      current = waiting.shift();
      if (current) thread.postMessage(current);
      else resolve(thread.terminate().then(() => {}));
    };
    thread.on("error", reject);
    thread.on("message", (result: HomeResult) => {
      results.push(result);
      process.stderr.write(`${results.length}/${jobs.length} home ${current?.seed} ${current?.contender}\n`);
      next();
    });
    next();
    return promise;
  };
  await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, worker));
  return results;
}

function serve(): void {
  parentPort?.on("message", ({ seed, contender, minutes }: Job) => {
    // What fails ends the thread, which its owner hears of.
    void runHome(seed, contender, minutes).then((result) => parentPort?.postMessage(result));
  });
}

function tellResults(results: readonly HomeResult[]): void {
  const all: Record<string, number> = {};
  for (const { results: each } of results)
    for (const [words, times] of Object.entries(each)) all[words] = (all[words] ?? 0) + times;
  for (const [words, times] of Object.entries(all).sort(([, a], [, b]) => b - a))
    process.stdout.write(`${String(times).padStart(6)}  ${words}\n`);
}
