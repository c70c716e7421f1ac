/** OWM on a database and a driver, in one process and on virtual time. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { defaultLevels, Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { Database } from "@opensync-ts/ovsdb/database";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import type { Commit } from "@opensync-ts/ovsdb/engine";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, type OpenSyncTable, openSync, type Row, type Write } from "@opensync-ts/schema/opensync";
import type { RadioDriver } from "@opensync-ts/target/driver";
import { noNetwork } from "@opensync-ts/target/no-network";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { Target } from "@opensync-ts/target/target";
import type { RunningManager } from "../../manager.ts";
import { ProcessOutbox } from "../../outbox.ts";
import { owm } from "../owm.ts";
import { InstantDriver } from "./instant-driver.ts";
import { apVif, channel, offered, openWpa, phyState } from "./rows.ts";

const schema = schemaFromDeclaration(openSync);

export interface Radios {
  readonly phys: readonly PhyState[];
  readonly vifs: readonly VifState[];
}

/** wifi0 on 2.4 GHz and wifi1 on 5 GHz, each with a home and a backhaul AP, all down. */
export function twoRadios(): Radios {
  const down = { status: "disabled", txPower: 20 } as const;
  const on24 = { ssid: "", wpa: openWpa, bridge: "", channel: channel(6) };
  const on50 = { ssid: "", wpa: openWpa, bridge: "", channel: channel(36, 80) };
  return {
    phys: [
      phyState({
        name: "wifi0",
        mac: mac("02:00:00:00:00:00"),
        channelStates: offered("2.4G", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        capabilities: { band: "2.4G", widths: [20, 40] },
      }),
      phyState(),
    ],
    vifs: [
      apVif({ ...down, name: "home-ap-24", phy: "wifi0", mac: mac("02:00:00:00:00:01") }, on24),
      apVif({ ...down, name: "bhaul-ap-24", phy: "wifi0", mac: mac("02:00:00:00:00:02") }, on24),
      apVif({ ...down, name: "home-ap-50", mac: mac("02:00:00:00:01:01") }, on50),
      apVif({ ...down, name: "bhaul-ap-50", mac: mac("02:00:00:00:01:02") }, on50),
    ],
  };
}

export class Device {
  readonly clock = new VirtualClock();
  readonly database = new Database(schema, { random: new SeededRandom("owm") });
  readonly client = new LocalClient<OpenSync>({ engine: this.database });
  readonly driver: InstantDriver;
  readonly log = new LogRing(1_000);
  /** Of the log, from the next start on. */
  levels = defaultLevels;
  readonly outbox = new ProcessOutbox();
  /** Those of OWM that changed something. */
  readonly commits: Commit[] = [];
  /** What OWM gave up for. */
  readonly failures: Error[] = [];
  #manager: RunningManager | null = null;
  #client: LocalClient<OpenSync> | null = null;

  constructor(radios: Radios = twoRadios()) {
    this.driver = new InstantDriver(this.clock, radios.phys, radios.vifs);
    this.database.onCommit((commit) => {
      if (commit.comment.startsWith("OWM")) this.commits.push(commit);
    });
  }

  /** Starts OWM and lets it come to rest. */
  async start(): Promise<void> {
    this.#client = new LocalClient<OpenSync>({ engine: this.database });
    this.#manager = await owm.start({
      client: this.#client,
      clock: this.clock,
      random: new SeededRandom("owm"),
      outbox: this.outbox,
      log: Log.create({ name: "OW", sink: this.log.sink, wallTime: () => this.clock.wallTime(), levels: this.levels }),
      signal: new AbortController().signal,
      fail: (reason) => this.failures.push(reason),
      target: radiosOnly(this.driver),
    });
    await this.settle();
  }

  async stop(): Promise<void> {
    await this.#manager?.stop();
    this.#client?.close();
  }

  /** OWM's connection to the database breaks. */
  disconnect(): void {
    this.#client?.close();
  }

  dump(): string {
    return this.#manager?.dump() ?? "";
  }

  /** Long enough for a change to go all the way, too short for any retry. */
  async settle(): Promise<void> {
    await this.clock.advance(100);
  }

  rows<T extends OpenSyncTable>(table: T): readonly Row<T>[] {
    return [...this.database.rows(table).values()] as unknown as Row<T>[];
  }

  find<T extends OpenSyncTable>(table: T, columns: Partial<Row<T>>): Row<T> {
    const wanted = Object.entries(columns);
    const found = this.rows(table).find((row) =>
      wanted.every(([column, value]) => row[column as keyof Row<T>] === value),
    );
    if (!found) throw new RangeError(`${table} has no row ${JSON.stringify(columns)}`);
    return found;
  }

  radioState(if_name: string): Row<"Wifi_Radio_State"> {
    return this.find("Wifi_Radio_State", { if_name });
  }

  vifState(if_name: string): Row<"Wifi_VIF_State"> {
    return this.find("Wifi_VIF_State", { if_name });
  }

  async insert<T extends OpenSyncTable>(table: T, row: Write<T>): Promise<Uuid> {
    let named: NamedUuid | undefined;
    const result = await this.client.transact((transaction) => {
      named = transaction.insert(table, row);
    });
    await this.settle();
    return result.uuid(named as NamedUuid);
  }

  /** Updates the row of this identity; others than OWM do. */
  async update<T extends OpenSyncTable>(table: T, uuid: Uuid, row: Write<T>): Promise<void> {
    await this.client.transact((transaction) => transaction.update(table, [["_uuid", "==", uuid]] as never, row));
    await this.settle();
  }

  async delete(table: OpenSyncTable, uuid: Uuid): Promise<void> {
    await this.client.transact((transaction) => transaction.delete(table, [["_uuid", "==", uuid]] as never));
    await this.settle();
  }

  /** A home network on a radio: a VIF row and the radio row that refers to it. */
  async configure(
    radio: Write<"Wifi_Radio_Config">,
    ...vifs: readonly Write<"Wifi_VIF_Config">[]
  ): Promise<{ readonly radio: Uuid; readonly vifs: readonly Uuid[] }> {
    let named: NamedUuid[] = [];
    const result = await this.client.transact((transaction) => {
      const vif_configs = vifs.map((vif) => transaction.insert("Wifi_VIF_Config", vif));
      named = [transaction.insert("Wifi_Radio_Config", { ...radio, vif_configs }), ...vif_configs];
    });
    await this.settle();
    const [own, ...others] = named.map((each) => result.uuid(each));
    return { radio: own as Uuid, vifs: others };
  }

  /** Log lines of this severity, text only. */
  said(severity: "WARNING" | "NOTICE" | "ERR"): readonly string[] {
    return this.log.records().flatMap((record) => (record.severity === severity ? [record.text] : []));
  }
}

export function radiosOnly(driver: RadioDriver): Target {
  return {
    name: "test",
    unit: {
      id: "test",
      serialNumber: "test",
      model: "TEST",
      sku: null,
      hardwareRevision: null,
      platformVersion: "test",
      firmwareVersion: "0",
      vendor: null,
    },
    radioDrivers: [driver],
    network: noNetwork,
    storage: {
      open() {
        throw new Error("OWM keeps nothing");
      },
      erase() {},
      eraseAll() {},
      stores: () => [],
    },
    prepopulation: {},
    close() {},
  };
}
