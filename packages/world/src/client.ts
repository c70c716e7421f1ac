/**
 * The behaviour of one client: it looks around when there is a reason to (it has just come, something it knows has
 * changed on the air, it lost its link, its link is weak, a refused attempt has been slept over), picks a BSS, tries
 * to join, and remembers who refused it. It never polls: without a reason it sets no timer.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { SeededRandom } from "@opensync-ts/base/random";
import type { Dbm, Mac } from "@opensync-ts/base/units";
import type { Admission, Bss, LeaveReason, Refusal } from "./access-point.ts";
import type { BeaconRequest, HeardBeacon } from "./beacon-measurement.ts";
import { best, type Candidate, roamTarget } from "./choice.ts";
import type { Device, KnownNetwork } from "./device.ts";
import type { Span } from "./device-class.ts";
import type { Place } from "./geometry.ts";
import { maxDirectedProbes, maxToldNeighbors } from "./limits.ts";
import { Refusals } from "./refusals.ts";
import { type ClientMessage, Requests } from "./requests.ts";
import { type Agreement, type Akm, isFast, isSae, type SecurityTerms } from "./security.ts";
import { ServiceBook, type ServicePhase, type ServiceView } from "./service-book.ts";
import { sensitivity } from "./spectrum.ts";
import { TrafficSource } from "./traffic.ts";
import { TrafficBook } from "./traffic-book.ts";
import type { TransitionRequest } from "./transition.ts";
import { walkTo } from "./walk.ts";
import { Walking } from "./walking.ts";

export type ClientState = "searching" | "joining" | "associated";

/** The link between a client and a BSS. */
export interface Association {
  readonly client: Client;
  readonly bssid: Mac;
  /** The BSSs of its links with a multi-link device, `bssid` among them; else that one alone. */
  readonly links: readonly Mac[];
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
  /** All beacons that it can decode where it is, neighbours' too. */
  hearAll(client: Client): readonly HeardBeacon[];
  /** Tries to associate, `fast`: by fast BSS transition; when admitted, the world has called `client.associated` before this returns. */
  join(client: Client, bssid: Mac, network: KnownNetwork, fast: boolean): Admission;
  /** Asks who is there ("": anybody); every access point that hears it knows that it is. */
  probe(client: Client, ssid: string): void;
  /** Says something to its access point. */
  tell(client: Client, message: ClientMessage): void;
  /** Ends the association because it cannot be heard any more. */
  outOfRange(client: Client): void;
}

const secondThoughts: Span = [1000, 3000];
/** A weak link is looked at again after the scan interval, then after twice that, up to this many times. */
const longestScanStretch = 8;
/** Who knows where to look is done in this part of the time. */
const shortcut = 0.3;

export class Client {
  readonly device: Device;
  readonly traffic: TrafficBook;
  readonly #book: ServiceBook;
  readonly #requests: Requests;
  readonly #around: Surroundings;
  readonly #random: SeededRandom;
  readonly #born: number;
  readonly #refusals = new Refusals();
  #networks: readonly KnownNetwork[];
  #place: Place;
  #association: Association | null = null;
  #scan: { at: number; timer: Timer } | null = null;
  #joining: Timer | null = null;
  readonly #walking: Walking;
  #scanStretch = 1;
  /** Its access point has told it of others. */
  #neighbors: ReadonlySet<Mac> = new Set();
  #gone = false;

