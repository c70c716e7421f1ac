/** One station in one group at work: gathers what is known, lets decide, and has done what was decided. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Db, Mac } from "@opensync-ts/base/units";
import type { StationSnr } from "../stats/station-snr.ts";
import type { Association } from "./association.ts";
import { type Decision, decide, type SteeringAction } from "./decide.ts";
import type { DumpedStation } from "./dump/objects.ts";
import { type Explanation, explain } from "./explanation.ts";
import { PpduMeter } from "./idle.ts";
import { steeringLimits } from "./limits.ts";
import type { BeaconReport, Bss, ChannelKnowledge, Link, StationSnapshot, SteeringInput } from "./model.ts";
import type { ClientSettings } from "./settings.ts";
import { type SteeringState, startState } from "./state.ts";

/** What the station's surroundings are at the moment. */
export interface Surroundings {
  readonly bsses: readonly Bss[];
  readonly members: readonly Mac[];
  readonly groupMlo: boolean;
  readonly association: Association;
  readonly backhaul: boolean;
  readonly btm: boolean;
  readonly rrm: boolean;
  readonly channels: ChannelKnowledge;
  readonly refusedBy: readonly string[];
  readonly closedBy: readonly string[];
}

export interface StationHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly snr: StationSnr;
  surroundings(): Surroundings;
  perform(action: SteeringAction): void;
  decided(decision: Decision): void;
  /** An event was, as too many wait. */
  dropped(): void;
}

export class StationSteering {
  readonly station: Mac;
  readonly group: string;
  readonly #host: StationHost;
  #settings: ClientSettings;
  #state: SteeringState;
  #inputs: SteeringInput[] = [];
  #dropped = 0;
  #timer: Timer | null = null;
  #stopped = false;
  /** By access point and address. */
  readonly #signals = new Map<string, { snr: Db | null; readonly stop: () => void }>();
  #meter: PpduMeter | null = null;
  readonly #beaconReports = new Map<Mac, BeaconReport>();
  /** Of the last slice, which decisions and explanations share; null: not known. */
  #ppdus: number | null = null;

  constructor(group: string, settings: ClientSettings, host: StationHost, ended: boolean) {
    this.station = settings.mac;
    this.group = group;
    this.#host = host;
    this.#settings = settings;
    this.#state = startState(ended ? settings.clientSteering : null);
  }

  get settings(): ClientSettings {
    return this.#settings;
  }

  set settings(settings: ClientSettings) {
    this.#settings = settings;
    this.soon();
  }

  /** Events that were dropped because too many came at once. */
  get dropped(): number {
    return this.#dropped;
  }

  /** It was asked this by the last BTM request, and has not answered. */
  awaits(token: number): boolean {
    const { attempt } = this.#state;
    return attempt !== null && attempt.token === token && attempt.status === null;
  }

  input(input: SteeringInput): void {
    if (this.#inputs.length >= steeringLimits.waitingEvents) {
      this.#inputs.shift();
      this.#dropped++;
      this.#host.dropped();
    }
    this.#inputs.push(input);
    this.soon();
  }

  /** PPDUs of any of its links since the last call. */
  traffic(ppdus: number): void {
    const now = this.#host.clock.now();
    // What the first report counts was before the observation.
    if (this.#meter) this.#meter.add(ppdus, now);
    else this.#meter = new PpduMeter(now);
    const before = this.#ppdus;
    this.#ppdus = this.#meter.perMinute(now);
    if (isIdle(before) !== isIdle(this.#ppdus)) this.soon();
  }

  beaconReports(reports: readonly { readonly bssid: Mac; readonly rcpi: number }[]): void {
    const at = this.#host.clock.now();
    for (const { bssid, rcpi } of reports) {
      this.#beaconReports.delete(bssid);
      this.#beaconReports.set(bssid, { bssid, rcpi, at });
    }
    for (const bssid of this.#beaconReports.keys()) {
      if (this.#beaconReports.size <= steeringLimits.beaconReports) break;
      this.#beaconReports.delete(bssid);
    }
    this.soon();
  }

  /** Decides on a turn of its own, so that what comes together is seen together. */
  soon(): void {
    this.#arm(0);
  }

  explain(): Explanation {
    return explain(this.#snapshot(), this.#settings, this.#state, this.#host.clock.now());
  }

  /** Everything that it goes by, for the dump. */
  look(): DumpedStation {
    const snapshot = this.#snapshot();
    const [settings, state] = [this.#settings, this.#state];
    return { snapshot, settings, state, explanation: explain(snapshot, settings, state, this.#host.clock.now()) };
  }

  /** Undoes its blocks. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    for (const { stop } of this.#signals.values()) stop();
    this.#signals.clear();
    for (const vif of this.#state.blocked) this.#host.perform({ type: "block", vif, blocked: false });
  }

  #arm(delay: number): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#host.clock.setTimer(delay, () => this.#decide());
  }

  #decide(): void {
    const { clock } = this.#host;
    this.#timer = null;
    const inputs = this.#inputs;
    this.#inputs = [];
    const now = clock.now();
    const decision = decide(this.#snapshot(), inputs, this.#settings, this.#state, now);
    this.#state = decision.state;
    if (decision.due !== null) this.#arm(Math.min(steeringLimits.longestTimer, Math.max(0, decision.due - now)));
    for (const action of decision.actions) this.#host.perform(action);
    this.#host.decided(decision);
  }

  #snapshot(): StationSnapshot {
    const { association, ...around } = this.#host.surroundings();
    const links = this.#observed(association);
    return {
      ...around,
      ...{ station: this.station, group: this.group, links },
      mlo: association.mlo,
      disarmed: association.otherDevice,
      ppdusPerMinute: this.#ppdus,
      beaconReports: [...this.#beaconReports.values()],
    };
  }

  /** The signal of each link is observed for as long as there is the link. */
  #observed({ links }: Association): readonly Link[] {
    const present = new Set(links.map(({ state, vif }) => signalKey(vif.name, state.mac)));
    for (const [key, { stop }] of this.#signals) {
      if (present.has(key)) continue;
      stop();
      this.#signals.delete(key);
    }
    if (links.length === 0) {
      this.#meter = null;
      this.#ppdus = null;
    }
    return links.map(({ state, vif }) => ({
      ...{ address: state.mac, vif: vif.name, bssid: vif.mac, connectedAt: state.connectedAt },
      snr: this.#signal(vif.name, state.mac),
    }));
  }

  #signal(vif: string, address: Mac): Db | null {
    const key = signalKey(vif, address);
    const known = this.#signals.get(key);
    if (known) return known.snr;
    try {
      const stop = this.#host.snr.observe({
        station: address,
        vif: { name: vif },
        ageOut: steeringLimits.snrAge,
        changed: (snr) => {
          const entry = this.#signals.get(key);
          if (!entry) return;
          entry.snr = snr;
          this.soon();
        },
      });
      this.#signals.set(key, { snr: null, stop });
    } catch (error) {
      // Beyond the bound of observers: the signal stays unknown, and nothing that depends on it is done.
      this.#host.log.debug(() => `ow: steer: ${this.station}: ${String(error)}`);
      this.#signals.set(key, { snr: null, stop: () => {} });
    }
    return null;
  }
}

/** null: not known. */
function isIdle(ppdus: number | null): boolean | null {
  return ppdus === null ? null : ppdus < steeringLimits.idlePpdusPerMinute;
}

function signalKey(vif: string, address: Mac): string {
  return `${vif} ${address}`;
}
