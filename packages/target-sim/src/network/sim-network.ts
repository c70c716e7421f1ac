/**
 * The network of one simulated device in a fabric, as NM states it. What is stated stays; what exists is brought in line with it
 * whenever something around changes.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import type { Mac } from "@opensync-ts/base/units";
import type { Firewall, FirewallRule } from "@opensync-ts/target/firewall";
import type {
  DhcpHeard,
  DhcpLease,
  InterfaceConfig,
  IpFamily,
  LearnedMac,
  Link,
  Network,
  PortForward,
  ProbeOptions,
  ProbeTarget,
  Route,
  RouteConfig,
} from "@opensync-ts/target/network";
import { DeviceAddresses } from "./device-addresses.ts";
import { DeviceInterfaces, type Hardware } from "./device-interfaces.ts";
import { DeviceRoutes } from "./device-routes.ts";
import type { CloudState, EthernetSegment, Fabric, FabricDevice } from "./fabric.ts";
import { type Frame, FrameFilter } from "./frame-filter.ts";
import { checkConfig, checkForward, checkRoute } from "./interface-config.ts";
import { learnedMacs } from "./learned.ts";
import { maxPortForwards, maxRoutes } from "./limits.ts";
import type { Destination, DhcpServer, Netdev, NextHop } from "./netdev.ts";
import { probe } from "./probe.ts";
import { SimWan } from "./wan.ts";
import { SimWayOut } from "./way-out.ts";
import { portKey } from "./wires.ts";

export interface SimNetworkOptions extends Hardware {
  readonly fabric: Fabric;
  readonly clock: Clock;
  /** Unique in the fabric. */
  readonly name: string;
  /** Option 60 of its DHCP clients. */
  readonly vendorClass: string;
  readonly uplinkPort: string;
  /** In force until somebody states something else of the interface, or of the ports of the bridge. */
  readonly initial?: {
    readonly configs: ReadonlyMap<string, InterfaceConfig>;
    readonly bridgePorts: readonly string[];
  };
}

export class SimNetwork implements Network, Firewall, FabricDevice {
  readonly name: string;
  readonly kind = "device";
  readonly forwards = true;
  readonly internet = false;
  readonly fabric: Fabric;
  readonly wan: SimWan;
  readonly wayOut: SimWayOut;
  readonly #clock: Clock;
  readonly #hardware: Hardware;
  readonly #interfaces: DeviceInterfaces;
  readonly #addresses: DeviceAddresses;
  readonly #routes: DeviceRoutes;
  /** Interfaces of which somebody has stated something. */
  readonly #stated = new Set<string>();
  readonly #events = new Emitter<{ change: null; tables: null; dhcp: DhcpHeard }>();
  #portForwards: readonly PortForward[] = [];
  #frozen: ReadonlySet<Mac> = new Set();
  readonly #filter = new FrameFilter();
  /** What others could care about, as it was last. */
  #state = "";
  #shown = "";
  #shownTables = "";
  #closed = false;

  /** Throws a `UserError` where a device of this name is on already. */
  constructor(options: SimNetworkOptions) {
    const { fabric, clock, name, vendorClass, uplinkPort, initial } = options;
    this.name = name;
    this.fabric = fabric;
    this.#clock = clock;
    this.#hardware = options;
    this.#interfaces = new DeviceInterfaces(fabric, this, options, initial?.bridgePorts ?? []);
    this.#addresses = new DeviceAddresses({ fabric, clock, identity: { hostname: name, vendorClass } });
    this.#routes = new DeviceRoutes({ interfaces: () => this.#interfaces.all(), neighbors: fabric });
    this.wan = new SimWan(fabric, name, uplinkPort);
    this.wayOut = new SimWayOut(fabric, this);
    for (const [each, config] of initial?.configs ?? []) {
      this.#interfaces.want(each, checkConfig(each, config, undefined));
    }
    fabric.addDevice(this);
    fabric.changed();
  }

  // What is

