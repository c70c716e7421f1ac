/**
 * Kills a server under load, again and again: `node bench/crash.ts [ROUNDS [SEED]]` (200 rounds). Four clients, each with 16
 * transactions on their way, insert and count without pause, one in seven durable; the server compacts its file all the time; after some
 * milliseconds it gets SIGKILL. Then the file must open, and hold all that was acknowledged. Exits with 1 otherwise.
 */

import { crash } from "../src/test-crash.ts";
import { temporaryDirectory } from "./servers.ts";

const [rounds = 200, seed = 1] = process.argv.slice(2).map(Number);
using directory = temporaryDirectory();
let done = 0;
const { acknowledged, lost, torn, unopened } = await crash(directory.path, rounds, seed, (result) => {
  done++;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kround ${done}: ${result.acknowledged} acknowledged`);
});
process.stdout.write(
  `${rounds} × kill -9: ${acknowledged} transactions acknowledged, ${lost} lost; ` +
    `${unopened.length} files unopened; ${torn} torn ends cut off\n`,
);
for (const reason of unopened) process.stdout.write(`${reason}\n`);
if (lost > 0 || unopened.length > 0) process.exitCode = 1;
