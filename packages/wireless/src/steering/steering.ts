/**
 * Steering as a whole (`ow_steer_bm`): groups of access points, the clients that are steered among them, and what drivers
 * report. Decisions are made for each client in each group (`decide.ts`); here they are fed and carried out.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type { StationState, VifState } from "@opensync-ts/target/radio";
import type { Wireless } from "../contract.ts";
import { DropLog } from "../stats/drop-log.ts";
import { StationSnr } from "../stats/station-snr.ts";
import { refuses } from "./acl.ts";
import { Associations } from "./associations.ts";
import { BssTable } from "./bss-list.ts";
import type { SteeringNeighbor } from "./bss-table.ts";
import { Capabilities } from "./capabilities.ts";
import type { Decision, SteeringAction } from "./decide.ts";
import { dumpSteering } from "./dump/dump.ts";
import type { Explanation } from "./explanation.ts";
import { explanationLines } from "./explanation-text.ts";
import { type Heard, readFrame } from "./frames.ts";
import { ChannelKnowledgeBase } from "./knowledge.ts";
import { steeringLimits } from "./limits.ts";
import type { SteeringInput } from "./model.ts";
import { Performer } from "./performer.ts";
import type { ClientSettings } from "./settings.ts";
import { StationSteering, type Surroundings } from "./station-steering.ts";

export interface SteeringOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly wireless: Pick<
    Wireless,
    "state" | "stats" | "deferVifDown" | "blocks" | "localNeighbors" | "transmit" | "deauth"
  >;
}

export interface SteeringGroup {
  readonly id: string;
  /** Access points by name. One that two groups name belongs to the first. */
  readonly vifs: readonly string[];
}

export interface SteeredClientSettings extends ClientSettings {
  /** What it asks of client steering has ended in a former life. */
  readonly ended: boolean;
}

export interface SteeringPlan {
  readonly groups: readonly SteeringGroup[];
  readonly clients: readonly SteeredClientSettings[];
  readonly neighbors: readonly SteeringNeighbor[];
}

export interface SteeringEvents {
  /** For each decision that did something, or ended something. */
  decision: { readonly station: Mac; readonly group: string; readonly decision: Decision };
  /** What was done to a station; a BTM request once, whatever the number of links. */
  action: { readonly station: Mac; readonly group: string; readonly action: SteeringAction };
  /** What happened to a station, as far as steering has heard. */
  input: { readonly station: Mac; readonly input: SteeringInput };
}

export interface SteeringCounters {
  /** Frames that were not what they claimed to be, or from nobody. */
  readonly brokenFrames: number;
  readonly forgedFrames: number;
  /** BTM responses to nothing that was asked, or that have been answered already. */
  readonly unaskedResponses: number;
  /** Events of stations of which too many came at once. */
  readonly droppedEvents: number;
  /** Blocks for which access points had no room. */
  readonly refusedBlocks: number;
}

export class Steering {
  readonly events = new Emitter<SteeringEvents>();
  readonly #options: SteeringOptions;
  readonly #drops: DropLog;
  readonly #snr: StationSnr;
  readonly #knowledge: ChannelKnowledgeBase;
  readonly #capabilities = new Capabilities();
  readonly #performer: Performer;
  readonly #table: BssTable;
  /** By group, then client. */
  readonly #stations = new Map<string, Map<Mac, StationSteering>>();
  /** Groups by access point. */
  #groups: ReadonlyMap<string, string> = new Map();
  /** As it is in force, within the bounds. */
  #plan: SteeringPlan = { groups: [], clients: [], neighbors: [] };
  readonly #deferred = new Map<string, () => void>();
  readonly #associations: Associations;
  #statsUnsubscribe: Unsubscribe | null = null;
  readonly #unsubscribe: readonly Unsubscribe[];
  #counters = { brokenFrames: 0, forgedFrames: 0, unaskedResponses: 0, droppedEvents: 0 };