  links(): readonly Link[] {
    return [...this.#interfaces.all()].map((each) => each.link(this.#interfaces.config(each.name)?.config));
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  routes(): readonly Route[] {
    return this.#routes.shown();
  }

  leases(): readonly DhcpLease[] {
    return [...this.#interfaces.all()].flatMap(({ name, service }) => service?.leases(name) ?? []);
  }

  learned(): readonly LearnedMac[] {
    return learnedMacs(this.#interfaces.all(), this.fabric.vlans());
  }

  onTables(listener: () => void): Unsubscribe {
    return this.#events.on("tables", listener);
  }

  onDhcpHeard(listener: (heard: DhcpHeard) => void): Unsubscribe {
    return this.#events.on("dhcp", listener);
  }

  probe(link: string, what: ProbeTarget, family: IpFamily, options: ProbeOptions): Promise<boolean> {
    const device = { fabric: this.fabric, clock: this.#clock, machine: this, interfaces: this.#interfaces };
    return probe(device, link, what, family, options);
  }

  // What is wanted

  configure(name: string, config: InterfaceConfig | null): void {
    if (this.#closed) return;
    if (config === null) {
      const changes = this.#interfaces.want(name, null);
      this.#noteStated(name);
      if (changes) this.fabric.changed();
      return;
    }
    const checked = checkConfig(name, config, this.#interfaces.fixedType(name));
    if (this.#stated.has(name) && this.#interfaces.config(name)?.text === checked.text) return;
    this.#interfaces.want(name, checked);
    this.#noteStated(name);
    this.fabric.changed();
  }

  setBridgePorts(bridge: string, ports: readonly string[] | null): void {
    if (!this.#closed && this.#interfaces.wantPorts(bridge, ports)) this.fabric.changed();
  }

  /** On an interface of which nobody has stated anything it is also the wish for an address. */
  renewAddress(name: string): void {
    const each = this.#interfaces.get(name);
    if (!each?.usable) return;
    if (each.client) {
      each.client.renew();
    } else if (!this.#stated.has(name) && !each.subnet) {
      this.#addresses.wish(name);
      this.fabric.changed();
    }
  }

  setPortForwards(forwards: readonly PortForward[]): void {
    if (forwards.length > maxPortForwards) throw new UserError(`at most ${maxPortForwards} port forwards are possible`);
    for (const forward of forwards) checkForward(forward);
    this.#portForwards = [...forwards];
  }

  setRules(rules: readonly FirewallRule[]): ReadonlyMap<string, string> {
    const problems = this.#filter.set(rules);
    if (!this.#closed) this.fabric.changed();
    return problems;
  }

  /** What these send is not passed on to the Internet. */
  setFrozen(clients: ReadonlySet<Mac>): void {
    this.#frozen = new Set(clients);
    if (!this.#closed) this.fabric.changed();
  }

  get frozen(): ReadonlySet<Mac> {
    return this.#frozen;
  }

  setRoutes(routes: readonly RouteConfig[]): void {
    if (routes.length > maxRoutes) throw new UserError(`at most ${maxRoutes} routes are possible`);
    this.#routes.state(routes.map(checkRoute));
    this.fabric.changed();
  }

  setMetric(name: string, metric: number): void {
    if (!Number.isInteger(metric) || metric < 0) {
      throw new UserError(`${name}: metric ${metric} is no whole number from 0`);
    }
    if (this.#routes.setMetric(name, metric)) this.fabric.changed();
  }

  // Cables, and what is outside

  /** Throws a `UserError` where there is no such port. */
  plug(name: string, segment: EthernetSegment): void {
    const key = this.#portKey(name);
    if (segment.fabric !== this.fabric) {
      throw new UserError(`${this.name}: '${segment.name}' is in another home; give both devices the same fabric`);
    }
    this.fabric.wires.plug(key, segment.name);
    this.fabric.changed();
  }

  /** Throws a `UserError` where there is no such port. */
  unplug(name: string): void {
    this.fabric.wires.unplug(this.#portKey(name));
    this.fabric.changed();
  }

  /** The cloud of the home, for all its devices. */
  get cloud(): { readonly state: CloudState; set(state: CloudState): void } {
    const { fabric } = this;
    return {
      state: fabric.cloud,
      set(state) {
        fabric.cloud = state;
      },
    };
  }

  /** Its radio may have changed something about its vifs. */
  vifsChanged(): void {
    if (!this.#closed && this.#interfaces.vifsDiffer()) this.fabric.changed();
  }

  /** The device is off: nothing that it served or carried is left. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#interfaces.removeAll();
    this.fabric.removeDevice(this);
  }

  // A machine in the fabric

  refresh(): void {
    if (this.#closed) return;
    this.#interfaces.refresh();
    for (const each of this.#interfaces.all()) this.#addresses.apply(each, this.#interfaces.config(each.name));
    const state = JSON.stringify(
      [...this.#interfaces.all()].map(({ name, type, carrier, usable, hangsOn, subnet, gateway, service }) => [
        ...[name, type, carrier, usable, hangsOn, subnet, gateway],
        service !== null,
      ]),
    );
    if (state === this.#state) return;
    this.#state = state;
    this.fabric.changed();
  }

  announce(): void {
    if (this.#closed) return;
    const shown = JSON.stringify(this.links(), (_key, value) => (value instanceof Map ? [...value] : value));
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#events.emit("change", null);
    }
    this.wayOut.announce();
  }

  announceTables(): void {
    if (this.#events.listenerCount("tables") === 0) return;
    const shown = JSON.stringify([this.routes(), this.leases(), this.learned()]);
    if (shown === this.#shownTables) return;
    this.#shownTables = shown;
    this.#events.emit("tables", null);
  }

  netdevs(): Iterable<Netdev> {
    return this.#interfaces.all();
  }

  nextHop(destination: Destination): NextHop | null {
    return this.#closed ? null : this.#routes.nextHop(destination);
  }

  translates(netdev: Netdev): boolean {
    const config = this.#interfaces.config(netdev.name)?.config;
    return config?.enabled === true && config.nat;
  }

  /** By an uplink: an interface with a default route, or one that it lends its own address on. */
  holdsBack(source: Mac, { netdev }: NextHop): boolean {
    if (!this.#frozen.has(source)) return false;
    return this.translates(netdev) || (this.#interfaces.get(netdev.name)?.gateway ?? null) !== null;
  }

  get filters(): boolean {
    return !this.#filter.isEmpty;
  }

  bridges(frame: Frame, from: Netdev, to: Netdev): boolean {
    return this.#filter.passes(frame, from.name, to.name);
  }

  server(netdev: Netdev): DhcpServer | null {
    return this.#interfaces.get(netdev.name)?.service ?? null;
  }

  hear(netdev: Netdev, heard: Omit<DhcpHeard, "link">): void {
    if (netdev.type === "eth" && netdev.joints.bridge() === null) {
      this.#events.emit("dhcp", { link: netdev.name, ...heard });
    }
  }

  tunnelAt(netdev: Netdev, local: number, remote: number): Netdev | null {
    for (const each of this.#interfaces.all()) {
      const tunnel = each.type === "gre" && each.usable ? this.#interfaces.tunnelOf(each.name) : null;
      if (tunnel?.local !== local || tunnel.remote !== remote) continue;
      if (this.#interfaces.parentOf(each.name)?.netdev === netdev) return each;
    }
    return null;
  }

  *vlans(): Iterable<number> {
    for (const { name, type } of this.#interfaces.all()) {
      const id = type === "vlan" ? this.#interfaces.config(name)?.config.vlan?.id : undefined;
      if (id !== undefined) yield id;
    }
  }

  /** The forward that holds for packets which come in by an interface. */
  forwardOf(netdev: Netdev, protocol: PortForward["protocol"], port: number): PortForward | null {
    const found = this.#portForwards.find(
      (each) => each.link === netdev.name && each.protocol === protocol && each.port === port,
    );
    return found ?? null;
  }

  #noteStated(name: string): void {
    this.#stated.add(name);
    this.#addresses.unwish(name);
  }

  #portKey(name: string): string {
    if (this.#interfaces.isPort(name)) return portKey(this.name, name);
    const ports = this.#hardware.ethernet.map((port) => port.name);
    throw new UserError(`there is no Ethernet port '${name}'; use one of ${ports.join(", ")}`);
  }
}
