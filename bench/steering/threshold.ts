/**
 * The rival: a plain steerer by thresholds on the signal, as they run on many access points; its model is OpenWrt's usteer. Nodes
 * tell each other whom they hear. It does three things:
 *
 * - roaming: weaker than `roamTrigger`, connected for a minute: beacon requests, up to three at 10 s, until an access point is
 *   known that hears the client better by `signalDiff`, and above the trigger. Then a BTM request with that one, disassociation imminent; who is
 *   still there 10 s later is sent away. A client that refuses is left alone for a minute.
 * - kicks: weaker than `minSnr` for 5 s: sent away, wherever it may go. Who is as weak as that is not let in, either.
 * - band steering: every two minutes clients on 2.4 GHz whose signal is good get a BTM request to 5 or 6 GHz of their node.
 *
 * Timings are usteer's own defaults. Its thresholds are off by default, which would make it the contender "none"; those
 * here are of the size that its users set, the kick on the gentle side.
 */

import { every } from "@opensync-ts/base/clock";
import type { Db, Mac } from "@opensync-ts/base/units";
import { Capabilities } from "@opensync-ts/wireless/steering/capabilities";
import { beaconRequestFrame, btmFrame, readFrame } from "@opensync-ts/wireless/steering/frames";
import type { Bss, Link } from "@opensync-ts/wireless/steering/model";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import type { LiveHome, LiveNode } from "./live-home.ts";
import type { Steerer, SteerLog } from "./steerer.ts";

export const thresholdSettings = {
  /** dB over noise. */
  roamTrigger: 25,
  minSnr: 8,
  signalDiff: 10,
  bandSteeringMinSnr: 35,
  /** ms */
  update: 1_000,
  minSnrKickDelay: 5_000,
  roamScanTries: 3,
  roamScanInterval: 10_000,
  roamTriggerInterval: 60_000,
  roamKickDelay: 10_000,
  steerRejectTimeout: 60_000,
  seenPolicyTimeout: 30_000,
  bandSteeringInterval: 120_000,
} as const;

interface Client {
  /** What each access point has heard last. */
  readonly heard: Map<Mac, { readonly snr: Db; readonly at: number }>;
  weakSince: number | null;
  scans: number;
  nextScan: number;
  kickAt: number | null;
  /** No roaming before. */
  quietUntil: number;
  kickedAt: number;
}

interface Connection {
  readonly node: LiveNode;
  readonly phy: string;
  readonly link: Link;
  readonly snr: Db;
  readonly bss: Bss;
}

export function startThreshold(home: LiveHome, log: SteerLog): Steerer {
  return new Threshold(home, log);
}

class Threshold implements Steerer {
  readonly #home: LiveHome;
  readonly #log: SteerLog;
  readonly #clients = new Map<Mac, Client>();
  readonly #capabilities = new Capabilities();
  readonly #stops: (() => void)[] = [];
  #token = 0;
  #frame = 0;

  constructor(home: LiveHome, log: SteerLog) {
    this.#home = home;
    this.#log = log;
    const { clock } = home;
    for (const { wireless, driver } of home.nodes) {
      driver.admits = (_, { rssi }) => rssi - noiseFloor >= thresholdSettings.minSnr;
      const { events, vifs, stations } = wireless.state;
      const bssidOf = (vif: string) => vifs.get(vif)?.mac;
      for (const all of stations.values()) for (const [mac, { assocIes }] of all) this.#learn(mac, assocIes);
      this.#stops.push(
        events.on("station", ({ mac, new: now }) => this.#learn(mac, now?.assocIes)),
        events.on("probeRequest", ({ vif, probe }) => this.#hear(probe.station, bssidOf(vif), probe.snr)),
        events.on("frameReceived", ({ frame }) => this.#read(frame)),
      );
    }
    const update = every(clock, thresholdSettings.update, () => this.#update());
    const bands = every(clock, thresholdSettings.bandSteeringInterval, () => this.#steerBands());
    this.#stops.push(
      () => update.cancel(),
      () => bands.cancel(),
    );
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const { driver } of this.#home.nodes) driver.admits = null;
  }

  #learn(mac: Mac, elements: Uint8Array | undefined): void {
    if (elements) this.#capabilities.learn(mac, elements);
  }

  #client(mac: Mac): Client {
    const known = this.#clients.get(mac) ?? {
      ...{ heard: new Map(), weakSince: null, scans: 0, nextScan: 0, kickAt: null, quietUntil: 0 },
      kickedAt: Number.NEGATIVE_INFINITY,
    };
    this.#clients.set(mac, known);
    return known;
  }

