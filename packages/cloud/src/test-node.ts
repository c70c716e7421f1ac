/** For tests: the database of a node, and enough of OWM to prove what the controller writes. */

import type { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "@opensync-ts/ovsdb/database";
import type { Row } from "@opensync-ts/ovsdb/datum";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema-json";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";
import { parseHome } from "./home.ts";
import type { ConfigTable, StateTable, TableReader } from "./rows.ts";
import { homeText } from "./test-home.ts";

const schema = schemaFromJson(openSyncSchemaJson() as unknown as Parameters<typeof schemaFromJson>[0]);

/** Whose rows go by the name of an interface. */
type NamedTable = Extract<ConfigTable, "Wifi_VIF_Config" | "Wifi_Radio_Config" | "Wifi_Inet_Config">;

export interface TestNodeOptions {
  readonly id?: string | null;
  readonly bands?: readonly ("2.4G" | "5G" | "5GL" | "5GU" | "6G")[];
  readonly seed?: number;
  /** Of the switch. */
  readonly bridge?: string;
}

export class TestNode {
  readonly database: Database;
  /** Of somebody at the node: a manager, or a hand with `ovsh`. */
  readonly client: LocalClient<OpenSync>;

  private constructor(database: Database) {
    this.database = database;
    this.client = new LocalClient({ engine: database });
  }

  /** With a database that is there, and empty. */
  static of(database: Database): TestNode {
    return new TestNode(database);
  }

  /** As after boot: identity and radios, nothing else. */
  static async boot(options: TestNodeOptions = {}): Promise<TestNode> {
    const node = new TestNode(new Database(schema, { random: new SeededRandom(options.seed ?? 1) }));
    await node.start(options);
    return node;
  }

  /** Writes what there is after boot. */
  async start(options: TestNodeOptions = {}): Promise<void> {
    const { id = "gateway", bands = ["2.4G", "5G", "6G"] } = options;
    await this.client.transact((transaction) => {
      transaction.insert("AWLAN_Node", { id, redirector_addr: "ssl:redirector:6643" });
      bands.forEach((band, index) => {
        transaction.insert("Wifi_Radio_Config", { if_name: `wifi${index}`, freq_band: band, enabled: true });
        transaction.insert("Wifi_Radio_State", { if_name: `wifi${index}`, freq_band: band, enabled: true });
      });
      if (options.bridge !== undefined) {
        const { bridge: name } = options;
        const port = transaction.insert("Port", { name, interfaces: [transaction.insert("Interface", { name })] });
        transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name, ports: [port] })] });
      }
    });
  }

  readonly rows: TableReader = (table) => this.database.rows(table);

  all(table: ConfigTable | StateTable): readonly Row[] {
    return [...this.database.rows(table).values()];
  }

  row(table: NamedTable | Exclude<StateTable, "Node_State">, ifName: string): Row | undefined {
    return this.all(table).find((row) => row.if_name === ifName);
  }

  /** A hand at the node. */
  async set(table: NamedTable, ifName: string, columns: object): Promise<void> {
    await this.client.transact((transaction) => transaction.update(table, [["if_name", "==", ifName]], columns));
  }

  /** As a reboot does: what it was given is gone. */
  async forget(): Promise<void> {
    await this.client.transact((transaction) => {
      transaction.update("Wifi_Radio_Config", [], { vif_configs: [] });
      for (const table of ["Wifi_VIF_Config", "Wifi_Inet_Config"] as const) transaction.delete(table, []);
    });
  }

  /** From now on every access point that a radio refers to is reported as configured, as OWM with a willing driver does. */
  async obey(): Promise<void> {
    const tables = ["Wifi_VIF_Config", "Wifi_Radio_Config"] as const;
    const replica = await this.client.replicate({ Wifi_VIF_Config: {}, Wifi_Radio_Config: {} });
    const report = () =>
      void this.client.transact((transaction) => {
        for (const { _uuid, vif_configs, ...radio } of replica.table("Wifi_Radio_Config").rows.values()) {
          const { enabled, channel, ht_mode, tx_power } = radio;
          const where = [["if_name", "==", radio.if_name ?? ""]] as const;
          transaction.update("Wifi_Radio_State", where, { radio_config: _uuid, enabled, channel, ht_mode, tx_power });
        }
        transaction.delete("Wifi_VIF_State", []);
        const referred = new Set(
          [...replica.table("Wifi_Radio_Config").rows.values()].flatMap(({ vif_configs }) => vif_configs),
        );
        for (const row of replica.table("Wifi_VIF_Config").rows.values()) {
          if (!referred.has(row._uuid)) continue;
          const { if_name, enabled, mode, ssid, ssid_broadcast, bridge, mac_list, mac_list_type, ap_bridge } = row;
          const { rrm, btm, pmf, wpa, wpa_pairwise_tkip, wpa_pairwise_ccmp, rsn_pairwise_tkip } = row;
          const { rsn_pairwise_ccmp, wpa_key_mgmt, wpa_psks } = row;
          const about = { vif_config: row._uuid, if_name, enabled, mode, ssid, ssid_broadcast, bridge };
          const access = { mac_list, mac_list_type, ap_bridge, rrm, btm, pmf, wpa, wpa_key_mgmt, wpa_psks };
          const ciphers = { wpa_pairwise_tkip, wpa_pairwise_ccmp, rsn_pairwise_tkip, rsn_pairwise_ccmp };
          transaction.insert("Wifi_VIF_State", { ...about, ...access, ...ciphers });
        }
      });
    for (const table of tables) replica.table(table).onChange(report);
    report();
  }
}

export function testHome(parts: object = {}) {
  return parseHome(homeText(parts), "test.json");
}

/** Lets everything happen that needs no time. */
export async function settle(clock: VirtualClock): Promise<void> {
  for (let round = 0; round < 5; round++) await clock.advance(0);
}
