/**
 * NM, the network manager: states to the target what the rows want of its network (`Wifi_Inet_Config`, `DHCP_reserved_IP`,
 * `IP_Port_Forward`, `Wifi_Route_Config`) and shows what is (`Wifi_Inet_State`, `Wifi_Master_State` and the tables that the
 * network fills). It also stands in for the switch daemon (`switch.ts`). docs/network.md says which row does what.
 */

import { isDeepStrictEqual } from "node:util";
import { type Timer, withDeadline } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row, Write } from "@opensync-ts/schema/opensync";
import type { Link, Network, RouteConfig } from "@opensync-ts/target/network";
import { Complaints } from "../complaints.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { contains, parseIpv4, parseNetmask } from "./addresses.ts";
import { missingParents, type NamedSubnet, overlaps } from "./clashes.ts";
import { devicesOf } from "./devices.ts";
import { type LeadsSomewhere, portForwards } from "./forwards.ts";
import { type InetConfig, isShownOnly, staticSubnet, type Translation, translate } from "./inet-config.ts";
import { inetState, masterState } from "./inet-state.ts";
import { Interfaces, type Wish } from "./interfaces.ts";
import { LeaseBook } from "./leases.ts";
import { transactionDeadline, writeRetry } from "./limits.ts";
import { Problems } from "./problems.ts";
import { quote } from "./quote.ts";
import { assignReservations, type ServedSubnet } from "./reservations.ts";
import { routeConfigs, routeKey, routeStates } from "./routes.ts";
import { type Change, rowChanges } from "./row-changes.ts";
import { Switch } from "./switch.ts";
import { learningChanges, leaseChanges } from "./table-changes.ts";

