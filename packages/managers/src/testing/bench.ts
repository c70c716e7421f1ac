/** What a manager needs to run in a test: a database in memory, a virtual clock, a target with links to play with. */

import { isDeepStrictEqual } from "node:util";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, type OpenSyncTable, openSync, type Row } from "@opensync-ts/schema/opensync";
import type { Clients } from "@opensync-ts/target/clients";
import type { DeviceControl } from "@opensync-ts/target/control";
import type { Firewall } from "@opensync-ts/target/firewall";
import type {
  DhcpHeard,
  DhcpLease,
  InterfaceConfig,
  IpFamily,
  Ipv4Config,
  LearnedMac,
  Link,
  Network,
  Obstacle,
  PortForward,
  ProbeOptions,
  ProbeTarget,
  Route,
  RouteConfig,
} from "@opensync-ts/target/network";
import type { Platform } from "@opensync-ts/target/platform";
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
  /** Of the target; to be set before managers start. */
  platform: Platform | undefined;
  control: DeviceControl | undefined;
  clients: Clients | undefined;
  firewall: Firewall | undefined;

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
      ...(this.platform && { platform: this.platform }),
      ...(this.control && { control: this.control }),
      ...(this.firewall && { firewall: this.firewall }),
      ...(this.clients && { clients: this.clients }),
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

/** A network that does at once what it is told: static addresses, leases, virtual interfaces. */
export class FakeNetwork implements Network {
  readonly #links = new Map<string, Link>();
  readonly #listeners = new Emitter<{ change: null; tables: null; dhcp: DhcpHeard; wayOut: null }>();
  /** Interfaces for which an address was asked, in order. */
  readonly requests: string[] = [];
  /** What an asked link gets at once; null: nothing. */
  lease: { readonly address: string; readonly netmask: string; readonly gateway: string } | null = {
    address: "192.0.2.7",
    netmask: "255.255.255.0",
    gateway: "192.0.2.1",
  };
  /** What NM has stated, by interface and bridge. */
  readonly configs = new Map<string, InterfaceConfig>();
  /** Of which interfaces it took a change, in order. */
  readonly statements: string[] = [];
  /** What it cannot do; by default nothing. */
  refuses: (name: string, config: InterfaceConfig) => boolean = () => false;
  readonly bridges = new Map<string, readonly string[]>();
  forwards: readonly PortForward[] = [];
  routeConfigs: readonly RouteConfig[] = [];
  readonly metrics = new Map<string, number>();
  readonly tables: { routes: readonly Route[]; leases: readonly DhcpLease[]; learned: readonly LearnedMac[] } = {
    routes: [],
    leases: [],
    learned: [],
  };
  /** What answers a probe; by default everything. */
  answers: (link: string, what: ProbeTarget, family: IpFamily) => boolean = () => true;
  /** Of the node's own connections. */
  blocked: Obstacle | null = null;
  readonly wayOut = {
    obstacle: () => this.blocked,
    onChange: (listener: () => void) => this.#listeners.on("wayOut", listener),
  };

  /** Changes a link, or makes it. A port that asks by DHCP asks when it gets its cable. */
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
    const isPlugged = this.#links.has(name) && !before.carrier && change.carrier === true;
    this.#links.set(name, { ...before, ...change });
    this.#listeners.emit("change", null);
    if (isPlugged && ipv4Of(this.configs.get(name)).scheme === "dhcp") this.renewAddress(name);
  }

  remove(name: string): void {
    if (this.#links.delete(name)) this.#listeners.emit("change", null);
  }

  block(obstacle: Obstacle | null): void {
    this.blocked = obstacle;
    this.#listeners.emit("wayOut", null);
  }

  hear(heard: DhcpHeard): void {
    this.#listeners.emit("dhcp", heard);
  }

  setTables(tables: Partial<FakeNetwork["tables"]>): void {
    Object.assign(this.tables, tables);
    this.#listeners.emit("tables", null);
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#listeners.on("change", listener);
  }

  configure(name: string, config: InterfaceConfig | null): void {
    const before = this.configs.get(name);
    if (config && this.refuses(name, config)) throw new UserError("not on this device");
    if (isDeepStrictEqual(before, config ?? undefined)) return;
    this.statements.push(name);
    if (config) this.configs.set(name, config);
    else this.configs.delete(name);
    const type = (config ?? before)?.type ?? "eth";
    const isVirtual = ["vlan", "gre", "bridge"].includes(type);
    if (config?.enabled && isVirtual && !this.#links.has(name)) this.set(name, { type });
    else if (isVirtual && !config?.enabled) this.remove(name);
    if (!this.#links.has(name)) return;
    const ipv4 = ipv4Of(config);
    if (ipv4.scheme === "static")
      this.set(name, { address: ipv4.address, netmask: ipv4.netmask, gateway: ipv4.gateway });
    else if (ipv4.scheme === "none") this.set(name, noAddress);
    else if (ipv4Of(before).scheme !== "dhcp") {
      this.set(name, noAddress);
      this.renewAddress(name);
    }
  }

  setBridgePorts(bridge: string, ports: readonly string[] | null): void {
    if (ports) this.bridges.set(bridge, ports);
    else this.bridges.delete(bridge);
  }

  renewAddress(link: string): void {
    this.requests.push(link);
    if (this.lease && this.#links.get(link)?.carrier) this.set(link, this.lease);
  }

  setPortForwards(forwards: readonly PortForward[]): void {
    this.forwards = forwards;
  }

  setRoutes(routes: readonly RouteConfig[]): void {
    this.routeConfigs = routes;
  }

  setMetric(name: string, metric: number): void {
    this.metrics.set(name, metric);
  }

  routes(): readonly Route[] {
    return this.tables.routes;
  }

  leases(): readonly DhcpLease[] {
    return this.tables.leases;
  }

  learned(): readonly LearnedMac[] {
    return this.tables.learned;
  }

  onTables(listener: () => void): Unsubscribe {
    return this.#listeners.on("tables", listener);
  }

  onDhcpHeard(listener: (heard: DhcpHeard) => void): Unsubscribe {
    return this.#listeners.on("dhcp", listener);
  }

  async probe(link: string, what: ProbeTarget, family: IpFamily, { signal }: ProbeOptions): Promise<boolean> {
    signal.throwIfAborted();
    return this.answers(link, what, family);
  }
}

const noAddress = { address: null, netmask: null, gateway: null };

/** What holds while the interface is up. */
function ipv4Of(config: InterfaceConfig | null | undefined): Ipv4Config {
  return config?.enabled && config.network ? config.ipv4 : { scheme: "none" };
}
