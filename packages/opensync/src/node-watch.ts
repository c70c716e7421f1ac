/** Follows one node's State tables through its database, as any OVSDB client could, for the live view. */

import type { Client, Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { NodeSnapshot } from "./home-view.ts";
import type { ReportWatch } from "./report-watch.ts";

/** What a node knows of itself beyond its tables. */
export interface ConfsyncStatus {
  readonly state: string;
  readonly settled: boolean;
}

type WatchedTable = "Manager" | "Wifi_Radio_State" | "Wifi_VIF_State" | "Wifi_Associated_Clients" | "Node_State";

export class NodeWatch {
  readonly id: string;
  readonly role: string;
  readonly #replica: Replica<OpenSync, WatchedTable>;
  readonly #confsync: () => ConfsyncStatus | null;

  private constructor(
    id: string,
    role: string,
    replica: Replica<OpenSync, WatchedTable>,
    confsync: () => ConfsyncStatus | null,
  ) {
    this.id = id;
    this.role = role;
    this.#replica = replica;
    this.#confsync = confsync;
  }

  /** `confsync` is asked at each snapshot; null while OWM does not run. */
  static async open(
    node: { readonly id: string; readonly role: string; readonly client: Client<OpenSync> },
    confsync: () => ConfsyncStatus | null,
  ): Promise<NodeWatch> {
    const replica = await node.client.replicate({
      Manager: {},
      Wifi_Radio_State: {},
      Wifi_VIF_State: {},
      Wifi_Associated_Clients: {},
      Node_State: {},
    });
    return new NodeWatch(node.id, node.role, replica, confsync);
  }

  onChange(listener: () => void): () => void {
    return this.#replica.onTransaction(() => listener());
  }

  close(): void {
    this.#replica.cancel();
  }

  /** `pending` is what the cloud still wants of the node, `reported` what the node has told it. */
  snapshot(pending: string | null, reported: ReportWatch): NodeSnapshot {
    const confsync = this.#confsync();
    const manager = this.#replica.table("Manager").find((row) => row.is_connected);
    const radioRows = [...this.#replica.table("Wifi_Radio_State").rows.values()];
    const vifRows = this.#replica.table("Wifi_VIF_State").rows;
    const radioOf = new Map(
      radioRows.flatMap((radio) => radio.vif_states.map((uuid) => [uuid, radio.if_name ?? "-"] as const)),
    );
    return {
      id: this.id,
      role: this.role,
      controller: manager?.target ?? null,
      confsync: confsync?.state ?? "not running",
      settled: confsync?.settled ?? false,
      pending,
      reportedMs: reported.reportedMs(this.id),
      radios: radioRows
        .map((radio) => ({
          ifName: radio.if_name ?? "-",
          band: radio.freq_band ?? "-",
          enabled: radio.enabled ?? false,
          channel: radio.channel,
          htMode: radio.ht_mode,
          txPower: radio.tx_power,
          busyPercent: reported.busyPercent(this.id, radio.freq_band ?? "", radio.channel),
        }))
        .sort((a, b) => a.ifName.localeCompare(b.ifName)),
      vifs: [...vifRows]
        .map(([uuid, vif]) => ({
          ifName: vif.if_name ?? "-",
          radio: radioOf.get(uuid) ?? "-",
          ssid: vif.ssid ?? "",
          enabled: vif.enabled ?? false,
          clients: vif.associated_clients.length,
        }))
        .sort((a, b) => a.ifName.localeCompare(b.ifName)),
    };
  }

  /** How PM stands to a life without the cloud (`gw_offline_status`); `null`: nobody has asked for it. */
  get offlineStatus(): string | null {
    const row = this.#replica
      .table("Node_State")
      .find(({ module, key }) => module === "PM" && key === "gw_offline_status");
    return row?.value ?? null;
  }

  /** VIF and key of an associated station, as the node reports it. */
  station(mac: string): { readonly vif: string; readonly keyId: string | null } | null {
    for (const [uuid, station] of this.#replica.table("Wifi_Associated_Clients").rows) {
      if (station.mac?.toLowerCase() !== mac) continue;
      const vif = this.#replica.table("Wifi_VIF_State").find((row) => row.associated_clients.includes(uuid));
      return vif?.if_name ? { vif: vif.if_name, keyId: station.key_id } : null;
    }
    return null;
  }
}
