/** The context of a manager as DM hands it out: the node's services, each entering the manager through its scope. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type {
  Change,
  Client,
  Replica,
  ReplicaTable,
  TableChange,
  TableRequest,
  TransactionBuilder,
  TransactionResult,
  TransactOptions,
} from "@opensync-ts/ovsdb/client";
import { ConnectionError } from "@opensync-ts/ovsdb/client";
import type { RowOf, TableName } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { ClientRecords } from "@opensync-ts/target/clients";
import type { RadioDriver, RadioDriverEvents } from "@opensync-ts/target/driver";
import type { LatencySource } from "@opensync-ts/target/latency";
import type { Network } from "@opensync-ts/target/network";
import type { Target } from "@opensync-ts/target/target";
import type { ManagerContext } from "../manager.ts";
import type { Outbox, OutboxError, OutboxMessage } from "../outbox.ts";
import { type ManagerScope, ScopedClock } from "./scope.ts";

/** `context` without what the scope itself gives. The client is the manager's own: it is closed at the end. */
export function scopedContext(context: Omit<ManagerContext, "signal" | "fail">, scope: ManagerScope): ManagerContext {
  const client = new ScopedClient(context.client, scope);
  scope.onEnd(() => client.close());
  return {
    client,
    target: scopedTarget(context.target, scope),
    clock: new ScopedClock(context.clock, scope),
    random: context.random,
    log: context.log,
    outbox: scopedOutbox(context.outbox, scope),
    ...(context.options && { options: context.options }),
    signal: scope.signal,
    fail: (reason) => scope.fail(reason),
  };
}

class ScopedClient implements Client<OpenSync> {
  readonly #client: Client<OpenSync>;
  readonly #scope: ManagerScope;

  constructor(client: Client<OpenSync>, scope: ManagerScope) {
    this.#client = client;
    this.#scope = scope;
  }

  get closed(): AbortSignal {
    return this.#client.closed;
  }

  async transact(
    build: (transaction: TransactionBuilder<OpenSync>) => void,
    options?: TransactOptions,
  ): Promise<TransactionResult> {
    this.#refuseAfterEnd();
    return this.#client.transact(build, options);
  }

