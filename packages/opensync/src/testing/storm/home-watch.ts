/** Watches a home in a storm: what must hold whatever happens, at every transaction of its gateway's database and at every write to its flash. */

import { every, type Timer } from "@opensync-ts/base/clock";
import type { LogRecord } from "@opensync-ts/base/log";
import type { Outage } from "@opensync-ts/node/device";
import type { RunningNode } from "@opensync-ts/node/start-node";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync, OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import { type CloudlessHome, minute, second } from "../cloudless-home.ts";
import { AddressWatch, networkOf } from "./address-watch.ts";
import { type Configuration, configurationOf, difference } from "./configuration.ts";
import { StoredGuess } from "./stored-guess.ts";
import type { StormFlash } from "./storm-flash.ts";
import type { KnownNetworks } from "./wishes.ts";

/** Without a way out a home is served within this after the boot. */
export const servedWithin = 20 * minute;

const maxViolations = 10;

export const gwStore = "pm_gw_offline_store";

const watched = {
  ...{ Node_Config: {}, Node_State: {}, Wifi_VIF_Config: {}, Wifi_VIF_State: {}, Wifi_Radio_Config: {} },
  ...{ Wifi_Inet_Config: {}, Wifi_Inet_State: {}, DHCP_reserved_IP: {}, Node_Services: {} },
} as const;

const configTables: readonly OpenSyncTable[] = [
  "Node_Config",
  "Wifi_VIF_Config",
  "Wifi_Radio_Config",
  "Wifi_Inet_Config",
  "DHCP_reserved_IP",
];

type Watched = keyof typeof watched;

/** From a boot, or from a restart of the managers, to the end. */
interface Life {
  readonly replica: Replica<OpenSync, Watched>;
  /** Configurations that it may restore; `null`: nobody knows what is on the flash. */
  readonly candidates: ReadonlySet<string> | null;
  /** The cloud has been there in this life. */
  met: boolean;
  /** While offline mode lasts: what was in force when it began, and whether PM has brought that about. */
  offline: { readonly text: string | null; readonly restored: boolean; readonly sessions: number } | null;
}

export class HomeWatch {
  readonly violations: string[] = [];
  /** Lines of severity ERR and above that an injected fault explains. */
  readonly explained: RegExp[] = [/the power is off$/];
  /** What the storm has done to the home, for judging writes. */
  readonly counts = { events: 0, boots: 0, restored: 0, owed: 0, writes: 0, storeWrites: 0, configWrites: 0 };
  #home: CloudlessHome | undefined;
  readonly #flash: StormFlash;
  readonly #known: KnownNetworks;
  #life: Life | undefined;
  #sampler: Timer | undefined;
  readonly #stored = new StoredGuess();
  #addresses: AddressWatch | undefined;
  #debt: Timer | undefined;
  #stopped = false;
  #excusing = false;
  /** With the cloud, when the life before ended. */
  #sessionsBefore = 0;

  constructor(flash: StormFlash, known: KnownNetworks) {
    this.#flash = flash;
    this.#known = known;
    flash.onWrite = (store) => this.#written(store);
  }

