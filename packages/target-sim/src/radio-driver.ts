/**
 * A radio driver whose hardware lives in a world. Requests and reports take their time on the clock; what is reported
 * is what the simulated hardware really does, unless a fault says otherwise. The hardware goes on when nobody listens
 * (`stop`), until the device is switched off (`close`).
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { ConfigRequest, PhyRequest, RadioDriver, RadioDriverEvents, VifRequest } from "@opensync-ts/target/driver";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import type { Attempt } from "@opensync-ts/world/access-point";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import type { World } from "@opensync-ts/world/world";
import { Backhaul } from "./backhaul.ts";
import { type CacDurations, standardCac } from "./dfs.ts";
import type { FaultSwitch } from "./faults.ts";
import { maxPendingDeauths, maxPendingRequests } from "./limits.ts";
import { type RadioModel, vifNames } from "./models.ts";
import type { Regulation } from "./regulatory.ts";
import { SimPhy } from "./sim-phy.ts";
import { type ApVif, applyApRequest, bssOf, effectivePower, newVif, type SimVif } from "./sim-vif.ts";

/** Milliseconds; 0 = at the next turn of the clock. */
export interface Latency {
  /** From a configuration request to its effect. */
  readonly apply: number;
  /** From a state request to its report. */
  readonly report: number;
}

export const instant: Latency = { apply: 0, report: 0 };

export interface SimRadioDriverOptions {
  readonly world: World;
  readonly clock: Clock;
  /** The device's site in the world, which exists. */
  readonly site: string;
  readonly radios: readonly RadioModel[];
  /** The address of the n-th phy or vif, counted radio by radio, each phy before its vifs. */
  readonly macOf: (index: number) => Mac;
  readonly regulation: Regulation;
  readonly faults: FaultSwitch;
  readonly latency?: Latency;
  readonly cac?: CacDurations;
}

interface Radio {
  readonly phy: SimPhy;
  readonly vifs: ReadonlyMap<string, SimVif>;
}

export class SimRadioDriver implements RadioDriver {
  readonly name: string;
  /** Asked last whenever a client is about to be let in; a hook for steering and for tests. */
  admits: ((vif: string, attempt: Attempt) => boolean) | null = null;
  readonly #options: SimRadioDriverOptions;
  readonly #latency: Latency;
  readonly #radios = new Map<string, Radio>();
  readonly #byMac = new Map<Mac, { readonly radio: Radio; readonly vif: SimVif }>();
  readonly #backhaul: Backhaul;
  readonly #subscriptions: Unsubscribe[] = [];
  /** State requests on their way, by what they are about: asking twice before the answer gives one answer. */
  readonly #reports = new Map<string, Timer>();
  readonly #requests = new Set<Timer>();
  readonly #deauths = new Set<Timer>();
  /** What listeners were last told has changed, to tell them only of changes. */
  readonly #told = new Map<string, string>();
  #events: RadioDriverEvents | null = null;
  #announcement: Timer | null = null;
  #droppedRequests = 0;

  constructor(options: SimRadioDriverOptions) {
    this.#options = options;
    this.name = `sim/${options.site}`;
    this.#latency = options.latency ?? instant;
    this.#backhaul = new Backhaul(options.world, options.site);
    this.#build();
    const { events } = options.world;
    const station = ({ bssid, mac }: { bssid: Mac; mac: Mac }) => this.#stationChanged(bssid, mac);
    this.#subscriptions.push(
      events.on("associated", station),
      events.on("disassociated", station),
      options.faults.onChange(() => this.#announceChanges()),
    );
  }

  /** Configuration requests that found the queue full. */
  get droppedRequests(): number {
    return this.#droppedRequests;
  }

