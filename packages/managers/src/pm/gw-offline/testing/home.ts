/** A gateway for tests of cloudless operation: as it boots, as its cloud configures it, and power cuts in between. */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { RunningManager } from "../../../manager.ts";
import { Bench } from "../../../testing/bench.ts";
import { MemoryStorage } from "../../../testing/memory-storage.ts";
import { ProcessLogs } from "../../log-levels.ts";
import { createPm } from "../../pm.ts";
import type { GwOfflineOptions } from "../gw-offline.ts";
import { storeName } from "../keys.ts";
import type { SettingKey } from "../machine.ts";
import type { SubsetRows } from "../rows.ts";
import { type SubsetTable, subsetTables } from "../rows.ts";
import { Power } from "./power.ts";

type Transaction = TransactionBuilder<OpenSync>;

export const options: GwOfflineOptions = { lanBridge: "br-home", debounceMs: 15_000, keys: "documented" };
export const primaryPsk = "correct horse";
export const extraPsk = "battery staple";
export const radios = ["wifi0", "wifi1"];

/** One boot of the gateway after another; what lasts is its storage. */
export class Gateway {
  readonly storage: MemoryStorage;
  readonly options: GwOfflineOptions;
  bench = new Bench();
  /** Of PM alone: the cloud and CM are played by the test. */
  power = new Power();
  #pm: RunningManager | undefined;

  constructor(given: Partial<GwOfflineOptions> = {}, storage = new MemoryStorage()) {
    this.options = { ...options, ...given };
    this.storage = storage;
  }

  /** A power cut, where it runs, and a boot: the database starts anew. */
  async boot(populate: (transaction: Transaction) => void = prepopulate): Promise<Bench> {
    await this.#pm?.stop();
    const bench = new Bench();
    this.bench = bench;
    const { power } = this;
    Object.assign(bench, {
      storage: power.storage(this.storage),
      connect: () => power.client(new LocalClient<OpenSync>({ engine: bench.database })),
    });
    await bench.client.transact(populate);
    await this.startPm();
    return bench;
  }

  /** Boots again after a power cut. */
  async recover(): Promise<void> {
    this.power = new Power();
    await this.boot();
  }

  async startPm(): Promise<void> {
    this.#pm = await this.bench.start(createPm({ logs: new ProcessLogs(this.bench.log), gwOffline: this.options }));
    await this.bench.settle();
  }

  async restartPm(): Promise<void> {
    await this.#pm?.stop();
    await this.startPm();
  }

  async stop(): Promise<void> {
    await this.#pm?.stop();
  }

  dump(): string {
    return this.#pm?.dump() ?? "";
  }

  /** As the cloud and CM do: updates the row, or inserts it. `null` deletes it. */
  async set(key: SettingKey, value: string | null, persist = false): Promise<void> {
    const exists = this.bench.rows("Node_Config").some((row) => row.key === key);
    const where = [
      ["module", "==", "PM"],
      ["key", "==", key],
    ] as const;
    const row = { ...(value !== null && { value }), ...(persist && { persist }) };
    await this.bench.client.transact((transaction) => {
      if (value === null) transaction.delete("Node_Config", where);
      else if (exists) transaction.update("Node_Config", where, row);
      else transaction.insert("Node_Config", { module: "PM", key, ...row });
    });
    await this.bench.settle();
  }

  async change(build: (transaction: Transaction) => void): Promise<void> {
    await this.bench.client.transact(build);
    await this.bench.settle();
  }

  /** Until what has changed is saved. */
  async quiet(): Promise<void> {
    await this.bench.clock.advance(this.options.debounceMs);
  }

  state(key = "gw_offline_status"): string | undefined {
    return this.bench.rows("Node_State").find((row) => row.module === "PM" && row.key === key)?.value;
  }

