/**
 * A light node for load: the database engine of a node with the rows of a gateway, and enough of its managers to show in the
 * State tables what the Config tables ask for. No radios, no files.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Where } from "@opensync-ts/ovsdb/client";
import { Database } from "@opensync-ts/ovsdb/database";
import type { Row } from "@opensync-ts/ovsdb/datum";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { DatabaseSchema } from "@opensync-ts/ovsdb/schema";
import { OvsdbServer, type ServedRemote } from "@opensync-ts/ovsdb/server";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { OpenSync } from "@opensync-ts/schema/opensync";

export interface SimNodeOptions {
  readonly id: string;
  /** Shared by all nodes of a process. */
  readonly schema: DatabaseSchema;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const bands = [
  { name: "wifi0", band: "2.4G", channel: 6, ht: "HT20", hw: "11ax" },
  { name: "wifi1", band: "5G", channel: 36, ht: "HT80", hw: "11ax" },
  { name: "wifi2", band: "6G", channel: 37, ht: "HT160", hw: "11ax" },
] as const;

const allowed = {
  "2.4G": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  "5G": [36, 40, 44, 48, 149, 153, 157, 161],
  "6G": Array.from({ length: 24 }, (_, index) => 1 + 4 * index),
} as const;

/** What OWM copies of each kind of row. */
const vifColumns = [
  "if_name",
  "enabled",
  "mode",
  "ssid",
  "ssid_broadcast",
  "bridge",
  "mac_list",
  "mac_list_type",
  "ap_bridge",
  "rrm",
  "btm",
  "pmf",
  "wpa",
  "wpa_pairwise_tkip",
  "wpa_pairwise_ccmp",
  "rsn_pairwise_tkip",
  "rsn_pairwise_ccmp",
  "wpa_key_mgmt",
  "wpa_psks",
] as const;
const radioColumns = ["enabled", "channel", "ht_mode", "tx_power"] as const;
const inetColumns = ["if_name", "if_type", "enabled", "network", "ip_assign_scheme", "inet_addr", "netmask"] as const;
const noAddress = "0.0.0.0";
const routes = [
  ["eth0", noAddress, noAddress, "203.0.113.1"],
  ["eth0", "203.0.113.0", "255.255.255.0", noAddress],
  ["br-home", "192.168.40.0", "255.255.255.0", noAddress],
] as const;

export class SimNode {
  readonly id: string;
  readonly database: Database;
  readonly client: LocalClient<OpenSync>;
  readonly server: OvsdbServer;
  #remote: ServedRemote | undefined;
  #obeying = false;

  constructor({ id, schema, clock, random, log }: SimNodeOptions) {
    this.id = id;
    this.database = new Database(schema, { random });
    this.client = new LocalClient({ engine: this.database });
    this.server = new OvsdbServer({ databases: [{ engine: this.database }], clock, random, log });
  }

