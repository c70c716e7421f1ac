/**
 * The fuzzer for as long as asked: `node bench/fuzz.ts [SECONDS [SEED]]`. Half the time in process, half over a unix socket. Prints the seed
 * with which each half began, what happened, and how much memory was taken; a failing round prints its own seed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock } from "@opensync-ts/base/clock";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import { parseRemote } from "@opensync-ts/ovsdb/remote";
import { dial } from "@opensync-ts/ovsdb/socket-transport";
import { fuzz } from "@opensync-ts/ovsdb/test-fuzz";
import { testServer } from "@opensync-ts/ovsdb/test-server";
import type { Transport } from "@opensync-ts/ovsdb/transport";

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const clock = new RealClock();
const directory = mkdtempSync(join(tmpdir(), "ovsdb-fuzz-"));
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
let most = megabytes();
const sampling = setInterval(() => {
  most = Math.max(most, megabytes());
}, 500);

async function run(
  name: string,
  from: number,
  open: () => Promise<{ connect(): Promise<Transport>; target: ReturnType<typeof testServer> }>,
) {
  const { connect, target } = await open();
  const before = megabytes();
  console.log(`${name}: seed ${from}`);
  const report = await fuzz({ schema: target.database.schema, clock, connect }, from, (seconds * 1000) / 2);
  console.log(
    `${name}: ${JSON.stringify(report)}, RSS ${before} MB before, ${megabytes()} MB after, ${most} MB at most`,
  );
  await target.server.close();
}

try {
  await run("in process", seed, async () => {
    const target = testServer({ clock });
    const connect = async () => {
      const [near, far] = memoryTransportPair("fuzz", "server");
      target.server.accept(near);
      return far;
    };
    return { target, connect };
  });
  await run("over a socket", seed + 500_000_000, async () => {
    const target = testServer({ clock });
    await target.server.listen(`punix:${directory}/db.sock`);
    const remote = parseRemote(`unix:${directory}/db.sock`);
    if (remote.kind !== "unix") throw new TypeError("no unix socket");
    return { target, connect: () => dial(remote, { clock, timeoutMs: 5000 }) };
  });
} finally {
  clearInterval(sampling);
  rmSync(directory, { recursive: true });
}