  readonly logSink = ({ severity, name, text }: LogRecord): void => {
    if (!["ERR", "CRIT", "ALERT", "EMERG"].includes(severity) || this.#flash.isDead) return;
    if (!this.explained.some((pattern) => pattern.test(text))) this.broken(`log: ${name} <${severity}> ${text}`);
  };

  async attach(home: CloudlessHome): Promise<void> {
    this.#home = home;
    const { device, cloud, fabric, clock } = home;
    device.events.on("up", (node) => void this.#up(node));
    device.events.on("down", ({ outage }) => this.#down(outage));
    device.events.on("failed", ({ message }) => this.broken(`it does not boot: ${message}`));
    cloud.location.events.on("event", ({ kind }) => {
      if (kind === "connected" && this.#life) this.#life.met = true;
    });
    this.#addresses = new AddressWatch(fabric, (words) => this.broken(words));
    this.#sampler = every(clock, minute, () => this.#sample());
    await this.#up(home.node);
  }

  stop(): void {
    this.#stopped = true;
    this.#sampler?.cancel();
    this.forgive();
  }

  broken(words: string): void {
    const at = ((this.#home?.clock.now() ?? 0) / second).toFixed(3);
    if (this.violations.length < maxViolations) this.violations.push(`${at} s: ${words}`);
  }

  /** From now on it is not known what is stored: somebody has laid hands on the flash. */
  flashTouched(): void {
    this.#stored.unknown();
    this.forgive();
  }

  /** Somebody else than PM changes the LAN of a home without its cloud. */
  async excused(change: () => Promise<unknown>): Promise<void> {
    this.#excusing = true;
    try {
      await change();
    } finally {
      this.#excusing = false;
    }
  }

  /** What keeps the home from being served in time is the storm's doing. */
  forgive(): void {
    this.#debt?.cancel();
    this.#debt = undefined;
  }

  rows<T extends Watched>(table: T): readonly Row<T>[] {
    return [...(this.#life?.replica.table(table).rows.values() ?? [])] as unknown as readonly Row<T>[];
  }

  pm(table: "Node_Config" | "Node_State", key: string): string | undefined {
    return this.rows(table).find((row) => row.module === "PM" && row.key === key)?.value;
  }

  get status(): string | undefined {
    return this.pm("Node_State", "gw_offline_status");
  }

  get lan(): string | undefined {
    return this.rows("Wifi_Inet_State").find(({ if_name }) => if_name === "br-home")?.inet_addr ?? undefined;
  }

  /** Why the people in the home are not served; nothing: they are. Reservations included. */
  unserved(): readonly string[] {
    const home = this.#home;
    if (!home) return ["there is no home"];
    const on = this.rows("Wifi_VIF_State").filter(({ enabled, if_name }) => enabled && if_name.startsWith("home-ap-"));
    const ssids = new Set(on.map(({ ssid }) => ssid ?? ""));
    const keys = new Map(this.rows("Wifi_VIF_Config").map((vif) => [vif.ssid, vif.wpa_psks.get("key")] as const));
    const known = [...ssids].some((ssid) => this.#known.key(ssid) === keys.get(ssid));
    const { lan } = this;
    const reserved = new Map(
      this.rows("DHCP_reserved_IP").map((row) => [row.hw_addr as string, row.ip_addr as string]),
    );
    const hosts = new Map(home.fabric.hosts().map((host) => [host.name, host]));
    return [
      ...(on.length === 3 ? [] : [`${on.length} home access points are up`]),
      ...(known ? home.people() : []).flatMap(({ name, mac }) => {
        const host = hosts.get(name);
        if (!host?.linked) return [`${name} is not on the network`];
        const isInLan = lan !== undefined && host.address?.startsWith(networkOf(lan)) === true;
        if (!isInLan) return [`${name} has ${host.address}, the gateway ${lan}`];
        const due = reserved.get(mac);
        return due !== undefined && due !== host.address ? [`${name} has ${host.address} instead of ${due}`] : [];
      }),
    ];
  }

  async #up(node: RunningNode): Promise<void> {
    this.counts.boots++;
    this.#life = undefined;
    this.#stored.follow(null, 0);
    try {
      const replica = await node.client.replicate(watched);
      if (this.#stopped || this.#home?.device.node !== node) return replica.cancel();
      const { candidates } = this.#stored;
      const met = this.#sessions() > this.#sessionsBefore;
      this.#life = { replica, candidates, met, offline: null };
      replica.onTransaction((changes) => {
        if (changes.some(({ table }) => configTables.includes(table))) this.counts.configWrites++;
        this.#look();
      });
      this.#look();
    } catch (error) {
      // It was gone before it was asked.
      if (this.#home?.device.node === node) this.broken(`its database cannot be read: ${String(error)}`);
    }
  }

  #down(outage: Outage): void {
    const isOwed =
      (this.status === "ready" || this.status === "active") &&
      this.#flash.state === "ok" &&
      (this.#stored.candidates?.size ?? 0) > 0 &&
      this.pm("Node_Config", "gw_offline_cfg") === "true";
    this.forgive();
    this.#sessionsBefore = this.#sessions();
    this.#life?.replica.cancel();
    if (outage === "power cut") this.#flash.lost();
    if (isOwed && this.#home?.device.node) this.#owe();
  }

  /** It had what it takes: it is to serve the home in time, whatever it does by itself until then. */
  #owe(): void {
    const { clock, fabric } = this.#home as CloudlessHome;
    if (fabric.cloud === "ok" && this.#home?.wan.state === "ok") return;
    this.#debt = clock.setTimer(servedWithin + 10 * second, () => {
      this.#debt = undefined;
      this.counts.owed++;
      const reasons = this.unserved();
      if (this.status !== "active")
        this.broken(`without its cloud it is '${this.status}' ${servedWithin / minute} minutes after the boot`);
      else if (reasons.length > 0)
        this.broken(`in offline mode, and after ${servedWithin / minute} minutes: ${reasons.join(", ")}`);
    });
  }

  #look(): void {
    const life = this.#life;
    if (!life) return;
    const present = configurationOf(
      <T extends OpenSyncTable>(table: T) =>
        life.replica.table(table as unknown as Watched).rows.values() as unknown as Iterable<Row<T>>,
    );
    this.#lookOffline(life, present);
    this.#follow(life, present);
  }

  #lookOffline(life: Life, present: Configuration | null): void {
    if (this.status !== "active") {
      life.offline = null;
      return;
    }
    const text = present?.text ?? null;
    const isNew = life.offline === null;
    const sessions = this.#sessions();
    if (life.offline === null) life.offline = { text, restored: !life.met, sessions };
    // The cloud is back: what it writes is its own affair.
    if (sessions > life.offline.sessions) return;
    if (text !== life.offline.text) {
      if (!this.#excusing)
        this.broken(`in offline mode the LAN has changed: ${difference(text ?? "{}", life.offline.text ?? "{}")}`);
      life.offline = { ...life.offline, text };
    }
    if (!isNew || !life.offline.restored) return;
    this.counts.restored++;
    if (text === null) this.broken("offline mode without any network");
    else if (present?.hasGuests) this.broken("keys of guests are restored");
    if (text !== null && life.candidates && !life.candidates.has(text)) {
      const [likely = "{}"] = [...life.candidates].slice(-1);
      this.broken(`restored is what was never in force: ${difference(text, likely)}`);
    }
  }

  #follow(life: Life, present: Configuration | null): void {
    if (this.status === "disabled" && this.pm("Node_Config", "gw_offline_cfg") === "false") {
      if (this.#flash.state === "ok") this.#stored.erased();
      return;
    }
    if (this.pm("Node_State", "gw_offline_cfg") === "false") return;
    const isWatched = this.pm("Node_Config", "gw_offline_mon") === "true" && this.status !== "active";
    const isKept = life.met && isWatched && present !== null;
    this.#stored.follow(isKept ? present.text : null, this.#home?.clock.now() ?? 0);
  }

  #sample(): void {
    const home = this.#home;
    if (!home) return;
    const isServed = this.rows("Node_Services").every(({ status }) => status === "enabled");
    if (isServed && this.status === "ready" && this.#flash.state === "ok") this.#stored.settle(home.clock.now());
    this.#addresses?.look(home.device.state === "UP" ? this.lan : undefined);
  }

  #sessions(): number {
    return this.#home?.cloud.location.node("gateway")?.sessions ?? 0;
  }

  #written(store: string): void {
    this.counts.writes++;
    if (store !== gwStore) return;
    this.counts.storeWrites++;
    const life = this.#life;
    // With its cloud back it is about to leave offline mode.
    const isAlone = life?.offline && this.#sessions() === life.offline.sessions;
    if (this.status === "active" && isAlone) this.broken("what is stored is written in offline mode");
  }
}