  start(events: RadioDriverEvents): void {
    this.stop();
    this.#events = events;
    this.#announcement = this.#options.clock.setTimer(0, () => {
      this.#announcement = null;
      this.#announceChanges();
      for (const { phy, vifs } of this.#radios.values()) {
        for (const vif of vifs.values()) {
          for (const { client } of this.#options.world.stations(vif.mac)) {
            events.stationChanged(phy.model.phy, vif.name, client.device.mac);
          }
        }
      }
    });
  }

  stop(): void {
    this.#events = null;
    this.#announcement?.cancel();
    this.#told.clear();
    for (const timer of this.#reports.values()) timer.cancel();
    this.#reports.clear();
  }

  /** The device is switched off. Idempotent. */
  close(): void {
    this.stop();
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    for (const timer of [...this.#requests, ...this.#deauths]) timer.cancel();
    this.#requests.clear();
    this.#deauths.clear();
    for (const { phy, vifs } of this.#radios.values()) {
      phy.stop();
      for (const vif of vifs.values()) {
        if (vif.type === "ap") this.#silence(vif);
        else this.#backhaul.run(vif, false, phy.model);
      }
    }
  }

  requestPhyState(phy: string): void {
    this.#report(`phy ${phy}`, () => this.#events?.phyState(phy, this.phyState(phy)));
  }

  requestVifState(phy: string, vif: string): void {
    this.#report(`vif ${phy} ${vif}`, () => this.#events?.vifState(phy, vif, this.vifState(phy, vif)));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    this.#report(`station ${phy} ${vif} ${station}`, () =>
      this.#events?.stationState(phy, vif, station, this.stationState(phy, vif, station)),
    );
  }

  requestConfig(request: ConfigRequest): void {
    const { clock, faults } = this.#options;
    if (this.#requests.size >= maxPendingRequests) {
      this.#droppedRequests++;
      return;
    }
    if (faults.strikes(faults.current.ignoreRequests)) return;
    const timer = clock.setTimer(this.#latency.apply, () => {
      this.#requests.delete(timer);
      for (const phy of request.phys) this.#applyPhy(phy);
      this.#announceChanges();
    });
    this.#requests.add(timer);
  }

  requestDeauth(phy: string, vif: string, station: Mac, _reason: number): void {
    const found = this.#radios.get(phy)?.vifs.get(vif);
    if (!found || this.#deauths.size >= maxPendingDeauths) return;
    const timer = this.#options.clock.setTimer(this.#latency.apply, () => {
      this.#deauths.delete(timer);
      this.#options.world.deauthenticate(found.mac, station);
    });
    this.#deauths.add(timer);
  }

  /** Radar is heard by a radio on a 20 MHz channel (its centre, MHz). */
  radar(phy: string, frequency: number): void {
    const radio = this.#radios.get(phy);
    if (!radio) throw new RangeError(`${this.name}: there is no radio '${phy}'`);
    radio.phy.hearRadar(frequency);
    this.#transmit(radio, false);
    this.#announceChanges();
  }

  /** The state as it would be reported now, faults included; `null` for what does not exist. */
  phyState(name: string): PhyState | null {
    return this.#radios.get(name)?.phy.state() ?? null;
  }

  vifState(phyName: string, name: string): VifState | null {
    const radio = this.#radios.get(phyName);
    const vif = radio?.vifs.get(name);
    if (!radio || !vif) return null;
    const { phy } = radio;
    const active = vif.type === "ap" ? vif.onAir : vif.enabled && phy.enabled;
    const power = effectivePower(vif, phy.state().capabilities);
    const common = {
      name,
      phy: phyName,
      mac: vif.mac,
      status: active ? ("enabled" as const) : ("disabled" as const),
      // Automatic power becomes a figure only once something is transmitted.
      txPower: vif.txPower === 0 && !active ? 0 : power,
    };
    if (vif.type === "sta") return { ...common, type: "sta", sta: this.#backhaul.state(vif) };
    return {
      ...common,
      type: "ap",
      ap: { ...vif.ap, channel: phy.channel, mld: null, ...this.#options.faults.current.wrong },
    };
  }

  stationState(phy: string, vifName: string, station: Mac): StationState | null {
    const vif = this.#radios.get(phy)?.vifs.get(vifName);
    const { world } = this.#options;
    const association = vif && world.stations(vif.mac).find(({ client }) => client.device.mac === station);
    const rssi = vif && world.uplinkSignal(vif.mac, station);
    if (!association || rssi === null || rssi === undefined) return null;
    const { agreement, keyId, since } = association;
    return {
      mac: station,
      vif: vifName,
      phy,
      connectedAt: since,
      keyId,
      pmf: agreement.pmf,
      akm: agreement.akm,
      pairwise: agreement.pairwise,
      snr: Math.max(0, Math.round(rssi - noiseFloor)),
      mldAddr: null,
    };
  }

  #build(): void {
    const { radios, macOf, clock, regulation, cac = standardCac } = this.#options;
    let index = 0;
    for (const model of radios) {
      const onChange = () => {
        this.#transmit(radio, false);
        this.#announceChanges();
      };
      const phy = new SimPhy({ model, mac: macOf(index++), clock, regulation, cac, onChange });
      const vifs = new Map(vifNames(model).map(({ name, type }) => [name, newVif(name, type, macOf(index++), model)]));
      const radio: Radio = { phy, vifs };
      this.#radios.set(model.phy, radio);
      for (const vif of vifs.values()) this.#byMac.set(vif.mac, { radio, vif });
    }
  }

  #applyPhy(request: PhyRequest): void {
    const radio = this.#radios.get(request.name);
    if (!radio) return;
    const { phy, vifs } = radio;
    if (request.enabled !== undefined) phy.enabled = request.enabled;
    if (request.txChainmask !== undefined) phy.useChains(request.txChainmask);
    if (request.radar !== undefined) phy.detectRadar(request.radar);
    if (request.radarNextChannel !== undefined) phy.radarNextChannel = request.radarNextChannel;
    if (request.regDomain !== undefined) phy.regDomain = request.regDomain;
    let announced = false;
    for (const vifRequest of request.vifs) {
      const vif = vifs.get(vifRequest.name);
      if (vif && this.#applyVif(phy, vif, vifRequest)) announced = vifRequest.ap?.csaRequired ?? false;
    }
    this.#transmit(radio, announced);
  }

  /** Returns whether the channel has changed. */
  #applyVif(phy: SimPhy, vif: SimVif, request: VifRequest): boolean {
    const { current } = this.#options.faults;
    if (request.enabled !== undefined) vif.enabled = request.enabled;
    if (request.txPower !== undefined) vif.txPower = Math.min(request.txPower, phy.model.maxTxPower);
    if (vif.type === "sta") {
      if (request.sta) this.#backhaul.request(vif, request.sta);
      return false;
    }
    if (!request.ap) return false;
    vif.ap = applyApRequest(vif.ap, request.ap, phy.model, current);
    const { channel } = request.ap;
    return channel !== undefined && channel !== null && !current.unsupported.includes("channel") && phy.tune(channel);
  }

  /** Brings what is on the air in line with the settings. */
  #transmit({ phy, vifs }: Radio, announced: boolean): void {
    const { world, site } = this.#options;
    const aps = [...vifs.values()].filter((vif) => vif.type === "ap");
    // An access point without a name cannot beacon.
    const wanted = new Set(aps.filter((vif) => phy.enabled && vif.enabled && vif.ap.ssid !== ""));
    const allowed = phy.mayTransmit(wanted.size > 0);
    for (const vif of aps) {
      if (!allowed || !wanted.has(vif)) this.#silence(vif);
      else {
        vif.onAir = true;
        const hook = (attempt: Attempt) => this.admits?.(vif.name, attempt) ?? true;
        world.putBss(bssOf(vif, phy, site, hook), { announced });
      }
    }
    for (const vif of vifs.values()) {
      if (vif.type === "sta") this.#backhaul.run(vif, phy.enabled && vif.enabled, phy.model);
    }
  }

  #silence(vif: ApVif): void {
    if (!vif.onAir) return;
    vif.onAir = false;
    this.#options.world.removeBss(vif.mac);
  }

  #stationChanged(bssid: Mac, station: Mac): void {
    const served = this.#byMac.get(bssid);
    if (served) this.#events?.stationChanged(served.radio.phy.model.phy, served.vif.name, station);
    // One of our own backhaul stations has found, or lost, its parent.
    if (this.#byMac.get(station)?.vif.type === "sta") this.#announceChanges();
  }

  #announceChanges(): void {
    const events = this.#events;
    if (!events || this.#announcement) return;
    for (const [name, { vifs }] of this.#radios) {
      if (this.#isNews(`phy ${name}`, this.phyState(name))) events.phyChanged(name);
      for (const vif of vifs.keys()) {
        if (this.#isNews(`vif ${vif}`, this.vifState(name, vif))) events.vifChanged(name, vif);
      }
    }
  }

  #isNews(key: string, state: PhyState | VifState | null): boolean {
    // Seconds that pass are no change.
    const text = JSON.stringify(state, (name, value) => (name === "nolRemaining" ? undefined : value));
    if (this.#told.get(key) === text) return false;
    this.#told.set(key, text);
    return true;
  }

  #report(key: string, answer: () => void): void {
    const { clock, faults } = this.#options;
    if (!this.#events || this.#reports.has(key)) return;
    const timer = clock.setTimer(this.#latency.report + faults.current.reportDelay, () => {
      this.#reports.delete(key);
      if (!faults.strikes(faults.current.loseReports)) answer();
    });
    this.#reports.set(key, timer);
  }
}
