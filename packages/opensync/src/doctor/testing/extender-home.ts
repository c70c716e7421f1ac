/** For tests: the databases of a gateway and an extender on its backhaul, filled by hand as a healthy home fills them. */

import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, type OpenSyncTable, openSync, type Write } from "@opensync-ts/schema/opensync";
import { type ExtenderCase, extenderTables, gatewayTables } from "../extender/case.ts";
import type { Rows } from "../node-rows.ts";

const schema = schemaFromDeclaration(openSync);

export const station = "02:00:00:00:02:50";
export const bridgeMac = "02:00:00:00:02:01";
const apMac = "02:00:00:00:01:50";
export const secret = "very secret backhaul key";

type Columns = { readonly [column: string]: unknown };

export class TestDatabase {
  readonly #database: Database;
  readonly client: LocalClient<OpenSync>;

  constructor(seed: number) {
    this.#database = new Database(schema, { random: new SeededRandom(seed) });
    this.client = new LocalClient<OpenSync>({ engine: this.#database });
  }

  rows<T extends OpenSyncTable>(tables: readonly T[]): Rows<T> {
    const rows = tables.map((table) => [table, [...this.#database.rows(table).values()]]);
    return Object.fromEntries(rows) as Rows<T>;
  }

  /** Sets columns of the rows that have this value in their column `if_name`, or of all. */
  async set(table: OpenSyncTable, ifName: string | null, columns: Columns): Promise<void> {
    await this.client.transact((transaction) =>
      transaction.update(table, (ifName === null ? [] : [["if_name", "==", ifName]]) as never, columns as never),
    );
  }

  async remove(table: OpenSyncTable, ifName: string | null = null): Promise<void> {
    await this.client.transact((transaction) =>
      transaction.delete(table, (ifName === null ? [] : [["if_name", "==", ifName]]) as never),
    );
  }

  async add<T extends OpenSyncTable>(table: T, columns: Write<T>): Promise<void> {
    await this.client.transact((transaction) => void transaction.insert(table, columns));
  }
}

export class ExtenderHome {
  readonly gateway = new TestDatabase(1);
  readonly extender = new TestDatabase(2);

  /** The extender on the gateway's Wi-Fi, by a GRE tunnel; its lease is 169.254.3.5. */
  static async gre(): Promise<ExtenderHome> {
    const home = new ExtenderHome();
    const security = { ssid: "we.backhaul", wpa: true, wpa_psks: { key: secret } };
    await home.#lan();
    await home.gateway.client.transact((transaction) => {
      const client = transaction.insert("Wifi_Associated_Clients", { mac: station, state: "active" });
      const ap = { if_name: "bhaul-ap-50", enabled: true, mode: "ap", ...security } as const;
      transaction.insert("Wifi_VIF_Config", ap);
      transaction.insert("Wifi_VIF_State", { ...ap, mac: apMac, associated_clients: [client] });
      transaction.insert("DHCP_leased_IP", lease(station, "169.254.3.5"));
      const dhcpd = { start: "169.254.3.2", stop: "169.254.3.126" };
      const network = {
        inet_addr: "169.254.3.1",
        netmask: "255.255.255.128",
        ip_assign_scheme: "static",
        dhcpd,
      } as const;
      const tunnel = {
        gre_ifname: "bhaul-ap-50",
        gre_local_inet_addr: "169.254.3.1",
        gre_remote_inet_addr: "169.254.3.5",
      };
      for (const table of ["Wifi_Inet_Config", "Wifi_Inet_State"] as const) {
        transaction.insert(table, { if_name: "bhaul-ap-50", if_type: "vif", enabled: true, network: true, ...network });
        transaction.insert(table, { if_name: "pgd3-5", if_type: "gre", enabled: true, network: true, ...tunnel });
      }
    });
    await home.extender.client.transact((transaction) => {
      const credential = transaction.insert("Wifi_Credential_Config", {
        ssid: "we.backhaul",
        security: { encryption: "WPA-PSK", key: secret },
        onboard_type: "gre",
      });
      const sta = { if_name: "bhaul-sta-50", enabled: true, mode: "sta" } as const;
      transaction.insert("Wifi_VIF_Config", { ...sta, credential_configs: [credential] });
      transaction.insert("Wifi_VIF_State", { ...sta, mac: station, parent: apMac, ssid: "we.backhaul" });
      const tunnel = {
        gre_ifname: "bhaul-sta-50",
        gre_local_inet_addr: "169.254.3.5",
        gre_remote_inet_addr: "169.254.3.1",
      };
      const address = { inet_addr: "169.254.3.5", netmask: "255.255.255.128" };
      for (const table of ["Wifi_Inet_Config", "Wifi_Inet_State"] as const) {
        transaction.insert(table, {
          if_name: "bhaul-sta-50",
          if_type: "vif",
          enabled: true,
          network: true,
          ...address,
        });
        transaction.insert(table, {
          if_name: "g-bhaul-sta-50",
          if_type: "gre",
          enabled: true,
          network: true,
          ...tunnel,
        });
      }
      const link = { if_name: "g-bhaul-sta-50", if_type: "gre", has_L2: true, has_L3: true, is_used: true } as const;
      transaction.insert("Connection_Manager_Uplink", { ...link, bridge: "br-home" });
    });
    return home;
  }

  /** The extender on a cable. */
  static async wired(): Promise<ExtenderHome> {
    const home = new ExtenderHome();
    await home.#lan();
    await home.extender.client.transact((transaction) => {
      const link = { if_name: "eth0", if_type: "eth", has_L2: true, has_L3: true, is_used: true } as const;
      transaction.insert("Connection_Manager_Uplink", { ...link, bridge: "br-home" });
      const port = { if_name: "eth0", if_type: "eth", port_state: "active", network_state: "up" } as const;
      transaction.insert("Wifi_Master_State", port);
      transaction.insert("Wifi_VIF_State", { if_name: "bhaul-sta-50", mode: "sta", mac: station });
    });
    return home;
  }

  /** Adds a backhaul on 2.4 GHz beside that on 5 GHz, with these keys; both stations are on no network. */
  async twoBands(key: string, stationKey: string): Promise<void> {
    await this.extender.set("Wifi_VIF_State", null, { parent: null });
    await this.extender.set("Connection_Manager_Uplink", null, { has_L2: false, has_L3: null, is_used: false });
    await this.gateway.client.transact((transaction) => {
      transaction.update("Wifi_VIF_State", [], { associated_clients: [] });
      transaction.delete("Wifi_Associated_Clients", []);
      const ap = { if_name: "bhaul-ap-24", enabled: true, mode: "ap", ssid: "we.backhaul", wpa_psks: { key } } as const;
      transaction.insert("Wifi_VIF_Config", ap);
      const state = transaction.insert("Wifi_VIF_State", ap);
      transaction.insert("Wifi_Radio_State", { if_name: "wifi0", freq_band: "2.4G", vif_states: [state] });
    });
    await this.#onRadio(this.gateway, "bhaul-ap-50");
    await this.extender.client.transact((transaction) => {
      const network = { ssid: "we.backhaul", security: { key: stationKey } };
      const sta = { if_name: "bhaul-sta-24", enabled: true, mode: "sta" } as const;
      const credential = transaction.insert("Wifi_Credential_Config", network);
      transaction.insert("Wifi_VIF_Config", { ...sta, credential_configs: [credential] });
      const state = transaction.insert("Wifi_VIF_State", { ...sta, mac: "02:00:00:00:02:24" });
      transaction.insert("Wifi_Radio_State", { if_name: "wifi0", freq_band: "2.4G", vif_states: [state] });
    });
    await this.#onRadio(this.extender, "bhaul-sta-50");
  }

  async #onRadio(database: TestDatabase, ifName: string): Promise<void> {
    const { Wifi_VIF_State: rows } = database.rows(["Wifi_VIF_State"]);
    const states = rows.filter((row) => row.if_name === ifName).map(({ _uuid }) => _uuid);
    await database.add("Wifi_Radio_State", { if_name: "wifi1", freq_band: "5G", vif_states: states });
  }

  /** Gives the extender an access point on `bridge`, and as clients those that have these addresses. */
  async serve(bridge: string, macs: readonly string[]): Promise<void> {
    await this.extender.client.transact((transaction) => {
      const clients = macs.map((mac) => transaction.insert("Wifi_Associated_Clients", { mac, state: "active" }));
      const ap = { if_name: "home-ap-50", enabled: true, mode: "ap", ssid: "home", bridge } as const;
      transaction.insert("Wifi_VIF_State", { ...ap, associated_clients: clients });
    });
  }

  /** The extender's uplink eth0 is in no bridge, where nobody wants it, and has the address itself. */
  async takeUplinkOut(): Promise<void> {
    await this.extender.set("Wifi_Inet_State", "br-home", { inet_addr: "0.0.0.0" });
    await this.extender.client.transact((transaction) => {
      const port = { if_name: "eth0", if_type: "eth", enabled: true, network: true, hwaddr: bridgeMac } as const;
      transaction.insert("Wifi_Inet_State", { ...port, inet_addr: "192.168.40.7", netmask: "255.255.255.0" });
      transaction.update("Connection_Manager_Uplink", [], { bridge: null });
      transaction.update("Bridge", [], { ports: [] });
    });
  }

  /** What `opensync doctor extender` looks at. Without the extender's database: only `macs`. */
  case(macs: readonly string[] = [station], withExtender = true): ExtenderCase {
    return {
      gatewayName: "gateway",
      gateway: this.gateway.rows(gatewayTables),
      extender: withExtender ? this.extender.rows(extenderTables) : null,
      macs,
    };
  }

  async #lan(): Promise<void> {
    await this.gateway.client.transact((transaction) => {
      const lan = {
        if_name: "br-home",
        if_type: "bridge",
        enabled: true,
        network: true,
        ip_assign_scheme: "static",
      } as const;
      const dhcpd = { start: "192.168.40.2", stop: "192.168.40.254" };
      const network = { inet_addr: "192.168.40.1", netmask: "255.255.255.0", dhcpd };
      for (const table of ["Wifi_Inet_Config", "Wifi_Inet_State"] as const)
        transaction.insert(table, { ...lan, ...network });
      transaction.insert("DHCP_leased_IP", lease(bridgeMac, "192.168.40.7"));
      const ports = ["eth1", "pgd3-5", "bhaul-ap-50"].map((name) => {
        const inner = transaction.insert("Interface", { name });
        return transaction.insert("Port", { name, interfaces: [inner] });
      });
      transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name: "br-home", ports })] });
    });
    await this.extender.client.transact((transaction) => {
      transaction.insert("AWLAN_Node", { id: "extender" });
      const manager = transaction.insert("Manager", { target: "ssl:[192.0.2.1]:6640", is_connected: true });
      const ports = ["eth0", "g-bhaul-sta-50", "bhaul-sta-50"].map((name) => {
        const inner = transaction.insert("Interface", { name });
        return transaction.insert("Port", { name, interfaces: [inner] });
      });
      const bridge = transaction.insert("Bridge", { name: "br-home", ports });
      transaction.insert("Open_vSwitch", { manager_options: [manager], bridges: [bridge] });
      const lan = { if_name: "br-home", if_type: "bridge", enabled: true, network: true, hwaddr: bridgeMac } as const;
      transaction.insert("Wifi_Inet_State", { ...lan, inet_addr: "192.168.40.7", netmask: "255.255.255.0" });
    });
  }
}

function lease(hwaddr: string, address: string) {
  return { hwaddr, inet_addr: address, hostname: "", fingerprint: "", vendor_class: "", lease_time: 43_200 };
}
