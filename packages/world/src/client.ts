/**
 * The behaviour of one client: it looks around when there is a reason to (it has just come, something it knows has
 * changed on the air, it lost its link, its link is weak, a refused attempt has been slept over), picks a BSS, tries
 * to join, and remembers who refused it. It never polls: without a reason it sets no timer.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { SeededRandom } from "@opensync-ts/base/random";
import type { Dbm, Mac } from "@opensync-ts/base/units";
import type { Admission, Bss } from "./access-point.ts";
import { best, type Candidate, roamTarget } from "./choice.ts";
import type { Device, KnownNetwork } from "./device.ts";
import type { Place } from "./geometry.ts";
import { type Agreement, type Akm, isSae, type SecurityTerms } from "./security.ts";
import { sensitivity } from "./spectrum.ts";
import { TrafficSource, type Volume } from "./traffic.ts";
import { nextStep, placeAt } from "./walk.ts";

export type ClientState = "searching" | "joining" | "associated";

/** The link between a client and a BSS. */
export interface Association {
  readonly client: Client;
  readonly bssid: Mac;
  readonly agreement: Agreement;
  readonly keyId: number | null;
  readonly network: KnownNetwork;
  /** Clock time, ms. */
  readonly since: number;
}

/** What a client needs of the world around it. */
export interface Surroundings {
  readonly clock: Clock;
  /** The BSSs it can decode where it is. */
  hear(client: Client): readonly { readonly bss: Bss; readonly rssi: Dbm }[];
  /** Tries to associate; when admitted, the world has called `client.associated` before this returns. */
  join(client: Client, bssid: Mac, network: KnownNetwork): Admission;
  /** Asks who is there; every access point that hears it knows that it is. */
  probe(client: Client): void;
  /** Ends the association because it cannot be heard any more. */
  outOfRange(client: Client): void;
}

/** Milliseconds: [least, most]. */
const scanDelay = [100, 400] as const;
const joinDuration = [20, 80] as const;
const secondThoughts = [1000, 3000] as const;
const firstBackoff = 1000;
const longestBackoff = 60_000;
const walkStep = 1000;
/** A weak link is looked at again after the scan interval, then after twice that, up to this many times. */
const longestScanStretch = 8;

export class Client {
  readonly device: Device;
  readonly traffic: TrafficSource;
  readonly #around: Surroundings;
  readonly #random: SeededRandom;
  readonly #born: number;
  readonly #failures = new Map<Mac, { count: number; until: number }>();
  /** Networks in transition between WPA2 and WPA3 that have refused its key with SAE. */
  readonly #saeRefused = new Set<string>();
  #networks: readonly KnownNetwork[];
  #place: Place;
  #association: Association | null = null;
  #scan: { at: number; timer: Timer } | null = null;
  #joining: Timer | null = null;
  #walking: Timer | null = null;
  #scanStretch = 1;
  #gone = false;
  #delivered: Volume = { down: 0, up: 0 };
  #satisfaction = 1;

