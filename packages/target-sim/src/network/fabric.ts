/**
 * The network of one home: its devices, its hosts, the cables, radio links and tunnels between them, and the Internet outside. It is not
 * simulated packet by packet: what counts is who reaches whom, and what breaks when something is cut. Nothing polls: what
 * follows from a change is worked out when the change happens, timers stand only for what is due.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { PortForward } from "@opensync-ts/target/network";
import type { World } from "@opensync-ts/world/world";
import { interfaceMac } from "../identity.ts";
import { type Connection, WatchedConnection } from "./connection.ts";
import { DhcpExchange } from "./dhcp-exchange.ts";
import { flood } from "./flood.ts";
import type { Frame } from "./frame-filter.ts";
import type { Host, HostChange, HostView } from "./host.ts";
import { Hosts, type PluggedHost } from "./hosts.ts";
import { parseIpv4 } from "./ipv4.ts";
import { Isp } from "./isp.ts";
import { maxConnections, maxMachines, maxRounds } from "./limits.ts";
import type { Destination, Machine, Netdev } from "./netdev.ts";
import { answeringAt, type Router } from "./port-forward.ts";
import { RadioLinks } from "./radio-links.ts";
import { type Neighbors, type Trace, type TraceOptions, trace } from "./trace.ts";
import { portKey, Wires } from "./wires.ts";

export interface FabricOptions {
  readonly clock: Clock;
  /** Who is faster, and when who asks again; the same seed gives the same run. Default 1. */
  readonly seed?: string | number;
  /** Its clients are hosts. */
  readonly world?: World;
  /** Milliseconds from a DHCP request to its answer; default 20. */
  readonly dhcpDelay?: number;
}

/** A device in the fabric, as the fabric needs it. */
export interface FabricDevice extends Router {
  /** Brings itself in line with what is around it. Calls `Fabric.changed` where others may care. */
  refresh(): void;
  /** Tells its listeners what is new. */
  announce(): void;
  /** Tells its listeners of new routes, leases and learned addresses. */
  announceTables(): void;
  /** Its tunnel on this interface between these two addresses. */
  tunnelAt(netdev: Netdev, local: number, remote: number): Netdev | null;
  /** Whom it passes nothing on for to the Internet. */
  readonly frozen: ReadonlySet<Mac>;
  /** Its bridges do not pass everything on. */
  readonly filters: boolean;
  /** The numbers of its VLANs. */
  vlans(): Iterable<number>;
}

/** Something to plug cables into: a switch without a mind of its own, or the router of a provider. */
export interface EthernetSegment {
  readonly fabric: Fabric;
  /** The name of its wire. */
  readonly name: string;
  readonly isp: Isp | null;
}

export type CloudState = "ok" | "down";

export class Fabric implements Neighbors {
  readonly clock: Clock;
  readonly wires = new Wires();
  readonly radios: RadioLinks;
  readonly #random: SeededRandom;
  readonly #exchange: DhcpExchange;
  readonly #hosts: Hosts;
  readonly #devices = new Map<string, FabricDevice>();
  readonly #isps = new Map<string, Isp>();
  readonly #connections = new Set<WatchedConnection>();
  readonly #domains = new Map<Netdev, ReadonlySet<Netdev>>();
  readonly #underlays = new Map<Netdev, ReadonlySet<Netdev>>();
  /** Where frames of a kind go that `#domains` does not say, by sender and kind. */
  readonly #deliveries = new Map<Netdev, Map<string, ReadonlySet<Netdev>>>();
  readonly #events = new Emitter<{ hosts: null }>();
  readonly #world: World | null;
  /** Clients of the world that have no Internet because a device freezes them. */
  #heldBack: ReadonlySet<Mac> = new Set();
  /** Devices whose own stations somebody keeps off the air, by name; it outlasts their reboots. */
  readonly offAir = new Set<string>();
  #cloud: CloudState = "ok";
  #settling = false;
  #again = false;
  #tables: Timer | null = null;
  #closed = false;