  /** What `Openflow_Tag` offline_mode holds; `null`: there is no such tag. */
  tag(): readonly string[] | null {
    return this.bench.rows("Openflow_Tag").find(({ name }) => name === "offline_mode")?.device_value ?? null;
  }

  stored(key: string): unknown {
    const text = this.storage.open(storeName).get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  writes(): number {
    return this.storage.stores().find(({ name }) => name === storeName)?.writes ?? 0;
  }

  logged(text: string): boolean {
    return this.bench.ring.records().some((record) => record.text.includes(text));
  }

  /** Feature and monitoring on, home configured, and saved. */
  async configured(): Promise<void> {
    await this.boot();
    await this.set("gw_offline_cfg", "true", true);
    await this.set("gw_offline_mon", "true");
    await this.change(configureHome);
    await this.quiet();
  }
}

export function prepopulate(transaction: Transaction): void {
  const port = transaction.insert("Port", {
    name: "br-home",
    interfaces: [transaction.insert("Interface", { name: "br-home", type: "internal" })],
  });
  transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name: "br-home", ports: [port] })] });
  for (const [index, if_name] of radios.entries()) {
    transaction.insert("Wifi_Radio_Config", {
      if_name,
      freq_band: index === 0 ? "2.4G" : "5G",
      enabled: true,
      channel_mode: "cloud",
    });
  }
  const inet = { enabled: true, network: true, ip_assign_scheme: "none" } as const;
  transaction.insert("Wifi_Inet_Config", { ...inet, if_name: "br-home", if_type: "bridge", network: false });
  for (const if_name of ["eth0", "eth1"]) {
    transaction.insert("Wifi_Inet_Config", { ...inet, if_name, if_type: "eth", mtu: 1500 });
  }
}

/** Two home networks, backhaul and onboarding beside them, and all that is not to be restored. */
export function configureHome(transaction: Transaction): void {
  const security = {
    wpa: true,
    rsn_pairwise_ccmp: true,
    wpa_key_mgmt: ["wpa-psk"],
    wpa_psks: { key: primaryPsk, "key-1": extraPsk },
    wpa_oftags: { key: "home-0", "key-1": "home-1" },
  } as const;
  const onRadio = (radio: string, vif: NamedUuid) =>
    transaction.insertInto("Wifi_Radio_Config", [["if_name", "==", radio]], "vif_configs", [vif]);
  for (const [radio, band, channel] of [
    ["wifi0", "24", 6],
    ["wifi1", "50", 44],
  ] as const) {
    transaction.update("Wifi_Radio_Config", [["if_name", "==", radio]], { channel, ht_mode: "HT20", country: "SI" });
    const ap = { mode: "ap", enabled: true } as const;
    const home = { if_name: `home-ap-${band}`, ssid: "Home", bridge: "br-home", vif_radio_idx: 1 };
    onRadio(radio, transaction.insert("Wifi_VIF_Config", { ...ap, ...security, ...home }));
    for (const kind of ["bhaul", "onboard"]) {
      const other = { if_name: `${kind}-ap-${band}`, ssid: kind };
      onRadio(radio, transaction.insert("Wifi_VIF_Config", { ...ap, ...security, ...other }));
    }
    addPort(transaction, `home-ap-${band}`);
    for (const if_name of [`home-ap-${band}`, `bhaul-ap-${band}`]) {
      const inet = { if_type: "vif", enabled: true, network: true, ip_assign_scheme: "none", mtu: 1500 } as const;
      transaction.insert("Wifi_Inet_Config", { if_name, ...inet });
    }
  }
  transaction.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], {
    network: true,
    ip_assign_scheme: "static",
    inet_addr: "192.168.40.1",
    netmask: "255.255.255.0",
    dns: { primary: "9.9.9.9", secondary: "1.1.1.1" },
    dhcpd: { start: "192.168.40.10", stop: "192.168.40.200", lease_time: "12h" },
  });
  transaction.insert("DHCP_reserved_IP", { hostname: "nas", ip_addr: "192.168.40.50", hw_addr: "02:00:00:00:0a:01" });
  transaction.insert("Connection_Manager_Uplink", { if_name: "eth0", if_type: "eth", is_used: true, has_L2: true });
  transaction.update("Wifi_Inet_Config", [["if_name", "==", "eth0"]], { upnp_mode: "external", NAT: true });
  beyondSubset(transaction);
}