  constructor(device: Device, around: Surroundings, random: SeededRandom) {
    this.device = device;
    this.#around = around;
    this.#random = random;
    this.#born = around.clock.now();
    this.#networks = device.networks;
    this.#place = device.place;
    this.traffic = new TrafficSource(device.traffic, random.fork("traffic"), this.#born);
  }

  get place(): Place {
    return this.#place;
  }

  get association(): Association | null {
    return this.#association;
  }

  get networks(): readonly KnownNetwork[] {
    return this.#networks;
  }

  /**
   * What it offers to a network: all it can, but not SAE where that has failed with a key that may be good for WPA2
   * (one of several keys of the network, of which SAE knows only the first).
   */
  securityFor({ ssid }: KnownNetwork): SecurityTerms {
    const { security } = this.device;
    if (!this.#saeRefused.has(ssid)) return security;
    return { ...security, akms: security.akms.filter((akm) => !isSae(akm)) };
  }

  get state(): ClientState {
    if (this.#association) return "associated";
    return this.#joining ? "joining" : "searching";
  }

  start(): void {
    this.#look(scanDelay);
    this.#step();
  }

  stop(): void {
    this.#gone = true;
    this.#scan?.timer.cancel();
    this.#joining?.cancel();
    this.#walking?.cancel();
  }

  /** A BSS has come or changed. */
  heardOf(bss: Bss): void {
    if (!this.#networkOf(bss)) return;
    this.#failures.delete(bss.bssid);
    this.#saeRefused.delete(bss.ssid);
    this.#scanStretch = 1;
    if (!this.#association) this.#look(scanDelay);
    else if (this.#isWeak()) this.#look(secondThoughts);
  }

  forget(bssid: Mac): void {
    this.#failures.delete(bssid);
  }

  associated(association: Association): void {
    this.account();
    this.#association = association;
    this.#failures.delete(association.bssid);
    this.#scanStretch = 1;
    this.#watchSignal();
  }

  /** The association is over; `lookAround` for another unless it has one already. */
  parted(lookAround: boolean): void {
    this.account();
    this.#association = null;
    if (lookAround) this.#look(scanDelay);
  }

  /** Bytes received and sent so far. */
  get delivered(): Volume {
    return this.#delivered;
  }

  /** Books what was wanted since the last time: what the air gave of it while associated, else nothing. */
  account(): void {
    const wanted = this.traffic.take(this.#around.clock.now());
    if (!this.#association) return;
    const { down, up } = this.#delivered;
    this.#delivered = { down: down + wanted.down * this.#satisfaction, up: up + wanted.up * this.#satisfaction };
  }

  /** The fraction of its wishes that the air gives from now on. */
  satisfied(fraction: number): void {
    this.#satisfaction = fraction;
  }

  relocate(place: Place): void {
    const wasWeak = this.#isWeak();
    this.#place = place;
    if (!this.#association) this.#look(scanDelay);
    else if (this.signal() === null) this.#around.outOfRange(this);
    else if (this.#isWeak() && !wasWeak) this.#look(secondThoughts);
    else this.#watchSignal();
  }

  /** The networks it knows from now on. */
  learn(networks: readonly KnownNetwork[]): void {
    this.#networks = networks;
    this.#failures.clear();
    this.#saeRefused.clear();
    this.#look(scanDelay);
  }

  /** As it hears its access point; `null` without one. */
  signal(): Dbm | null {
    const bssid = this.#association?.bssid;
    return this.#around.hear(this).find(({ bss }) => bss.bssid === bssid)?.rssi ?? null;
  }

  /** The moment of the next look, unless one is due earlier. */
  #look([least, most]: readonly [number, number]): void {
    if (this.#gone) return;
    const { clock } = this.#around;
    const delay = least + this.#random.next() * (most - least);
    const at = clock.now() + delay;
    if (this.#scan && this.#scan.at <= at) return;
    this.#scan?.timer.cancel();
    const timer = clock.setTimer(delay, () => {
      this.#scan = null;
      this.#scanNow();
    });
    this.#scan = { at, timer };
  }

  #scanNow(): void {
    if (this.#joining) return;
    this.#around.probe(this);
    const now = this.#around.clock.now();
    const heard = this.#candidates();
    const open = heard.filter(({ bssid }) => (this.#failures.get(bssid)?.until ?? 0) <= now);
    const current = heard.find(({ bssid }) => bssid === this.#association?.bssid);
    if (this.#association && current) {
      const target = roamTarget(current, open, this.device.habits);
      this.#scanStretch = Math.min(longestScanStretch, this.#scanStretch * 2);
      if (target) this.#join(target.bssid);
      else this.#watchSignal();
      return;
    }
    if (this.#association) {
      this.#around.outOfRange(this);
      return;
    }
    const target = best(open, this.device.habits);
    if (target) this.#join(target.bssid);
    else this.#sleepOver(heard);
  }

  /** Comes back when the first of those that refused it may be asked again. */
  #sleepOver(heard: readonly Candidate[]): void {
    const waits = heard.map(({ bssid }) => this.#failures.get(bssid)?.until ?? Number.POSITIVE_INFINITY);
    const first = Math.min(...waits);
    if (!Number.isFinite(first)) return;
    const delay = Math.max(0, first - this.#around.clock.now());
    this.#look([delay, delay]);
  }

  #join(bssid: Mac): void {
    const [least, most] = joinDuration;
    const duration = least + this.#random.next() * (most - least);
    this.#joining = this.#around.clock.setTimer(duration, () => {
      this.#joining = null;
      const bss = this.#around.hear(this).find((heard) => heard.bss.bssid === bssid)?.bss;
      const network = bss && this.#networkOf(bss);
      // It may have vanished or changed its name meanwhile.
      const admission = network && this.#around.join(this, bssid, network);
      if (admission?.admitted) return;
      if (admission && network && !this.#fallsBack(network, admission.akm)) this.#remember(bssid);
      this.#look(scanDelay);
    });
  }

  /** Whether there is a point in asking again at once, without SAE. */
  #fallsBack({ ssid }: KnownNetwork, refused: Akm | undefined): boolean {
    if (refused === undefined || !isSae(refused) || this.#saeRefused.has(ssid)) return false;
    this.#saeRefused.add(ssid);
    return true;
  }

  #remember(bssid: Mac): void {
    const count = (this.#failures.get(bssid)?.count ?? 0) + 1;
    const pause = Math.min(longestBackoff, firstBackoff * 2 ** (count - 1)) * (0.75 + this.#random.next() * 0.5);
    this.#failures.set(bssid, { count, until: this.#around.clock.now() + pause });
  }

  #candidates(): Candidate[] {
    const candidates: Candidate[] = [];
    for (const { bss, rssi } of this.#around.hear(this)) {
      const network = this.#networkOf(bss);
      if (!network || rssi < sensitivity || !this.device.bands.includes(bss.channel.band)) continue;
      candidates.push({ bssid: bss.bssid, band: bss.channel.band, rssi, priority: network.priority });
    }
    return candidates;
  }

  /** A hidden network is known by name, which the client asks for: it is heard like any other. */
  #networkOf(bss: Bss): KnownNetwork | undefined {
    return this.#networks.find(({ ssid, bssid }) => ssid === bss.ssid && (bssid === null || bssid === bss.bssid));
  }

  #isWeak(): boolean {
    return (this.signal() ?? Number.NEGATIVE_INFINITY) < this.device.habits.roamBelow;
  }

  /** While the link is weak, looks for a better one now and then. */
  #watchSignal(): void {
    if (this.#scan || !this.#isWeak()) return;
    const interval = this.device.habits.scanInterval * 1000 * this.#scanStretch;
    this.#look([interval * 0.9, interval * 1.1]);
  }

  #step(): void {
    const { walk } = this.device;
    if (!walk || this.#gone) return;
    const { clock } = this.#around;
    const elapsed = clock.now() - this.#born;
    const next = nextStep(walk, elapsed, walkStep);
    if (next === null) return;
    this.#walking = clock.setTimer(next - elapsed, () => {
      this.relocate(placeAt(walk, clock.now() - this.#born));
      this.#step();
    });
  }
}
