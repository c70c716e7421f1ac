/**
 * How soon the console shows something, and how large it is: `npm run bench:console`. A browser that has nothing of it yet opens the
 * sign-in page of an `opensync up` on this machine, several times; goals: first paint within 1 s, 500 kB of scripts and styles in gzip.
 */

import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import type { Page } from "playwright-core";
import { ConsoleBench, consoleAbsent } from "../test/support/console.ts";
import { root } from "../test/support/processes.ts";

const rounds = 10;
const goals = { firstPaintMs: 1000, gzipBytes: 500_000 };

if (consoleAbsent !== false) {
  process.stderr.write(`bench: ${consoleAbsent}\n`);
  process.exit(1);
}

const assets = join(root, "packages/console/dist/assets");
const sizes = globSync("*.{js,css}", { cwd: assets })
  .map((name) => {
    const packed = [`${name}.gz`, name].find((file) => statSync(join(assets, file), { throwIfNoEntry: false }));
    return { name, bytes: statSync(join(assets, packed ?? name)).size };
  })
  .sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);

await using bench = await ConsoleBench.start();
await bench.settled();
const location = `/l/${encodeURIComponent(await bench.location())}`;
for (const { name, bytes } of sizes) process.stdout.write(`${kilobytes(bytes).padStart(8)}  ${name}\n`);
process.stdout.write(`${kilobytes(total).padStart(8)}  together in gzip (goal: ${kilobytes(goals.gzipBytes)})\n`);
for (const [what, path, signedIn] of [
  ["sign-in page", "/sign-in", false],
  ["page of a location", location, true],
] as const) {
  const paints: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await using page = await bench.open(path, { signedIn });
    paints.push(await firstPaint(page.page));
  }
  paints.sort((a, b) => a - b);
  const [median = Number.NaN, worst = Number.NaN] = [paints[Math.floor(rounds / 2)], paints.at(-1)];
  process.stdout.write(
    `${what}: first paint ${median.toFixed(0)} ms in the median, ${worst.toFixed(0)} ms at worst of ${rounds} (goal: ${goals.firstPaintMs} ms)\n`,
  );
}

/** When something stood there first, ms after the page was asked for. The page may not be there yet. */
async function firstPaint(page: Page): Promise<number> {
  const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
  for (let tries = 0; tries < 100; tries++) {
    const ms = await page.evaluate<number | null>(paint);
    if (ms !== null) return ms;
    await page.waitForTimeout(100);
  }
  throw new UserError("nothing was painted within 10 s");
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