  #hear(mac: Mac, bssid: Mac | undefined, snr: Db): void {
    if (bssid !== undefined) this.#client(mac).heard.set(bssid, { snr, at: this.#home.clock.now() });
  }

  #read(octets: Uint8Array): void {
    const read = readFrame(octets);
    if (read === null || typeof read === "string") return;
    const { station, bssid, heard } = read;
    if (heard.type === "btm response" && heard.status !== 0)
      this.#client(station).quietUntil = this.#home.clock.now() + thresholdSettings.steerRejectTimeout;
    if (heard.type !== "beacon reports") return;
    // What clients hear is told from what they are heard at by the difference where they are.
    const own = heard.reports.find((report) => report.bssid === bssid);
    const uplink = this.#home.world.uplinkSignal(bssid, station);
    const difference = own && uplink !== null ? uplink - dbm(own.rcpi) : 0;
    for (const report of heard.reports) this.#hear(station, report.bssid, dbm(report.rcpi) + difference - noiseFloor);
  }

  #update(): void {
    const now = this.#home.clock.now();
    for (const connection of this.#connections()) {
      const { link, snr } = connection;
      this.#hear(link.address, link.bssid, snr);
      const client = this.#client(link.address);
      if (!this.#kickedForSignal(client, connection, now)) this.#roam(client, connection, now);
    }
  }

  #kickedForSignal(client: Client, connection: Connection, now: number): boolean {
    const { minSnr, minSnrKickDelay } = thresholdSettings;
    if (connection.snr >= minSnr) client.weakSince = null;
    else client.weakSince ??= now;
    if (client.weakSince === null || now - client.weakSince <= minSnrKickDelay) return false;
    client.weakSince = null;
    this.#kick(connection);
    return true;
  }

  #roam(client: Client, connection: Connection, now: number): void {
    const { link, snr, bss } = connection;
    if (client.kickAt !== null && now >= client.kickAt) {
      client.kickAt = null;
      client.kickedAt = now;
      // It may have gone and come to another one meanwhile.
      if (now - link.connectedAt >= thresholdSettings.roamKickDelay) this.#kick(connection);
      return;
    }
    const settled = now - Math.max(link.connectedAt, client.kickedAt) >= thresholdSettings.roamTriggerInterval;
    if (client.kickAt !== null || now < client.quietUntil || !settled || snr >= thresholdSettings.roamTrigger) {
      client.scans = 0;
      return;
    }
    const target = this.#better(client, bss, snr, now);
    const { btm, rrm } = this.#capabilities.of([link.address]);
    if (target) {
      client.scans = 0;
      client.kickAt = now + thresholdSettings.roamKickDelay;
      client.quietUntil = now + thresholdSettings.roamKickDelay;
      if (btm) this.#request(connection, [target], true);
    } else if (rrm && client.scans < thresholdSettings.roamScanTries && now >= client.nextScan) {
      client.scans++;
      client.nextScan = now + thresholdSettings.roamScanInterval;
      this.#measure(connection);
    } else if (client.scans >= thresholdSettings.roamScanTries && now >= client.nextScan) client.scans = 0;
  }

  /** The one that hears it best, of those that hear it clearly better. */
  #better(client: Client, from: Bss, snr: Db, now: number): Bss | undefined {
    const { signalDiff, roamTrigger, seenPolicyTimeout } = thresholdSettings;
    const snrOf = (bss: Bss) => {
      const heard = client.heard.get(bss.bssid);
      return heard && now - heard.at <= seenPolicyTimeout ? heard.snr : Number.NEGATIVE_INFINITY;
    };
    return this.#home.bsses
      .map(({ bss }) => bss)
      .filter((bss) => bss.bssid !== from.bssid && snrOf(bss) - snr > signalDiff && snrOf(bss) >= roamTrigger)
      .sort((a, b) => snrOf(b) - snrOf(a))[0];
  }

  #steerBands(): void {
    const now = this.#home.clock.now();
    for (const connection of this.#connections()) {
      const { node, link, snr, bss } = connection;
      if (bss.band !== "2.4G" || snr < thresholdSettings.bandSteeringMinSnr) continue;
      if (!this.#capabilities.of([link.address]).btm || now < this.#client(link.address).quietUntil) continue;
      const higher = this.#home.bsses.filter((each) => each.node === node.id && each.bss.band !== "2.4G");
      this.#request(
        connection,
        higher.map((each) => each.bss),
        false,
      );
    }
  }

  *#connections(): Iterable<Connection> {
    for (const node of this.#home.nodes)
      for (const [vif, stations] of node.wireless.state.stations)
        for (const [address, { phy, connectedAt }] of stations) {
          const bss = this.#home.bsses.find((each) => each.node === node.id && each.bss.vif === vif)?.bss;
          const signal = bss && this.#home.world.uplinkSignal(bss.bssid, address);
          if (!bss || signal == null) continue;
          const snr = signal - noiseFloor;
          yield { node, phy, snr, bss, link: { address, vif, bssid: bss.bssid, connectedAt, snr } };
        }
  }

  #request({ node, phy, link }: Connection, targets: readonly Bss[], imminent: boolean): void {
    const frame = btmFrame(
      {
        ...{ type: "btm", token: this.#nextToken(), source: "sticky", retry: false, links: [link] },
        candidates: targets.map(({ bssid, opClass, channel }, at) => ({
          bssid,
          opClass,
          channel,
          preference: 255 - at,
        })),
        ...{ abridged: true, disassocImminent: imminent, disassocTimer: imminent ? 98 : 0 },
        ...{ validInterval: 100, bssTermination: 0 },
      },
      link,
    );
    this.#log.asked(
      link.address,
      targets.map(({ bssid }) => bssid),
    );
    node.wireless.transmit({ phy, vif: link.vif, frame, token: this.#frame++ });
  }

  #measure({ node, phy, link }: Connection): void {
    const channels = new Map(
      this.#home.bsses.map(({ bss: { opClass, channel } }) => [`${opClass} ${channel}`, { opClass, channel }]),
    );
    const request = { token: this.#nextToken(), channels: [...channels.values()], ssid: "home" };
    node.wireless.transmit({ phy, vif: link.vif, frame: beaconRequestFrame(request, link), token: this.#frame++ });
  }

  #kick({ node, phy, link }: Connection): void {
    this.#log.kicked(link.address);
    node.wireless.deauth(phy, link.vif, link.address, 5);
  }

  #nextToken(): number {
    this.#token = (this.#token % 127) + 1;
    return this.#token;
  }
}

function dbm(rcpi: number): number {
  return rcpi / 2 - 110;
}