  /** Its rows as after boot. */
  async boot(): Promise<void> {
    await this.client.transact((transaction) => {
      transaction.insert("AWLAN_Node", {
        id: this.id,
        serial_number: this.id,
        model: "SIM-GATEWAY",
        firmware_version: "7.11.420",
        platform_version: "7.11.420",
        redirector_addr: "ssl:redirector:6643",
        version_matrix: new Map([["OPENSYNC", "7.11.420"]]),
      });
      for (const { name, band, channel, ht, hw } of bands) {
        const radio = { if_name: name, freq_band: band, enabled: true, channel, ht_mode: ht, hw_mode: hw } as const;
        transaction.insert("Wifi_Radio_Config", radio);
        transaction.insert("Wifi_Radio_State", { ...radio, country: "US", allowed_channels: allowed[band] });
      }
      for (const name of ["eth0", "br-home"] as const) {
        const inet = {
          if_name: name,
          if_type: name === "eth0" ? "eth" : "bridge",
          enabled: true,
          network: true,
        } as const;
        const address = name === "eth0" ? "dhcp" : "static";
        transaction.insert("Wifi_Inet_Config", { ...inet, NAT: name === "eth0", ip_assign_scheme: address });
        transaction.insert("Wifi_Inet_State", { ...inet, ip_assign_scheme: address, inet_addr: "192.168.40.1" });
      }
      const ports = ["br-home", "eth1", "eth2", "eth3"].map((name) =>
        transaction.insert("Port", { name, interfaces: [transaction.insert("Interface", { name })] }),
      );
      transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name: "br-home", ports })] });
      for (const [if_name, dest_addr, dest_mask, gateway] of routes) {
        const gateway_hwaddr = gateway === noAddress ? null : "02:00:5e:00:00:01";
        transaction.insert("Wifi_Route_State", { if_name, dest_addr, dest_mask, gateway, gateway_hwaddr });
      }
      transaction.insert("Connection_Manager_Uplink", { if_name: "eth0", if_type: "eth", is_used: true });
      for (let index = 0; index < 12; index++) {
        const setting = { module: `MODULE${index % 3}`, key: `setting-${index}`, value: "1" };
        transaction.insert("Node_State", setting);
      }
      for (let index = 0; index < 12; index++) {
        const mac = `02:00:00:00:00:${(16 + index).toString(16)}`;
        transaction.insert("DHCP_leased_IP", {
          hwaddr: mac,
          inet_addr: `192.168.40.${10 + index}`,
          hostname: "client",
        });
      }
    });
    await this.#reportAccessPoints();
    this.database.onCommit(({ delta }) => {
      if (["Wifi_VIF_Config", "Wifi_Radio_Config", "Wifi_Inet_Config"].some((table) => delta.has(table))) this.#obey();
    });
  }

  /** Dials, and dials again, as a node's server does. */
  async dial(remote: string, tls: TlsFiles | undefined): Promise<void> {
    await this.hangUp();
    this.#remote = await this.server.listen(remote, tls);
  }

  async hangUp(): Promise<void> {
    await this.#remote?.close();
    this.#remote = undefined;
  }

  get connected(): boolean {
    return this.server.connections > 0;
  }

  /** Cuts the connection; its server dials again after a pause. */
  cut(): void {
    this.server.disconnectClients("cut for a test");
  }

  #obey(): void {
    if (this.#obeying) return;
    this.#obeying = true;
    setImmediate(() => {
      this.#obeying = false;
      void this.#report();
    });
  }

  async #report(): Promise<void> {
    await this.client.transact((transaction) => {
      const radios = [...this.database.rows("Wifi_Radio_Config").values()];
      for (const radio of radios) {
        const where: Where<OpenSync, "Wifi_Radio_State"> = [["if_name", "==", String(radio.if_name)]];
        transaction.update("Wifi_Radio_State", where, pick(radio, radioColumns));
      }
      this.#copy("Wifi_VIF_Config", "Wifi_VIF_State", vifColumns, transaction);
      this.#copy("Wifi_Inet_Config", "Wifi_Inet_State", inetColumns, transaction);
    });
  }

  #copy(
    from: "Wifi_VIF_Config" | "Wifi_Inet_Config",
    to: "Wifi_VIF_State" | "Wifi_Inet_State",
    columns: readonly string[],
    transaction: Parameters<Parameters<LocalClient<OpenSync>["transact"]>[0]>[0],
  ): void {
    const states = [...this.database.rows(to).values()];
    const configured = new Set<unknown>();
    for (const row of this.database.rows(from).values()) {
      configured.add(row.if_name);
      const state = states.find(({ if_name }) => if_name === row.if_name);
      const copied = pick(row, columns);
      if (state) transaction.update(to, [["_uuid", "==", state._uuid]], copied);
      else transaction.insert(to, { ...copied, if_name: String(row.if_name) });
    }
    for (const state of states) {
      if (!configured.has(state.if_name)) transaction.delete(to, [["_uuid", "==", state._uuid]]);
    }
  }

  /** Its clients. */
  async #reportAccessPoints(): Promise<void> {
    await this.client.transact((transaction) => {
      const clients = Array.from({ length: 12 }, (_, index) =>
        transaction.insert("Wifi_Associated_Clients", {
          mac: `02:00:00:00:00:${(16 + index).toString(16)}`,
          state: "active",
        }),
      );
      transaction.insert("Wifi_VIF_State", {
        if_name: "b-ap-24",
        mode: "ap",
        enabled: true,
        associated_clients: clients,
      });
      transaction.insert("Wifi_VIF_Config", { if_name: "b-ap-24", mode: "ap", enabled: true });
    });
  }
}

function pick(row: Row, columns: readonly string[]): Record<string, never> {
  return Object.fromEntries(columns.map((column) => [column, row[column]])) as Record<string, never>;
}