/** What the node forgets on purpose. */
function beyondSubset(transaction: Transaction): void {
  transaction.insert("IP_Port_Forward", {
    protocol: "tcp",
    src_ifname: "eth0",
    src_port: 443,
    dst_port: 443,
    dst_ipaddr: "192.168.40.50",
  });
  const address = transaction.insert("IPv6_Address", { address: "2001:db8::1", prefix: "2001:db8::/64", enable: true });
  const lan = transaction.insert("IP_Interface", { name: "br-home", if_name: "br-home", ipv6_addr: [address] });
  const prefix = transaction.insert("IPv6_Prefix", { address: "2001:db8::/64", enable: true, static_type: "static" });
  transaction.insert("IPv6_RouteAdv", {
    interface: lan,
    prefixes: [prefix],
    preferred_router: "high",
    status: "enabled",
  });
  transaction.insert("DHCPv6_Server", { interface: lan, prefixes: [prefix], status: "enabled" });
  transaction.insert("Openflow_Config", { bridge: "br-home", token: "dpi", table: 1, priority: 5, action: "drop" });
  transaction.insert("Openflow_Tag", { name: "vip", cloud_value: ["02:00:00:00:0a:01"] });
  transaction.insert("Openflow_Tag_Group", { name: "all", tags: ["vip"] });
  transaction.insert("Flow_Service_Manager_Config", { handler: "dns", plugin: "/usr/lib/dns.so" });
  transaction.insert("FSM_Policy", { name: "block", idx: 1 });
  transaction.insert("Band_Steering_Config", { if_name_2g: "home-ap-24", if_name_5g: "home-ap-50" });
  transaction.insert("Band_Steering_Clients", { mac: "02:00:00:00:0a:01", hwm: 35 });
  transaction.insert("Wifi_Credential_Config", { ssid: "onboard", onboard_type: "gre" });
  transaction.insert("WAN_Config", { type: "dhcp", enable: true });
  transaction.insert("Netfilter", { name: "drop", chain: "INPUT", target: "DROP", protocol: "ipv4", table: "filter" });
  transaction.insert("Wifi_Route_Config", { dest_addr: "10.9.0.0", dest_mask: "255.255.0.0", if_name: "eth0" });
}

export function addPort(transaction: Transaction, name: string): void {
  const port = transaction.insert("Port", { name, interfaces: [transaction.insert("Interface", { name })] });
  transaction.insertInto("Bridge", [["name", "==", "br-home"]], "ports", [port]);
}

export function rowsOf(bench: Bench): SubsetRows {
  const tables = Object.keys(subsetTables) as SubsetTable[];
  return Object.fromEntries(tables.map((table) => [table, bench.rows(table)])) as unknown as SubsetRows;
}

/** Names of the VIFs that each radio refers to. */
export function vifsByRadio(bench: Bench): { readonly [radio: string]: readonly string[] } {
  const names = new Map(bench.rows("Wifi_VIF_Config").map(({ _uuid, if_name }) => [_uuid, if_name]));
  return Object.fromEntries(
    bench
      .rows("Wifi_Radio_Config")
      .map(({ if_name, vif_configs }) => [if_name, vif_configs.map((uuid) => names.get(uuid) ?? "?").sort()]),
  );
}

export function portsOf(bench: Bench, bridge = "br-home"): readonly string[] {
  const ports = bench.row("Bridge", ({ name }) => name === bridge).ports;
  return ports.map((uuid) => bench.row("Port", ({ _uuid }) => _uuid === uuid).name).sort();
}