  constructor(options: FabricOptions) {
    const { clock, seed = 1, world = null, dhcpDelay = 20 } = options;
    this.clock = clock;
    this.#world = world;
    this.#random = new SeededRandom(`fabric/${seed}`);
    this.radios = new RadioLinks(world);
    this.#exchange = new DhcpExchange({
      clock,
      random: this.#random.fork("servers"),
      domain: (from) => this.domain(from),
      delay: dhcpDelay,
    });
    this.#hosts = new Hosts({
      world,
      clock,
      radios: this.radios,
      wires: this.wires,
      random: (mac) => this.random(mac),
      send: this.send,
      holds: (from, server, address) => this.#holds(from, server, address),
      onChange: (what) => this.#hostChanged(what),
    });
  }

  /** A stream of its own for a part of the fabric. */
  random(name: string): SeededRandom {
    return this.#random.fork(name);
  }

  // Devices

  /** Throws a `UserError` where a device of this name is on already. */
  addDevice(device: FabricDevice): void {
    if (this.#devices.has(device.name)) {
      throw new UserError(`a device '${device.name}' is on already; switch it off first, or use another id`);
    }
    if (this.#devices.size >= maxMachines) throw new UserError(`a home holds at most ${maxMachines} devices`);
    this.#devices.set(device.name, device);
  }

  /** It is off: all that it served and carried is gone. */
  removeDevice(device: FabricDevice): void {
    if (this.#devices.get(device.name) === device) this.#devices.delete(device.name);
    this.changed();
  }

  /** The device that a machine is; `null`: it is none of ours. */
  deviceOf(machine: Machine): FabricDevice | null {
    const device = this.#devices.get(machine.name);
    return device === machine ? device : null;
  }

  // Cables, and what is outside

  /** A switch of this name. */
  segment(name: string): EthernetSegment {
    return { fabric: this, name, isp: this.#isps.get(name) ?? null };
  }

  /** A wire that leads to a provider. `prefix`: the first three bytes of its addresses, default `198.51.100`. */
  isp(name: string, prefix?: string): EthernetSegment {
    const known = this.#isps.get(name);
    if (known) return this.segment(name);
    if (this.#isps.size >= maxMachines) throw new UserError(`a home has at most ${maxMachines} providers`);
    const key = portKey(`isp:${name}`, "isp");
    const isp = new Isp({
      name,
      mac: interfaceMac(`isp/${name}`, 0),
      clock: this.clock,
      peers: () => this.wires.peers(key),
      ...(prefix === undefined ? {} : { prefix }),
    });
    this.wires.plug(key, name);
    this.#isps.set(name, isp);
    this.wires.attach(key, isp.port);
    this.changed();
    return this.segment(name);
  }

  get cloud(): CloudState {
    return this.#cloud;
  }

  set cloud(state: CloudState) {
    this.#cloud = state;
    this.changed();
  }

  // Hosts

  /** Plugs a host in, or puts its plug elsewhere. Throws a `UserError` for a name or address that is taken. */
  plugHost(host: PluggedHost): void {
    this.#hosts.plug(host);
    this.changed();
  }

  /** False where there is no such host with a cable. */
  unplugHost(name: string): boolean {
    const found = this.#hosts.unplug(name);
    this.changed();
    return found;
  }

  hosts(): readonly HostView[] {
    return this.#hosts.views();
  }

  /** A host's address, link or way has changed. */
  onHosts(listener: () => void): Unsubscribe {
    return this.#events.on("hosts", listener);
  }

  /** By name or MAC; `to`: `gateway`, `internet`, or an address. Throws a `UserError` for a host or address that is none. */
  reaches(host: string, to: string): boolean {
    const from = this.#hosts.get(host);
    return "reached" in this.#traceFrom(from, destinationOf(to));
  }

  /** Opens a connection that lasts, as far as it can. Likewise; or where there are too many. */
  connect(host: string, to: string): Connection {
    if (this.#connections.size >= maxConnections) {
      throw new UserError(`${maxConnections} connections are watched already; close some first`);
    }
    const from = this.#hosts.get(host);
    const destination = destinationOf(to);
    const connection = new WatchedConnection({
      clock: this.clock,
      host: from.name,
      address: () => from.address,
      trace: () => this.#traceFrom(from, destination),
      onEnd: (ended) => this.#connections.delete(ended),
    });
    if (connection.stands) this.#connections.add(connection);
    return connection;
  }

  /**
   * Who answers at a port of an address: to the Internet, or to a host of the home (`from`). `null`: nobody does. Throws a
   * `UserError` for a host or address that is none.
   */
  opens(
    service: { readonly protocol: PortForward["protocol"]; readonly address: string; readonly port: number },
    from?: string,
  ): { readonly host: string; readonly port: number } | null {
    const address = parseIpv4(service.address);
    if (address === undefined) throw new UserError(`'${service.address}' is no IPv4 address`);
    const starts: readonly Machine[] =
      from === undefined ? [...this.#isps.values()].filter(({ internet }) => internet) : [this.#hosts.get(from)];
    for (const start of starts) {
      const found = answeringAt(this, start, { ...service, address });
      if (found) return { host: found.machine.name, port: found.port };
    }
    return null;
  }

  // What devices and hosts need of each other

  /** The interfaces that a broadcast of `from` reaches. */
  domain(from: Netdev): ReadonlySet<Netdev> {
    let domain = this.#domains.get(from);
    if (!domain) {
      domain = flood(from, this.#filters() ? { frame: { source: from.mac, destination: null, type: "IPv4" } } : {});
      this.#domains.set(from, domain);
    }
    return domain;
  }

  /** The other end of a tunnel that leaves by `parent`, while the way there stands. */
  tunnelEnd(parent: Netdev, local: number, remote: number): Netdev | null {
    if (parent.subnet?.address !== local) return null;
    let underlay = this.#underlays.get(parent);
    if (!underlay) {
      underlay = flood(parent, { tunnels: false });
      this.#underlays.set(parent, underlay);
    }
    for (const netdev of underlay) {
      if (netdev.subnet?.address !== remote) continue;
      return this.deviceOf(netdev.owner)?.tunnelAt(netdev, remote, local) ?? null;
    }
    return null;
  }

  /** The VLAN numbers in use, and 0 for none. */
  vlans(): ReadonlySet<number> {
    return new Set([0, ...[...this.#devices.values()].flatMap((device) => [...device.vlans()])]);
  }

  /** Who answers to ARP, and is reached then, and reaches back. */
  neighbor(netdev: Netdev, address: number): Netdev | null {
    if (!this.#filters()) {
      for (const other of this.domain(netdev)) if (other.subnet?.address === address) return other;
      return null;
    }
    const passes = (from: Netdev, to: Netdev, type: Frame["type"]) => this.#delivered(from, to.mac, type).has(to);
    for (const other of this.#delivered(netdev, null, "ARP")) {
      if (other.subnet?.address !== address || !passes(other, netdev, "ARP")) continue;
      if (passes(netdev, other, "IPv4") && passes(other, netdev, "IPv4")) return other;
    }
    return null;
  }

  trace(from: Machine, destination: Destination, options?: TraceOptions): Trace {
    return trace(this, from, destination, options);
  }

  readonly send: DhcpExchange["send"] = (from, identity, request, answered) =>
    this.#exchange.send(from, identity, request, answered);

  /** Devices, cables or the outside have changed; what follows from it happens before this returns. */
  changed(): void {
    this.#forgetDomains();
    this.#again = true;
    if (this.#settling || this.#closed) return;
    this.#settling = true;
    try {
      for (let round = 0; this.#again && round < maxRounds; round++) {
        this.#again = false;
        for (const device of [...this.#devices.values()]) device.refresh();
        this.#hosts.refresh();
      }
    } finally {
      this.#settling = false;
    }
    this.#consequences();
    for (const device of [...this.#devices.values()]) device.announce();
  }

  /** Routes, leases or learned addresses may have changed; devices look in the next turn. */
  tablesChanged(): void {
    if (this.#closed) return;
    this.#tables ??= this.clock.setTimer(0, () => {
      this.#tables = null;
      for (const device of [...this.#devices.values()]) device.announceTables();
    });
  }

  close(): void {
    this.#closed = true;
    this.#tables?.cancel();
    this.#hosts.close();
    this.#exchange.close();
    for (const connection of [...this.#connections]) connection.close();
    for (const isp of this.#isps.values()) isp.close();
  }

  #hostChanged(what: HostChange): void {
    if (what === "link") this.#forgetDomains();
    if (!this.#settling) this.#consequences();
  }

  #filters(): boolean {
    for (const { filters } of this.#devices.values()) if (filters) return true;
    return false;
  }

  #delivered(from: Netdev, destination: Frame["destination"], type: Frame["type"]): ReadonlySet<Netdev> {
    const known = this.#deliveries.get(from) ?? new Map<string, ReadonlySet<Netdev>>();
    this.#deliveries.set(from, known);
    const kind = `${type} ${destination}`;
    const delivered = known.get(kind) ?? flood(from, { frame: { source: from.mac, destination, type } });
    known.set(kind, delivered);
    return delivered;
  }

  #forgetDomains(): void {
    this.#domains.clear();
    this.#deliveries.clear();
    this.#underlays.clear();
  }

  #consequences(): void {
    for (const connection of [...this.#connections]) connection.check();
    this.#followFrozen();
    this.tablesChanged();
    this.#events.emit("hosts", null);
  }

  /** A frozen client that the freeze really keeps from the Internet has no more to do on the air than to try. */
  #followFrozen(): void {
    const world = this.#world;
    const frozen = new Set([...this.#devices.values()].flatMap((device) => [...device.frozen]));
    if (!world || (frozen.size === 0 && this.#heldBack.size === 0)) return;
    const isHeld = (mac: Mac) => world.client(mac)?.device.site === null && !this.reaches(mac, "internet");
    const held = new Set([...frozen].filter(isHeld));
    for (const mac of new Set([...this.#heldBack, ...held])) world.client(mac)?.holdBack(held.has(mac));
    this.#heldBack = held;
  }

  #traceFrom(host: Host, to: Destination | "gateway"): Trace {
    const destination = to === "gateway" ? host.gateway : to;
    return destination === null ? { obstacle: "unreachable", at: host } : trace(this, host, destination);
  }

  #holds(from: Netdev, server: number, address: number): boolean {
    const netdev = this.neighbor(from, server);
    return netdev?.owner.server(netdev)?.holds(from.mac, address) ?? false;
  }
}

function destinationOf(to: string): Destination | "gateway" {
  if (to === "gateway" || to === "internet") return to;
  const address = parseIpv4(to);
  if (address === undefined) throw new UserError(`'${to}' is nowhere to go; use gateway, internet or an IPv4 address`);
  return address;
}
