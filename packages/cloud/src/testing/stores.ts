/** For tests: the same behaviour on the embedded store and on PostgreSQL. */

import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { openStore, type Store } from "../store/store.ts";
import { Databases, postgresAbsent } from "./postgres.ts";

/** The machine's clock, which takes on other wall times when told to: what stores wait for is real, what expires need not be waited for. */
class StoreClock extends RealClock {
  #ahead = 0;

  override wallTime(): number {
    return super.wallTime() + this.#ahead;
  }

  /** It is `ms` later from now on, for all stores of the file; no timer fires because of it. */
  skip(ms: number): void {
    this.#ahead += ms;
  }
}

/** Of all stores of a test file. */
export const storeClock = new StoreClock();

export const storeParts = {
  clock: storeClock,
  random: new SystemRandom(),
  log: Log.create({ name: "STORE", sink: nullSink, wallTime: () => storeClock.wallTime() }),
};

/** What a suite has: a store, and how to open another. */
export interface StoreBench {
  /** All suites of a file have the same, so tests have to be about things of their own. */
  store: Store;
  /** An empty one with the key of the first, or a key of its own. */
  another(key?: "same" | "own"): Promise<Store>;
}

/** `title` twice, with a store of either kind. */
export function describeStores(title: string, suite: (bench: StoreBench) => void): void {
  describe(`${title} (embedded)`, () => suite(benchOf(embedded)));
  describe(`${title} (PostgreSQL)`, { skip: postgresAbsent }, () => suite(benchOf(postgres)));
}

/** For what does not depend on the kind of store. */
export function describeEmbedded(title: string, suite: (bench: StoreBench) => void): void {
  describe(title, () => suite(benchOf(embedded)));
}

/** Starting an engine takes long: one of each kind for a file, when it is asked for. */
class Kind {
  readonly #open: (directory: string) => Promise<Store>;
  readonly #opened: Promise<Store>[] = [];
  #directory: string | undefined;
  #first: Promise<Store> | undefined;

  constructor(open: (directory: string) => Promise<Store>) {
    this.#open = open;
  }

  first(): Promise<Store> {
    this.#first ??= this.another("same");
    return this.#first;
  }

  another(key: "same" | "own"): Promise<Store> {
    this.#directory ??= mkdtempSync(join(tmpdir(), "opensync-store-"));
    const directory = mkdtempSync(join(this.#directory, "store-"));
    const first = join(this.#directory, "first.key");
    if (key === "same" && existsSync(first)) copyFileSync(first, join(directory, "store.key"));
    const store = this.#open(directory).then((opened) => {
      if (!existsSync(first)) copyFileSync(join(directory, "store.key"), first);
      return opened;
    });
    this.#opened.push(store);
    return store;
  }

  async close(): Promise<void> {
    for (const store of this.#opened) await (await store).close();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
  }
}

const databases = new Databases();
const embedded = new Kind((directory) => openStore({ ...storeParts, directory }));
const postgres = new Kind(async (directory) => openStore({ ...storeParts, directory, url: await databases.create() }));

after(async () => {
  await embedded.close();
  await postgres.close();
  await databases.remove();
});

function benchOf(kind: Kind): StoreBench {
  const bench = { another: (key = "same") => kind.another(key) } as StoreBench;
  before(async () => {
    bench.store = await kind.first();
  });
  return bench;
}
