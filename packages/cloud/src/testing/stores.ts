/** For tests: the same behaviour on the embedded store and on PostgreSQL. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { openStore, type Store } from "../store/store.ts";
import { PostgresServer, postgresAbsent } from "./postgres.ts";

const clock = new RealClock();

export const storeParts = {
  clock,
  random: new SystemRandom(),
  log: Log.create({ name: "STORE", sink: nullSink, wallTime: () => clock.wallTime() }),
};

/** What a suite has: a store, and how to open another. */
export interface StoreBench {
  store: Store;
  /** An empty one with the key of the first, or a key of its own. */
  another(key?: "same" | "own"): Promise<Store>;
}

/** `title` twice: one store for all tests of a suite, so they have to be about things of their own. */
export function describeStores(title: string, suite: (bench: StoreBench) => void): void {
  describe(`${title} (embedded)`, () => {
    suite(withBench(async (directory) => openStore({ ...storeParts, directory, inMemory: true })));
  });
  describe(`${title} (PostgreSQL)`, { skip: postgresAbsent }, () => {
    let server: PostgresServer;
    let count = 0;
    before(async () => {
      server = await PostgresServer.start();
    });
    suite(withBench((directory) => openStore({ ...storeParts, directory, url: server.database(`d${++count}`) })));
    after(() => server.remove());
  });
}

function withBench(open: (directory: string) => Promise<Store>): StoreBench {
  let directory: string;
  const opened: Store[] = [];
  const bench = {
    async another(key: "same" | "own" = "same") {
      const store = await open(key === "same" ? directory : mkdtempSync(join(directory, "own-")));
      opened.push(store);
      return store;
    },
  } as StoreBench;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "opensync-store-"));
    bench.store = await bench.another();
  });
  after(async () => {
    for (const store of opened) await store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return bench;
}
