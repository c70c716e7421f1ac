/** What a manager needs to run in a test: a database in memory, a virtual clock, a target with links to play with. */

import { VirtualClock } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, type OpenSyncTable, openSync, type Row } from "@opensync-ts/schema/opensync";
import type { Link, Network } from "@opensync-ts/target/network";
import type { Target } from "@opensync-ts/target/target";
import { ManagerScope } from "../dm/scope.ts";
import { scopedContext } from "../dm/scoped-context.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { ProcessOutbox } from "../outbox.ts";
import { MemoryStorage } from "./memory-storage.ts";

const schema = schemaFromDeclaration(openSync);

export class Bench {
  readonly clock = new VirtualClock();
  readonly random = new SeededRandom(1);
  readonly ring = new LogRing(1_000);
  readonly log = Log.create({ name: "TEST", sink: this.ring.sink, wallTime: () => this.clock.wallTime() });
  readonly storage = new MemoryStorage();
  readonly network = new FakeNetwork();
  readonly outbox = new ProcessOutbox();
  readonly database = new Database(schema, { random: this.random });
  readonly client = this.connect();
  /** What managers said they failed of. */
  readonly failures: Error[] = [];

  connect(): LocalClient<OpenSync> {
    return new LocalClient<OpenSync>({ engine: this.database });
  }

  get target(): Target {
    return {
      name: "fake",
      unit: {
        id: "0123456789AB",
        serialNumber: "0123456789AB",
        model: "FAKE",
        sku: null,
        hardwareRevision: "2",
        platformVersion: "fake",
        firmwareVersion: "1.0",
        vendor: null,
      },
      radioDrivers: [],
      network: this.network,
      storage: this.storage,
      prepopulation: {},
      close() {},
    };
  }

  start(definition: ManagerDefinition): Promise<RunningManager> {
    const { clock, random, log, target, outbox } = this;
    const scope = new ManagerScope((reason) => this.failures.push(reason));
    const client = this.connect();
    const context: Omit<ManagerContext, "signal" | "fail"> = { client, target, clock, random, log, outbox };
    return scope.run(() => definition.start(scopedContext(context, scope)));
  }

  rows<T extends OpenSyncTable>(table: T): readonly Row<T>[] {
    return [...this.database.rows(table).values()] as unknown as readonly Row<T>[];
  }

  row<T extends OpenSyncTable>(table: T, match: (row: Row<T>) => boolean = () => true): Row<T> {
    const row = this.rows(table).find(match);
    if (!row) throw new Error(`${table}: no such row`);
    return row;
  }

  /** Lets everything that can happen without time passing happen. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }
}

export class FakeNetwork implements Network {
  readonly #links = new Map<string, Link>();
  readonly #listeners = new Set<(link: Link) => void>();
  /** Links for which an address was asked, in order. */
  readonly requests: string[] = [];
  /** What an asked link gets at once; null: nothing. */
  lease: { readonly address: string; readonly netmask: string; readonly gateway: string } | null = {
    address: "192.0.2.7",
    netmask: "255.255.255.0",
    gateway: "192.0.2.1",
  };

  set(name: string, change: Partial<Link> = {}): void {
    const before: Link = this.#links.get(name) ?? {
      name,
      type: "eth",
      mac: mac("02:00:00:00:00:01"),
      carrier: true,
      address: null,
      netmask: null,
      gateway: null,
    };
    const link = { ...before, ...change };
    this.#links.set(name, link);
    for (const listener of this.#listeners) listener(link);
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  onChange(listener: (link: Link) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  requestAddress(link: string): void {
    this.requests.push(link);
    if (this.lease) this.set(link, this.lease);
  }
}