  constructor(device: Device, around: Surroundings, random: SeededRandom) {
    this.device = device;
    this.#around = around;
    this.#random = random;
    this.#born = around.clock.now();
    this.#networks = device.networks;
    this.#place = device.place;
    this.#walking = new Walking(around.clock, (place) => this.relocate(place));
    this.traffic = new TrafficBook(new TrafficSource(device.traffic, random.fork("traffic"), this.#born));
    this.#book = new ServiceBook(this.#born);
    this.#requests = new Requests({
      clock: around.clock,
      device,
      random: random.fork("requests"),
      book: this.#book,
      situation: () => this.#situation(),
      isMoving: () => this.#joining !== null,
      wakeDelay: () => this.#wakeDelay(),
      hearAll: () => around.hearAll(this),
      move: (bssid) => this.#join(bssid),
      tell: (message) => around.tell(this, message),
    });
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

  /** What it offers to a network. */
  securityFor({ ssid }: KnownNetwork): SecurityTerms {
    return this.#refusals.termsFor(ssid, this.device.security);
  }

  get state(): ClientState {
    if (this.#association) return "associated";
    return this.#joining ? "joining" : "searching";
  }

  start(): void {
    this.#look(this.device.joining.scan);
    if (this.device.walk) this.#walking.begin(this.device.walk, this.#born);
  }

  stop(): void {
    this.#gone = true;
    this.#scan?.timer.cancel();
    this.#joining?.cancel();
    this.#walking.stop();
    this.#requests.stop();
  }

  /** Its access point asks it to go elsewhere; it answers when it sees fit. */
  askedToMove(request: TransitionRequest): void {
    this.#requests.transition(request);
  }

  /** Its access point asks it what it hears. */
  askedToMeasure(request: BeaconRequest): void {
    this.#requests.measure(request);
  }

  /** Its access point tells it who else is there: it finds those faster from now on. */
  toldOf(neighbors: readonly Mac[]): void {
    this.#neighbors = new Set(neighbors.slice(0, maxToldNeighbors));
  }

  /** A BSS has come or changed. */
  heardOf(bss: Bss): void {
    if (!this.#networkOf(bss)) return;
    this.#refusals.forget(bss.bssid);
    this.#refusals.forgetSae(bss.ssid);
    this.#scanStretch = 1;
    if (!this.#association) this.#look(this.#scanSpan());
    else if (this.#isWeak()) this.#look(secondThoughts);
  }

  forget(bssid: Mac): void {
    this.#refusals.forget(bssid);
  }

  associated(association: Association): void {
    const roamed = this.#book.phase === "interrupted";
    this.#enter("served");
    this.#book.count("associations");
    if (roamed) this.#book.count("roams");
    this.#association = association;
    this.#refusals.forget(association.bssid);
    this.#scanStretch = 1;
    this.#requests.associated(association.bssid, association.network.ssid);
    this.#watchSignal();
  }

  /** The association is over; it looks around for another unless it has one already. */
  parted(reason: LeaveReason): void {
    this.account();
    this.#association = null;
    this.#requests.parted();
    if (reason === "roamed") return;
    if (reason === "deauthenticated") this.#book.count("sentAway");
    this.#enter("outage");
    this.#look(this.#scanSpan());
  }

  /** A link of several is gone. */
  relinked(association: Association): void {
    this.#association = association;
  }

  get phase(): ServicePhase {
    return this.#book.phase;
  }

  /** How long it was served, interrupted and without, and what it was asked. */
  get service(): ServiceView {
    return this.#book.view(this.#around.clock.now());
  }

  /** Whether somebody on the way to the Internet lets nothing of it through, from now on. */
  holdBack(held: boolean): void {
    if (held === this.traffic.isHeldBack) return;
    this.account();
    this.traffic.holdBack(held);
  }

  /** Books what was wanted since the last time. */
  account(): void {
    this.traffic.account(this.#around.clock.now(), this.#book.phase === "served");
  }

  relocate(place: Place): void {
    const wasWeak = this.#isWeak();
    this.#place = place;
    if (!this.#association) this.#look(this.#scanSpan());
    else if (this.signal() === null) this.#around.outOfRange(this);
    else if (this.#isWeak() && !wasWeak) this.#look(secondThoughts);
    else this.#watchSignal();
  }

  /** It walks straight to a place, at so many metres per second, whatever walk it was on. */
  walkTo(place: Place, speed: number): void {
    if (!this.#gone) this.#walking.begin(walkTo(this.#place, place, speed));
  }

  /** Where its walk ends; `null`: it stands, or goes round and round. */
  get walkingTo(): Place | null {
    return this.#walking.to;
  }

  /** The networks it knows from now on. */
  learn(networks: readonly KnownNetwork[]): void {
    this.#networks = networks;
    this.#refusals.clear();
    this.#neighbors = new Set();
    this.#look(this.#scanSpan());
  }

  /** As it hears its access point; `null` without one. */
  signal(): Dbm | null {
    const bssid = this.#association?.bssid;
    return this.#around.hear(this).find(({ bss }) => bss.bssid === bssid)?.rssi ?? null;
  }

  /** The moment of the next look, unless one is due earlier. */
  #look(span: Span): void {
    if (this.#gone) return;
    const { clock } = this.#around;
    const delay = this.#within(span);
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
    for (const ssid of this.#probedNames()) this.#around.probe(this, ssid);
    this.#requests.looked();
    const now = this.#around.clock.now();
    const heard = this.#candidates();
    const open = heard.filter(({ bssid }) => (this.#refusals.until(bssid) ?? 0) <= now);
    const current = heard.find(({ bssid }) => bssid === this.#association?.bssid);
    if (this.#association && current) {
      const others = open.filter(({ bssid }) => !this.#association?.links.includes(bssid) || bssid === current.bssid);
      const target = roamTarget(current, others, this.device.habits);
      this.#scanStretch = Math.min(longestScanStretch, this.#scanStretch * 2);
      if (target && !this.#holdsOn()) this.#join(target.bssid);
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

  #probedNames(): readonly string[] {
    if (!this.device.probing.directed) return [""];
    return [...new Set(this.#networks.map(({ ssid }) => ssid))].slice(0, maxDirectedProbes);
  }

  #holdsOn(): boolean {
    const { stickiness } = this.device.habits;
    return stickiness > 0 && this.#random.next() < stickiness;
  }

  /** Comes back when the first of those that refused it may be asked again, or when it looks around anyway. */
  #sleepOver(heard: readonly Candidate[]): void {
    const { unassociated } = this.device.probing;
    if (unassociated !== null) this.#look([unassociated * 900, unassociated * 1100]);
    const waits = heard.map(({ bssid }) => this.#refusals.until(bssid) ?? Number.POSITIVE_INFINITY);
    const first = Math.min(...waits);
    if (!Number.isFinite(first)) return;
    const delay = Math.max(0, first - this.#around.clock.now());
    this.#look([delay, delay]);
  }

  /** Until it is done, and if it has a link, nothing moves on it. */
  #join(bssid: Mac, attempt = 1): void {
    const { joining } = this.device;
    const fast = this.#goesFast(bssid);
    if (this.#association) this.#enter("interrupted");
    this.#joining = this.#around.clock.setTimer(this.#within(fast ? joining.fast : joining.full), () => {
      this.#joining = null;
      const bss = this.#heardBss(bssid);
      const network = bss && this.#networkOf(bss);
      // Without the old link there is nothing to hand over.
      const handsOver = fast && this.#association !== null;
      // The BSS may have vanished or changed its name meanwhile.
      const admission = network && this.#around.join(this, bssid, network, handsOver);
      if (admission?.admitted) {
        if (handsOver) this.#book.count("fastRoams");
        return;
      }
      if (this.#association) this.#enter("served");
      if (admission && network) this.#refused(bssid, network, admission, attempt);
      if (!this.#joining) this.#look(this.#scanSpan());
    });
  }

  /** Asks again at once where that may help, else remembers who refused it. */
  #refused(
    bssid: Mac,
    network: KnownNetwork,
    { reason, akm }: { readonly reason: Refusal; readonly akm?: Akm },
    attempt: number,
  ): void {
    const { attempts, retryPause } = this.device.joining;
    this.#book.count("refused");
    if (this.#takesPsk(network) && this.#refusals.fallsBack(network.ssid, akm)) return;
    if (attempt < attempts && isSilent(reason)) {
      this.#joining = this.#around.clock.setTimer(this.#within(retryPause), () => this.#join(bssid, attempt + 1));
    } else {
      this.#refusals.remember(bssid, this.#around.clock.now(), () => this.#random.next());
    }
  }

  /** Where all that is heard of a network takes SAE only, there is nothing to fall back on. */
  #takesPsk(network: KnownNetwork): boolean {
    return this.#around
      .hear(this)
      .some(({ bss }) => this.#networkOf(bss) === network && bss.security.akms.some((akm) => !isSae(akm)));
  }

  /** From a BSS to another of its mobility domain, with the same kind of fast key. */
  #goesFast(bssid: Mac): boolean {
    const akm = this.#association?.agreement.akm;
    if (!this.device.fastTransition || !akm || !isFast(akm)) return false;
    const [from, to] = [this.#heardBss(this.#association?.bssid), this.#heardBss(bssid)];
    return (
      from?.mobilityDomain !== undefined &&
      from.mobilityDomain === to?.mobilityDomain &&
      from.ssid === to.ssid &&
      to.security.akms.includes(akm)
    );
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

  /** While the link is weak, looks for a better one now and then; with a good one as often as its kind does. */
  #watchSignal(): void {
    const weak = this.#isWeak();
    if (weak) this.#requests.weak();
    if (this.#scan) return;
    const { habits, probing } = this.device;
    const interval = weak ? habits.scanInterval * this.#scanStretch : probing.associated;
    if (interval !== null) this.#look([interval * 900, interval * 1100]);
  }

  #situation(): { readonly current: Candidate; readonly heard: readonly Candidate[] } | null {
    const heard = this.#candidates();
    const links = this.#association?.links ?? [];
    const current = heard.find(({ bssid }) => bssid === this.#association?.bssid);
    // To go from one of its links to another is no move.
    return current ? { current, heard: heard.filter(({ bssid }) => !links.includes(bssid)) } : null;
  }

  /** Who has traffic is awake. */
  #wakeDelay(): number {
    const { sleep } = this.device;
    if (!sleep) return 0;
    this.account();
    const { down, up } = this.traffic.wants(this.#around.clock.now());
    return down + up > 0 ? 0 : this.#random.next() * sleep.interval;
  }

  #scanSpan(): Span {
    const { scan } = this.device.joining;
    return this.#neighbors.size === 0 ? scan : [scan[0] * shortcut, scan[1] * shortcut];
  }

  #heardBss(bssid: Mac | undefined): Bss | undefined {
    return this.#around.hear(this).find((heard) => heard.bss.bssid === bssid)?.bss;
  }

  #enter(phase: ServicePhase): void {
    this.account();
    this.#book.enter(phase, this.#around.clock.now());
  }

  #within([least, most]: Span): number {
    return least + this.#random.next() * (most - least);
  }
}

/** Refusals without a word: whoever meets one cannot tell it from a lost frame. */
function isSilent(reason: Refusal): boolean {
  return reason === "acl" || reason === "blocked";
}