  async replicate<T extends TableName<OpenSync>>(
    tables: {
      readonly [Name in T]: TableRequest;
    },
  ): Promise<Replica<OpenSync, T>> {
    this.#refuseAfterEnd();
    const replica = await this.#client.replicate(tables);
    if (this.#scope.ended) replica.cancel();
    return new ScopedReplica(replica, this.#scope);
  }

  close(): void {
    this.#client.close();
  }

  #refuseAfterEnd(): void {
    if (this.#scope.ended) throw new ConnectionError("the manager has ended");
  }
}

class ScopedReplica<T extends TableName<OpenSync>> implements Replica<OpenSync, T> {
  readonly #replica: Replica<OpenSync, T>;
  readonly #scope: ManagerScope;

  constructor(replica: Replica<OpenSync, T>, scope: ManagerScope) {
    this.#replica = replica;
    this.#scope = scope;
  }

  table<Name extends T>(name: Name): ReplicaTable<RowOf<OpenSync, Name>> {
    const table = this.#replica.table(name);
    const scope = this.#scope;
    return {
      rows: table.rows,
      get size() {
        return table.size;
      },
      find: (match) => table.find(match),
      onChange: (listener: (change: Change<RowOf<OpenSync, Name>>) => void) => table.onChange(scope.wrap(listener)),
      onRow: (uuid, listener) => table.onRow(uuid, scope.wrap(listener)),
      onColumn: (column, listener) => table.onColumn(column, scope.wrap(listener)),
    };
  }

  lacks(table: T, column?: string): boolean {
    return this.#replica.lacks(table, column);
  }

  onTransaction(listener: (changes: readonly TableChange<OpenSync, T>[]) => void): Unsubscribe {
    return this.#replica.onTransaction(this.#scope.wrap(listener));
  }

  cancel(): void {
    this.#replica.cancel();
  }
}

function scopedTarget(target: Target, scope: ManagerScope): Target {
  return {
    name: target.name,
    unit: target.unit,
    radioDrivers: target.radioDrivers.map((driver) => scopedDriver(driver, scope)),
    network: scopedNetwork(target.network, scope),
    storage: target.storage,
    prepopulation: target.prepopulation,
    ...(target.system && { system: target.system }),
    ...(target.latency && { latency: scopedLatency(target.latency, scope) }),
    ...(target.firewall && { firewall: target.firewall }),
    ...(target.clients && {
      clients: {
        frozen: scopedRecords(target.clients.frozen, scope),
        nicknames: scopedRecords(target.clients.nicknames, scope),
      },
    }),
    ...(target.platform && { platform: target.platform }),
    ...(target.control && { control: target.control }),
    // The target is the node's: it outlives its managers.
    close() {},
  };
}

function scopedOutbox(outbox: Outbox, scope: ManagerScope): Outbox {
  return {
    send: (message) => outbox.send(message),
    serve(service) {
      // Who hands something in shall not fall with who takes it.
      let error: OutboxError = "GENERAL";
      const take = scope.wrap((message: OutboxMessage) => {
        error = service.send(message);
      });
      const send = (message: OutboxMessage) => {
        error = "GENERAL";
        take(message);
        return error;
      };
      return scope.onEnd(outbox.serve({ send }));
    },
  };
}

function scopedLatency(latency: LatencySource, scope: ManagerScope): LatencySource {
  return {
    start(request) {
      const meter = latency.start(request);
      const stop = scope.onEnd(() => meter.stop());
      return { poll: () => meter.poll(), stop };
    },
  };
}

function scopedRecords<Value>(records: ClientRecords<Value>, scope: ManagerScope): ClientRecords<Value> {
  return {
    entries: () => records.entries(),
    set: (mac, value) => records.set(mac, value),
    onChange: (listener) => scope.onEnd(records.onChange(scope.wrap(listener))),
  };
}

function scopedNetwork(network: Network, scope: ManagerScope): Network {
  const { wayOut } = network;
  return {
    links: () => network.links(),
    onChange: (listener) => scope.onEnd(network.onChange(scope.wrap(listener))),
    configure: (name, config) => network.configure(name, config),
    setBridgePorts: (bridge, ports) => network.setBridgePorts(bridge, ports),
    renewAddress: (name) => network.renewAddress(name),
    setPortForwards: (forwards) => network.setPortForwards(forwards),
    setRoutes: (routes) => network.setRoutes(routes),
    setMetric: (name, metric) => network.setMetric(name, metric),
    routes: () => network.routes(),
    leases: () => network.leases(),
    learned: () => network.learned(),
    onTables: (listener) => scope.onEnd(network.onTables(scope.wrap(listener))),
    onDhcpHeard: (listener) => scope.onEnd(network.onDhcpHeard(scope.wrap(listener))),
    probe: (link, what, family, options) => network.probe(link, what, family, options),
    ...(wayOut && {
      wayOut: {
        obstacle: (destination) => wayOut.obstacle(destination),
        onChange: (listener) => scope.onEnd(wayOut.onChange(scope.wrap(listener))),
      },
    }),
  };
}

function scopedDriver(driver: RadioDriver, scope: ManagerScope): RadioDriver {
  let stop: (() => void) | undefined;
  return {
    name: driver.name,
    start(events: RadioDriverEvents) {
      stop = scope.onEnd(() => driver.stop());
      driver.start({
        phyChanged: scope.wrap((phy) => events.phyChanged(phy)),
        phyState: scope.wrap((phy, state) => events.phyState(phy, state)),
        vifChanged: scope.wrap((phy, vif) => events.vifChanged(phy, vif)),
        vifState: scope.wrap((phy, vif, state) => events.vifState(phy, vif, state)),
        stationChanged: scope.wrap((phy, vif, station) => events.stationChanged(phy, vif, station)),
        stationState: scope.wrap((phy, vif, station, state) => events.stationState(phy, vif, station, state)),
        channelSwitchStarted: scope.wrap((phy, vif, channel) => events.channelSwitchStarted(phy, vif, channel)),
        channelSwitchHeard: scope.wrap((phy, vif, channel) => events.channelSwitchHeard(phy, vif, channel)),
        wps: scope.wrap((phy, vif, outcome) => events.wps(phy, vif, outcome)),
        probeRequest: scope.wrap((phy, vif, probe) => events.probeRequest(phy, vif, probe)),
        frameReceived: scope.wrap((phy, vif, frame) => events.frameReceived(phy, vif, frame)),
        frameTransmitted: scope.wrap((token, result) => events.frameTransmitted(token, result)),
        scanResults: scope.wrap((results) => events.scanResults(results)),
        scanCompleted: scope.wrap((phy, vif, outcome) => events.scanCompleted(phy, vif, outcome)),
        authFailed: scope.wrap((phy, vif, failure) => events.authFailed(phy, vif, failure)),
        statistics: scope.wrap((report) => events.statistics(report)),
        overrun: scope.wrap(() => events.overrun()),
      });
    },
    stop: () => stop?.(),
    requestPhyState: (phy) => driver.requestPhyState(phy),
    requestVifState: (phy, vif) => driver.requestVifState(phy, vif),
    requestStationState: (phy, vif, station) => driver.requestStationState(phy, vif, station),
    requestConfig: (request) => driver.requestConfig(request),
    requestDeauth: (phy, vif, station, reason) => driver.requestDeauth(phy, vif, station, reason),
    // What a driver does not offer must not seem to be there.
    ...(driver.phyNames && { phyNames: () => driver.phyNames?.() ?? [] }),
    ...(driver.vifNamesOf && { vifNamesOf: (phy) => driver.vifNamesOf?.(phy) ?? [] }),
    ...(driver.requestStationDelete && {
      requestStationDelete: (phy, vif, station) => driver.requestStationDelete?.(phy, vif, station),
    }),
    ...(driver.requestStatistics && { requestStatistics: (request) => driver.requestStatistics?.(request) }),
    ...(driver.requestScan && { requestScan: (phy, vif, scan) => driver.requestScan?.(phy, vif, scan) }),
    ...(driver.transmitFrame && { transmitFrame: (frame) => driver.transmitFrame?.(frame) }),
  };
}