const tables = {
  Wifi_Inet_Config: {},
  Wifi_Inet_State: {},
  Wifi_Master_State: {},
  Wifi_VIF_State: { columns: ["if_name", "enabled", "mac"] },
  DHCP_reserved_IP: {},
  DHCP_leased_IP: {},
  IP_Port_Forward: {},
  Wifi_Route_Config: {},
  Wifi_Route_State: {},
  IPv4_Neighbors: {},
  OVS_MAC_Learning: {},
  Openflow_Tag: { columns: ["name", "device_value"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export const nm: ManagerDefinition = {
  name: "nm",
  async start(context) {
    const view = await context.client.replicate(tables);
    const manager = new NetworkManager(context, view, await Switch.start(context));
    manager.start();
    return manager;
  },
};

class NetworkManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #switch: Switch;
  readonly #complaints: Complaints;
  readonly #problems: Problems;
  readonly #interfaces: Interfaces;
  readonly #leases = new LeaseBook();
  readonly #reconciler: Reconciler;
  #unsubscribe: readonly Unsubscribe[] = [];
  #stated: { forwards: unknown; routes: unknown } = { forwards: [], routes: [] };
  #retry: Timer | undefined;
  #rounds = 0;

  constructor(context: ManagerContext, view: View, runningSwitch: Switch) {
    const { clock, log, target } = context;
    this.#context = context;
    this.#view = view;
    this.#switch = runningSwitch;
    this.#complaints = new Complaints(clock, log);
    this.#problems = new Problems(this.#complaints);
    this.#interfaces = new Interfaces({
      network: target.network,
      clock,
      complaints: this.#complaints,
      onApplied: () => this.#reconciler.request(),
    });
    this.#reconciler = new Reconciler(
      () => this.#apply(),
      (error) => this.#failed(error),
    );
  }

  start(): void {
    const { network } = this.#context.target;
    const request = () => this.#reconciler.request();
    this.#unsubscribe = [this.#view.onTransaction(request), network.onChange(request), network.onTables(request)];
    this.#switch.onPorts(request);
    request();
  }

  async stop(): Promise<void> {
    this.#reconciler.stop();
    this.#interfaces.stop();
    this.#retry?.cancel();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#view.cancel();
    this.#switch.stop();
  }

  dump(): string {
    const configs = this.#configs([]);
    const lines = [...this.#devices().values()].map((link) => {
      const config = configs.get(link.name);
      const wish = config
        ? `${config.ip_assign_scheme ?? "none"}${config.enabled ? "" : ", disabled"}`
        : "not configured";
      return `${link.name}: ${link.carrier ? "carrier" : "no carrier"}, ${link.address ?? "no address"} (${wish})`;
    });
    const problems = [...this.#problems.current].sort().map((problem) => `problem: ${problem}`);
    return [...lines.sort(), ...this.#switch.dump(), ...problems].join("\n");
  }

  /** Brings target and state rows in line with the configuration. */
  async #apply(): Promise<void> {
    const problems: string[] = [];
    const configs = this.#configs(problems);
    const translations = new Map([...configs].map(([name, row]) => [name, translate(row)]));
    const wishes = this.#wishes(configs, translations, problems);
    this.#interfaces.want(wishes, this.#rounds++ === 0 ? this.#leftOver() : []);
    const devices = this.#devices();
    const stated = [...translations].flatMap(([name, { config }]) => (config ? [[name, config] as const] : []));
    problems.push(...missingParents(stated, new Set([...devices.keys(), ...stated.map(([name]) => name)])));
    const subnets = this.#subnets(translations);
    problems.push(...overlaps(subnets));
    const routes = this.#stateRoutes(devices, problems);
    this.#stateForwards(devices, leadsBehind(subnets, routes), problems);
    this.#problems.report(problems);
    const changes = [...this.#interfaceChanges(configs, devices), ...this.#tableChanges(configs.values())];
    if (changes.length === 0) return;
    const { client, clock } = this.#context;
    const written = client.transact(
      (transaction) => {
        for (const change of changes) change(transaction);
      },
      { comment: "NM - update state" },
    );
    await withDeadline(clock, written, transactionDeadline, "NM's state");
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#context;
    log.error(`state not written: ${messageOf(error)}; tried again in ${writeRetry / 1000} s`);
    this.#retry?.cancel();
    this.#retry = clock.setTimer(writeRetry, () => this.#reconciler.request());
  }

  /** By interface. Nothing keeps the table from naming one twice: the row that came last counts. */
  #configs(problems: string[]): ReadonlyMap<string, InetConfig> {
    const configs = new Map<string, InetConfig>();
    for (const config of this.#rows("Wifi_Inet_Config")) {
      const name = config.if_name;
      if (configs.has(name))
        problems.push(`Wifi_Inet_Config ${quote(name)}: there are several rows: the last one counts`);
      configs.set(name, config);
    }
    return configs;
  }

  /** What the target is to be told of each interface. */
  #wishes(
    configs: ReadonlyMap<string, InetConfig>,
    translations: ReadonlyMap<string, Translation>,
    problems: string[],
  ): ReadonlyMap<string, Wish> {
    for (const translation of translations.values()) problems.push(...translation.problems);
    const assigned = assignReservations(this.#rows("DHCP_reserved_IP"), this.#subnets(translations));
    problems.push(...assigned.problems);
    const wishes = new Map<string, Wish>();
    for (const [name, row] of configs) {
      const { kind, config = null } = translations.get(name) ?? { kind: "refused" };
      if (kind === "refused") continue;
      const reservations = assigned.byInterface.get(name);
      const server = config?.dhcpServer;
      const whole = config && server && reservations ? { ...config, dhcpServer: { ...server, reservations } } : config;
      wishes.set(name, { row, config: whole });
    }
    return wishes;
  }

  /** Static ones are known before the target has set them, so that the first lease given knows its reservations. */
  #subnets(translations: ReadonlyMap<string, Translation>): readonly (ServedSubnet & NamedSubnet)[] {
    const devices = this.#devices();
    return [...translations].flatMap(([name, { config }]) => {
      if (config && !(config.enabled && config.network)) return [];
      const stated = config ? staticSubnet(config) : null;
      // An address that is about to go counts no more.
      const subnet = stated ?? (config?.ipv4.scheme === "none" ? null : subnetOf(devices.get(name)));
      return subnet ? [{ name, serves: config?.dhcpServer != null, stated: stated !== null, ...subnet }] : [];
    });
  }

  /** Interfaces that an NM before this one had configured and shown. */
  #leftOver(): readonly string[] {
    return this.#rows("Wifi_Inet_State").flatMap((row) => (isShownOnly(row.if_type) ? [] : [row.if_name]));
  }

  #stateForwards(devices: ReadonlyMap<string, Link>, leadsSomewhere: LeadsSomewhere, problems: string[]): void {
    const known = new Set(devices.keys());
    const { forwards, problems: ofForwards } = portForwards(this.#rows("IP_Port_Forward"), known, leadsSomewhere);
    problems.push(...ofForwards);
    this.#stateList("forwards", "IP_Port_Forward", forwards, (network) => network.setPortForwards(forwards));
  }

  #stateRoutes(devices: ReadonlyMap<string, Link>, problems: string[]): readonly RouteConfig[] {
    const types = new Map([...devices].map(([name, { type }]) => [name, type]));
    const { routes, problems: ofRoutes } = routeConfigs(this.#rows("Wifi_Route_Config"), types);
    problems.push(...ofRoutes);
    this.#stateList("routes", "Wifi_Route_Config", routes, (network) => network.setRoutes(routes));
    return routes;
  }

  /** A list that is stated as a whole: in the first round, as an NM before this one may have left another, and where it differs. */
  #stateList(
    list: "forwards" | "routes",
    table: string,
    wanted: readonly unknown[],
    state: (network: Network) => void,
  ): void {
    if (this.#rounds > 1 && isDeepStrictEqual(this.#stated[list], wanted)) return;
    this.#stated[list] = wanted;
    try {
      state(this.#context.target.network);
    } catch (error) {
      this.#complaints.say(`${table}: the device does not take it: ${messageOf(error)}`);
    }
  }

  #interfaceChanges(configs: ReadonlyMap<string, InetConfig>, devices: ReadonlyMap<string, Link>): readonly Change[] {
    const inetStates = new Map<string, Write<"Wifi_Inet_State">>();
    const masterStates = new Map<string, Write<"Wifi_Master_State">>();
    for (const [name, config] of configs) {
      const device = devices.get(name);
      const applied = this.#interfaces.applied(name);
      if (!this.#interfaces.knows(name)) continue;
      if (device) inetStates.set(name, inetState(config, applied, device));
      if (device || config.if_type === "vif") masterStates.set(name, masterState(config, applied, device ?? null));
    }
    const byName = (row: { readonly if_name: string }) => row.if_name;
    return [
      ...rowChanges("Wifi_Inet_State", this.#rows("Wifi_Inet_State"), inetStates, byName),
      ...rowChanges("Wifi_Master_State", this.#rows("Wifi_Master_State"), masterStates, byName),
    ];
  }

  #tableChanges(configs: Iterable<InetConfig>): readonly Change[] {
    const { network } = this.#context.target;
    this.#leases.update(network.leases());
    return [
      ...leaseChanges(this.#rows("DHCP_leased_IP"), this.#rows("IPv4_Neighbors"), this.#leases),
      ...rowChanges("Wifi_Route_State", this.#rows("Wifi_Route_State"), routeStates(network.routes()), routeKey),
      ...learningChanges(
        { learning: this.#rows("OVS_MAC_Learning"), tags: this.#rows("Openflow_Tag") },
        network.learned(),
        new Set([...configs].flatMap((row) => (row.mac_reporting ? [row.if_name] : []))),
        this.#switch.members(),
      ),
    ];
  }

  #devices(): ReadonlyMap<string, Link> {
    return devicesOf(this.#context.target.network.links(), this.#rows("Wifi_VIF_State"));
  }

  #rows<T extends keyof typeof tables>(table: T): readonly Row<T>[] {
    return [...this.#view.table(table).rows.values()];
  }
}

/** By the networks of the other interfaces, and by what routes are configured. The default route leads out, not behind. */
function leadsBehind(subnets: readonly NamedSubnet[], routes: readonly RouteConfig[]): LeadsSomewhere {
  const behind = routes.flatMap(({ destination, netmask }) => {
    const mask = parseNetmask(netmask);
    return mask ? [{ address: parseIpv4(destination) ?? 0, netmask: mask }] : [];
  });
  return (address, from) =>
    [...subnets.filter(({ name }) => name !== from), ...behind].some((each) => contains(each, address));
}

function subnetOf(link: Link | undefined): Pick<ServedSubnet, "address" | "netmask"> | null {
  const address = parseIpv4(link?.address ?? "");
  const netmask = parseNetmask(link?.netmask ?? "");
  return address === undefined || netmask === undefined ? null : { address, netmask };
}