  constructor(options: SteeringOptions) {
    this.#options = options;
    const { clock, log, wireless } = options;
    const { state, stats } = wireless;
    this.#drops = new DropLog(clock, log, "steer");
    this.#snr = new StationSnr({ stats, clock });
    this.#knowledge = new ChannelKnowledgeBase(clock);
    this.#performer = new Performer({ clock, log, wireless, drops: this.#drops });
    this.#table = new BssTable(state);
    this.#associations = new Associations({ clock, state, changed: () => this.#decideAll() });
    this.#unsubscribe = [
      state.events.on("vif", () => this.#surroundingsChanged()),
      state.events.on("station", ({ mac, vif, old, new: now }) => this.#stationChanged(mac, vif, old !== null, now)),
      state.events.on("probeRequest", ({ vif, probe: { station, snr, ssid } }) => {
        this.#heardOn(station, vif);
        this.#deliver(station, { type: "probe", vif, snr, broadcast: ssid === "" });
      }),
      state.events.on("authFailed", ({ vif, station, invalidPsk }) => {
        if (!invalidPsk) this.#deliver(station, { type: "auth", vif });
      }),
      state.events.on("frameReceived", ({ vif, frame }) => this.#frameReceived(vif, frame)),
      state.events.on("frameTransmitted", ({ token, result }) =>
        this.#performer.transmitted(token, result === "submitted"),
      ),
    ];
    for (const [vif, stations] of state.stations)
      for (const [mac, station] of stations) this.#stationChanged(mac, vif, false, station);
  }

  get counters(): SteeringCounters {
    const dropped = this.#all().reduce((sum, { dropped: count }) => sum + count, this.#counters.droppedEvents);
    return { ...this.#counters, droppedEvents: dropped, refusedBlocks: this.#performer.refusedBlocks };
  }

  /** Replaces what there was. Clients that stay keep what is remembered of them. Bounds: `steeringLimits`. */
  apply(plan: SteeringPlan): void {
    const groups = plan.groups.slice(0, steeringLimits.groups);
    const owners = new Map<string, string>();
    for (const { id, vifs } of groups) for (const vif of vifs) if (!owners.has(vif)) owners.set(vif, id);
    this.#groups = owners;
    const neighbors = plan.neighbors.slice(0, steeringLimits.neighbors);
    this.#table.configure(owners, neighbors);
    this.#deferVifs(new Set(owners.keys()));
    this.#options.wireless.localNeighbors.setGroups(owners);
    const clients = new Map(plan.clients.slice(0, steeringLimits.clients).map((client) => [client.mac, client]));
    this.#plan = { groups, neighbors, clients: [...clients.values()] };
    const ids = new Set(groups.map(({ id }) => id));
    for (const [group, stations] of this.#stations) {
      for (const station of stations.values())
        if (!ids.has(group) || !clients.has(station.station)) this.#remove(group, station);
      if (!ids.has(group)) this.#stations.delete(group);
    }
    for (const { id } of groups) for (const client of clients.values()) this.#set(id, client);
    this.#countTraffic(groups.length > 0 && clients.size > 0);
    this.#surroundingsChanged();
  }

  explain(station: Mac): readonly Explanation[] {
    return this.#all()
      .filter((one) => one.station === station)
      .map((one) => one.explain());
  }

  /** What is wrong and why stations are where they are, for people: in order of group and client. */
  describe(): readonly string[] {
    const stations = this.#all().map((one) => one.explain());
    const counters = Object.entries(this.counters).flatMap(([name, count]) => (count > 0 ? [`${name}: ${count}`] : []));
    return [...this.#table.describe(), ...counters, ...stations.flatMap(explanationLines)];
  }

  /** With the labels of deployed devices; lines have their prefixes. */
  dump(): readonly string[] {
    const { groups, clients, neighbors } = this.#plan;
    return dumpSteering({
      ...{ clients, neighbors, vifs: this.#options.wireless.state.vifs },
      groups: groups.map(({ id, vifs }) => ({
        ...{ id, bsses: this.#table.of(id) },
        vifs: vifs.filter((vif) => this.#groups.get(vif) === id),
      })),
      stations: this.#all().map((one) => one.look()),
    });
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const one of this.#all()) one.stop();
    this.#stations.clear();
    for (const remove of this.#deferred.values()) remove();
    this.#deferred.clear();
    this.#options.wireless.localNeighbors.setGroups(new Map());
    this.#associations.stop();
    this.#statsUnsubscribe?.();
    this.#performer.stop();
    this.#knowledge.stop();
  }

  #all(): StationSteering[] {
    return [...this.#stations].flatMap(([, stations]) => [...stations.values()]);
  }

  #decideAll(): void {
    for (const one of this.#all()) one.soon();
  }

  #set(group: string, client: SteeredClientSettings): void {
    const stations = this.#stations.get(group) ?? new Map<Mac, StationSteering>();
    this.#stations.set(group, stations);
    const known = stations.get(client.mac);
    if (known) {
      if (known.settings !== client) known.settings = client;
      return;
    }
    const { clock, log } = this.#options;
    const one: StationSteering = new StationSteering(
      group,
      client,
      {
        ...{ clock, log, snr: this.#snr },
        surroundings: () => this.#surroundings(one),
        perform: (action) => {
          this.#performer.perform(client.mac, action, (token, sent) => one.input({ type: "frame sent", token, sent }));
          this.events.emit("action", { station: client.mac, group, action });
        },
        decided: (decision) => this.#decided(one, decision),
        dropped: () =>
          this.#drops.dropped("events of stations of which too many came at once; the oldest are passed over"),
      },
      client.ended,
    );
    stations.set(client.mac, one);
    this.#associations.follow(client.mac);
    one.soon();
  }

  #remove(group: string, one: StationSteering): void {
    this.#counters.droppedEvents += one.dropped;
    one.stop();
    this.#stations.get(group)?.delete(one.station);
    if (!this.#all().some(({ station }) => station === one.station)) this.#associations.forget(one.station);
  }

  #surroundings({ station, group }: StationSteering): Surroundings {
    const { state, blocks } = this.#options.wireless;
    const own = [...this.#groups].flatMap(([name, owner]) => (owner === group ? [name] : []));
    const all = this.#associations.of(station);
    const links = all.links.filter(({ vif }) => this.#groups.get(vif.name) === group);
    const addresses = [station, ...links.map((link) => link.state.mac)];
    const { bsses, members, groupMlo } = this.#table.of(group);
    const capabilities = this.#capabilities.of(addresses);
    return {
      ...{ bsses, members, groupMlo },
      association: { ...all, links },
      backhaul: links.some(({ vif }) => isBackhaul(vif)),
      ...{ btm: capabilities.btm, rrm: capabilities.rrm },
      channels: this.#knowledge.of(addresses),
      refusedBy: own.filter((name) => {
        const vif = state.vifs.get(name);
        return vif?.type === "ap" && refuses(vif.ap, station);
      }),
      closedBy: own.filter((name) => blocks.refusedAnyway(name, station)),
    };
  }

  #decided({ station, group }: StationSteering, decision: Decision): void {
    const { log } = this.#options;
    for (const { policy, from, to, reason } of decision.transitions)
      log.debug(() => `ow: steer: ${station}: ${policy}: ${from} -> ${to}: ${reason}`);
    for (const { policy, result, reason, requests, deauths } of decision.outcomes) {
      const text = `ow: steer: ${station}: ${policy}: ${result}: ${reason} (${requests} BTM requests, ${deauths} deauths)`;
      // What came to nothing does so again and again.
      if (requests + deauths === 0) log.debug(text);
      else log.info(text);
      if (requests + deauths > 0) log.info(`ow: steer: explanation: ${JSON.stringify(decision.explanation)}`);
    }
    this.events.emit("decision", { station, group, decision });
  }

  #deliver(station: Mac, input: SteeringInput): void {
    let known = false;
    for (const stations of this.#stations.values()) {
      const one = stations.get(station);
      if (one) one.input(input);
      known ||= one !== undefined;
    }
    if (known) this.events.emit("input", { station, input });
  }

  /** Clients' rows name a link's address or a device's. */
  #clientsOf(address: Mac, mldAddr: Mac | null): readonly Mac[] {
    const names = mldAddr === null || mldAddr === address ? [address] : [address, mldAddr];
    return names.filter((name) => [...this.#stations.values()].some((stations) => stations.has(name)));
  }

  #stationChanged(address: Mac, vif: string, was: boolean, now: StationState | null): void {
    const channel = this.#table.frequencyOf(vif);
    if (now && !was) this.#knowledge.connected(address, channel);
    else if (!now && was) this.#knowledge.disconnected(address);
    if (now?.assocIes) this.#learn(address, now.assocIes);
    const clients = this.#clientsOf(address, now?.mldAddr ?? null);
    if ((now === null) === was)
      for (const client of clients) this.#deliver(client, { type: now ? "connected" : "disconnected", vif });
    this.#associations.later();
  }

  /** What a station says of itself. */
  #learn(address: Mac, elements: Uint8Array): void {
    const { frequencies } = this.#capabilities.learn(address, elements);
    this.#knowledge.listed(address, frequencies);
    for (const client of this.#clientsOf(address, null))
      for (const stations of this.#stations.values()) stations.get(client)?.soon();
  }

  #heardOn(station: Mac, vif: string): void {
    const frequency = this.#table.frequencyOf(vif);
    if (frequency !== null && this.#knowledge.heard(station, frequency))
      for (const stations of this.#stations.values()) stations.get(station)?.soon();
  }

  #frameReceived(name: string, frame: Uint8Array): void {
    const read = readFrame(frame);
    if (read === null) return;
    if (typeof read === "string") {
      this.#counters.brokenFrames++;
      this.#drops.dropped(`frames from stations that cannot be read: ${read}; they are passed over`);
      return;
    }
    const { station, bssid, heard } = read;
    if (this.#options.wireless.state.vifs.get(name)?.mac !== bssid) return;
    this.#heardOn(station, name);
    if (heard.type === "auth") this.#deliver(station, { type: "auth", vif: name });
    else if (heard.type === "association") {
      this.#learn(station, heard.elements);
      if (heard.from !== null) this.#deliver(station, { type: "reassociation", from: heard.from, to: bssid });
    } else this.#answered(station, name, heard);
  }

  /** Only who is associated may answer for itself. */
  #answered(station: Mac, name: string, heard: Extract<Heard, { type: "btm response" | "beacon reports" }>): void {
    const state = this.#options.wireless.state.stations.get(name)?.get(station);
    if (!state) {
      this.#counters.forgedFrames++;
      this.#drops.dropped(`frames of stations that are not associated on ${name}; they are passed over`);
      return;
    }
    for (const client of this.#clientsOf(station, state.mldAddr)) {
      if (heard.type === "btm response") this.#responded(client, heard, name);
      else for (const all of this.#stations.values()) all.get(client)?.beaconReports(heard.reports);
    }
  }

  #responded(client: Mac, response: Extract<Heard, { type: "btm response" }>, vif: string): void {
    const all = [...this.#stations.values()].flatMap((stations) => stations.get(client) ?? []);
    if (!all.some((one) => one.awaits(response.token))) {
      this.#counters.unaskedResponses++;
      this.#drops.dropped(`BTM responses of stations on ${vif} to nothing that they were asked; they are passed over`);
      return;
    }
    this.#deliver(client, response);
  }

  #surroundingsChanged(): void {
    this.#table.changed();
    this.#associations.refresh();
    this.#decideAll();
  }

  #deferVifs(wanted: ReadonlySet<string>): void {
    for (const [vif, remove] of this.#deferred) {
      if (wanted.has(vif)) continue;
      this.#deferred.delete(vif);
      remove();
    }
    for (const vif of wanted) {
      if (this.#deferred.has(vif)) continue;
      const told = (leaving: boolean) => {
        this.#table.setLeaving(vif, leaving);
        this.#decideAll();
      };
      try {
        const observer = { started: () => told(true), stopped: () => told(false) };
        this.#deferred.set(
          vif,
          this.#options.wireless.deferVifDown.addRule(vif, steeringLimits.vifDownGrace, observer),
        );
      } catch (error) {
        this.#drops.dropped(`access points that go down without notice: ${messageOf(error)}`);
      }
    }
  }

  /** While there is somebody to steer. */
  #countTraffic(wanted: boolean): void {
    if (!wanted) {
      this.#statsUnsubscribe?.();
      this.#statsUnsubscribe = null;
      return;
    }
    this.#statsUnsubscribe ??= this.#options.wireless.stats.subscribe({
      name: "ow_steer",
      stats: ["STA", "CHAN"],
      pollPeriod: steeringLimits.idleSlice,
      reportPeriod: steeringLimits.idleSlice,
      report: (records) => {
        for (const record of records) {
          if (record.stats === "CHAN") {
            const { phy_name: phy, freq_mhz: frequency, cnt_percent: shares } = record.data;
            if (phy !== undefined && frequency !== undefined && shares?.busy !== undefined)
              this.#table.setLoad(phy, frequency, shares.busy);
          }
          if (record.stats !== "STA" || record.data.mac_address === undefined) continue;
          const { mac_address: address, vif_name: vif, tx_frames: tx = 0, rx_frames: rx = 0 } = record.data;
          const mldAddr = this.#options.wireless.state.stations.get(vif ?? "")?.get(address)?.mldAddr ?? null;
          for (const client of this.#clientsOf(address, mldAddr))
            for (const stations of this.#stations.values()) stations.get(client)?.traffic(tx + rx);
        }
      },
    });
  }
}

/** Other access points connect to it, not clients. */
function isBackhaul(vif: VifState): boolean {
  return vif.type !== "ap" || vif.ap.multiAp === "backhaul_bss";
}
