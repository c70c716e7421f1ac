/** Nodes for tests: simulated or null devices in temporary directories, on a virtual clock unless told otherwise. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, VirtualClock } from "@opensync-ts/base/clock";
import { LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Client } from "@opensync-ts/ovsdb/client";
import type { OpenSync, OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import { createNullTarget } from "@opensync-ts/target/null-target";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import type { WorldSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { type NodeOptions, type RunningNode, startNode } from "../start-node.ts";

export class NodeBench implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "opensync-node-"));
  readonly clock: Clock;
  readonly random = new SeededRandom(7);
  readonly world: World;
  readonly log = new LogRing(2_000);
  readonly #nodes: RunningNode[] = [];

  constructor(clock: Clock = new VirtualClock(), options: { readonly seed?: number; readonly spec?: WorldSpec } = {}) {
    const { seed = 1, spec = {} } = options;
    this.clock = clock;
    this.world = new World({ clock, seed, spec });
  }

  /** A simulated gateway. */
  start(options: Partial<NodeOptions> = {}): Promise<RunningNode> {
    const { clock, random, world } = this;
    return this.#start({
      target: ({ directory }) =>
        createSimTarget({ world, clock, random, node: { id: "GW1", place: { x: 0, y: 0 } }, directory }),
      ...options,
    });
  }

  /** A device without radios or links. */
  startNull(options: Partial<NodeOptions> = {}): Promise<RunningNode> {
    return this.#start({
      target: ({ directory }) => createNullTarget({ id: "NULL1", storageDirectory: join(directory, "ps") }),
      ...options,
    });
  }

  async #start(options: Partial<NodeOptions> & Pick<NodeOptions, "target">): Promise<RunningNode> {
    const { directory, clock, random, log } = this;
    const node = await startNode({ directory, clock, random, logSink: log.sink, ...options });
    this.#nodes.push(node);
    return node;
  }

  logged(pattern: RegExp): boolean {
    return this.log.records().some(({ text }) => pattern.test(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node.stop();
    this.world.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The rows of a table as they are now. */
export async function rowsOf<T extends OpenSyncTable>(client: Client<OpenSync>, table: T): Promise<readonly Row<T>[]> {
  const request = { [table]: {} } as { readonly [Name in T]: object };
  const replica = await client.replicate(request);
  replica.cancel();
  return [...replica.table(table).rows.values()];
}

/** Resolves with the first row that meets `match`, now or after a change. */
export async function rowWhere<T extends OpenSyncTable>(
  client: Client<OpenSync>,
  table: T,
  match: (row: Row<T>) => boolean,
): Promise<Row<T>> {
  const request = { [table]: {} } as { readonly [Name in T]: object };
  const replica = await client.replicate(request);
  try {
    return await new Promise((resolve) => {
      const look = () => {
        const row = replica.table(table).find(match);
        if (row) resolve(row);
      };
      replica.table(table).onChange(look);
      look();
    });
  } finally {
    replica.cancel();
  }
}
