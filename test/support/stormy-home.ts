/** A home on virtual time in which everything changes, and somebody who watches what steering makes of it. */

import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Faults } from "@opensync-ts/target-sim/faults";
import type { Decision, SteeringAction } from "@opensync-ts/wireless/steering/decide";
import type { KickState } from "@opensync-ts/wireless/steering/kick-machine";
import { steeringLimits } from "@opensync-ts/wireless/steering/limits";
import { btmDeauth, type ClientSettings, defaultSettings } from "@opensync-ts/wireless/steering/settings";
import { Steering } from "@opensync-ts/wireless/steering/steering";
import { sensitivity } from "@opensync-ts/world/spectrum";
import { type HomePlan, homePlan } from "../../bench/steering/home-plan.ts";
import { type LiveHome, type LiveNode, startHome } from "../../bench/steering/live-home.ts";
import { neighborsOf } from "../../bench/steering/ours.ts";

const maxNodes = 3;
const maxClients = 12;
/** From the end of a block in steering until the driver has carried it out. */
const driverTime = 5_000;
/** The longest that steering may keep a client off all it hears: an attempt, and a block before association. */
const shutOut = steeringLimits.attempt + steeringLimits.longestPreAssocBlock;

/** A fault may have made confsync give up an ACL; the third time that it asks again is long after the storm. */
const patience = 1_200_000;

interface Side {
  readonly node: LiveNode;
  readonly steering: Steering;
  readonly off: Set<string>;
}

interface Watched {
  inFlight: string | null;
  readonly hardSince: Map<string, number>;
  readonly backoff: Map<
    string,
    { readonly failures: number; readonly wait: number; readonly settings: ClientSettings }
  >;
}

export class StormyHome {
  readonly violations: string[] = [];
  kicks = 0;
  readonly #home: LiveHome;
  readonly #random: SeededRandom;
  readonly #faulty: boolean;
  readonly #sides: readonly Side[];
  readonly #settings = new Map<Mac, ClientSettings>();
  readonly #watched = new Map<string, Watched>();
  readonly #outSince = new Map<Mac, number>();

  static async start(seed: number): Promise<StormyHome> {
    return new StormyHome(await startHome(smaller(homePlan(seed))), seed);
  }

  private constructor(home: LiveHome, seed: number) {
    this.#home = home;
    this.#random = new SeededRandom(`storm ${seed}`);
    this.#faulty = seed % 2 === 0;
    for (const { mac: address } of home.plan.spec.clients) this.#resettle(mac(address));
    this.#sides = home.nodes.map((node) => {
      const steering = new Steering({ clock: home.clock, log: home.log, wireless: node.wireless });
      steering.events.on("action", ({ station, action }) => this.#acted(node, steering, station, action));
      steering.events.on("decision", ({ station, decision }) => this.#decided(node, station, decision));
      return { node, steering, off: new Set<string>() };
    });
    this.#apply();
  }

  async play(ms: number): Promise<void> {
    const { clock } = this.#home;
    const end = clock.now() + ms;
    let next = clock.now();
    while (clock.now() < end) {
      if (clock.now() >= next) {
        this.#stir();
        next = clock.now() + 2_000 + this.#random.next() * 20_000;
      }
      await clock.advance(1_000);
      this.#look();
    }
  }

  /** The storm is over and nobody is to be steered: nothing may be left of it. */
  async calm(): Promise<void> {
    const { clock } = this.#home;
    for (const { node } of this.#sides) node.faults.clear();
    for (const side of this.#sides) for (const vif of [...side.off]) this.#switch(side, vif, true);
    for (const station of this.#settings.keys()) this.#settings.set(station, defaultSettings(station));
    this.#apply();
    await clock.advance(steeringLimits.attempt + steeringLimits.recheck + 60_000);
    for (const { node, steering } of this.#sides) {
      for (const station of this.#settings.keys())
        for (const { attempt, blocked } of steering.explain(station)) {
          if (attempt) this.#broken(`${node.id} ${station}: still an attempt`);
          if (blocked.length > 0) this.#broken(`${node.id} ${station}: still refused by ${blocked.join(" ")}`);
        }
    }
    // What a driver has failed to do for long is asked of it at longer and longer intervals.
    for (let waited = 0; waited < patience && this.#refusing().length > 0; waited += 30_000)
      await clock.advance(30_000);
    for (const words of this.#refusing()) this.#broken(words);
  }

  #refusing(): readonly string[] {
    return this.#sides.flatMap(({ node }) =>
      [...node.wireless.state.vifs.values()].flatMap((vif) =>
        vif.type === "ap" && vif.ap.acl.length > 0
          ? [`${node.id}: ${vif.name} still refuses ${vif.ap.acl.join(" ")}`]
          : [],
      ),
    );
  }

  stop(): void {
    for (const { steering } of this.#sides) steering.stop();
    this.#home.stop();
  }

  #broken(words: string): void {
    const at = (this.#home.clock.now() / 1_000).toFixed(1);
    if (this.violations.length < 10) this.violations.push(`${at} s: ${words}`);
  }

  #apply(): void {
    const clients = [...this.#settings.values()].map((settings) => ({ ...settings, ended: false }));
    for (const { node, steering } of this.#sides)
      steering.apply({
        groups: [{ id: node.id, vifs: node.radios.map(({ suffix }) => `home-ap-${suffix}`) }],
        clients,
        neighbors: neighborsOf(this.#home, node.id),
      });
  }

  #stir(): void {
    const random = this.#random;
    const clients = [...this.#settings.keys()];
    const side = this.#pick(this.#sides);
    const kind = random.next();
    if (kind < 0.6) {
      const station = this.#pick(clients);
      if (station) this.#resettle(station);
      this.#apply();
    } else if (kind < 0.75 && side) {
      const vif = `home-ap-${this.#pick(side.node.radios)?.suffix}`;
      this.#switch(side, vif, side.off.has(vif));
    } else if (kind < 0.9 && side && this.#faulty) {
      if (side.node.faults.active().length < 8)
        side.node.faults.switchOn({ name: "storm", faults: this.#fault(), duration: 5_000 + random.next() * 30_000 });
    } else {
      const station = this.#pick(clients);
      if (station) this.#home.world.moveClient(station, { x: random.next() * 20, y: random.next() * 9 });
    }
  }

  #switch(side: Side, vif: string, on: boolean): void {
    const { node, off } = side;
    const radio = node.radios.find(({ suffix }) => vif.endsWith(suffix));
    const state = node.wireless.state.vifs.get(vif);
    if (!radio || state?.type !== "ap") return;
    if (on) off.delete(vif);
    else off.add(vif);
    const { ssid, psks, channel, wpa, mode } = state.ap;
    node.wireless.overrides.setVif(radio.phy, vif, { enabled: on, ap: { ssid, psks, channel, wpa, mode } });
  }

  #fault(): Partial<Faults> {
    const all: readonly Partial<Faults>[] = [
      { ignoreRequests: 0.7 },
      { loseReports: 0.5 },
      { loseChanges: 0.5 },
      { applyDelay: 3_000 },
      { reportDelay: 2_000, reportJitter: 2_000 },
      { duplicateReports: 0.8 },
      { aclLimit: 1 },
    ];
    return this.#pick(all) ?? {};
  }

  #resettle(station: Mac): void {
    const random = this.#random;
    const maybe = <T>(value: T, chance = 0.5): T | null => (random.next() < chance ? value : null);
    const base = defaultSettings(station);
    const ladder =
      this.#pick([
        btmDeauth,
        btmDeauth,
        { btm: true, beaconRequest: false, deauth: false },
        { btm: false, beaconRequest: true, deauth: true },
        null,
      ]) ?? null;
    const kick = {
      ...base.sticky,
      ladder,
      debounce: random.next() * 30_000,
      guard: random.next() * 10_000,
      backoffCeiling: 600_000,
    };
    this.#settings.set(station, {
      ...base,
      hwm: maybe(20 + random.integer(30)),
      lwm: maybe(1 + random.integer(30)),
      bottomLwm: maybe(1 + random.integer(10), 0.2),
      pref5g: this.#pick(["never", "always", "hwm", "nonDFS"] as const) ?? "never",
      maxRejects: random.integer(4),
      rejectsTimeout: random.integer(20_000),
      blockTimeout: random.integer(6_000),
      backoff: 1_000 + random.integer(60_000),
      backoffBase: 1 + random.integer(4),
      steerDuringBackoff: random.next() < 0.2,
      kickUponIdle: random.next() < 0.2,
      forceKick: random.next() < 0.2 ? "speculative" : "none",
      steering: kick,
      sticky: kick,
      beaconRequests: random.next() < 0.3,
    });
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[this.#random.integer(all.length)];
  }

  #of(node: LiveNode, station: Mac): Watched {
    const key = `${node.id} ${station}`;
    const known = this.#watched.get(key) ?? { inFlight: null, hardSince: new Map(), backoff: new Map() };
    this.#watched.set(key, known);
    return known;
  }

  #acted(node: LiveNode, steering: Steering, station: Mac, action: SteeringAction): void {
    if (action.type !== "btm" && action.type !== "deauth") return;
    this.kicks++;
    const where = `${node.id} ${station}`;
    const [explanation] = steering.explain(station);
    const { attempt, candidates = [], links = [] } = explanation ?? {};
    if (!attempt) {
      this.#broken(`${where}: ${action.type} without an attempt`);
      return;
    }
    const elsewhere = candidates.some(
      ({ bssid, preference }) => preference === "AVAILABLE" && links.every((link) => link.bssid !== bssid),
    );
    if (!elsewhere && attempt.policy !== "snr_xing_bottom_lwm" && attempt.policy !== "defer_vif_down_deny")
      this.#broken(`${where}: ${attempt.policy} kicks with nowhere to go`);
    const watched = this.#of(node, station);
    const name = `${attempt.policy} since ${attempt.startedAt}`;
    if (watched.inFlight !== null && watched.inFlight !== name)
      this.#broken(`${where}: ${name} begins while ${watched.inFlight} is under way`);
    watched.inFlight = name;
  }

  #decided(node: LiveNode, station: Mac, decision: Decision): void {
    const watched = this.#of(node, station);
    if (decision.outcomes.length > 0 && decision.state.attempt === null) watched.inFlight = null;
    for (const { startedAt, endedAt, policy } of decision.outcomes) {
      if (watched.inFlight === `${policy} since ${startedAt}`) watched.inFlight = null;
      if (endedAt - startedAt > steeringLimits.attempt)
        this.#broken(`${node.id} ${station}: an attempt of ${policy} took ${endedAt - startedAt} ms`);
    }
    const { hwm, lwm, bottomLwm } = decision.state.policies;
    for (const [name, kick] of Object.entries({ hwm, lwm: lwm.kick, bottomLwm: bottomLwm.kick }))
      this.#backoff(node, station, name, kick);
  }

  /** Of failures in a row under the same row. */
  #backoff(node: LiveNode, station: Mac, name: string, { phase, until, failures }: KickState): void {
    const { backoff } = this.#of(node, station);
    const settings = this.#settings.get(station);
    if (!settings) return;
    const before = backoff.get(name);
    if (failures === 0 || before?.settings !== settings) backoff.delete(name);
    if (phase !== "backoff" || until === null || failures === 0 || before?.failures === failures) return;
    const wait = until - this.#home.clock.now();
    if (before?.settings === settings && failures > before.failures && wait < before.wait)
      this.#broken(
        `${node.id} ${station}: ${name} waits ${wait} ms after ${failures} failures, ${before.wait} ms before`,
      );
    backoff.set(name, { failures, wait, settings });
  }

  #look(): void {
    const now = this.#home.clock.now();
    for (const { node, steering } of this.#sides)
      for (const station of this.#settings.keys())
        for (const { candidates, attempt } of steering.explain(station)) {
          const { hardSince } = this.#of(node, station);
          for (const { vif, preference, by } of candidates) {
            if (vif === null) continue;
            if (preference !== "HARD_BLOCKED" || by.startsWith("defer")) hardSince.delete(vif);
            else if (!hardSince.has(vif)) hardSince.set(vif, now);
            const since = hardSince.get(vif) ?? now;
            if (now - since > 2 * steeringLimits.attempt + driverTime) {
              this.#broken(
                `${node.id} ${station}: ${vif} refuses it for ${now - since} ms (${by}, ${attempt?.phase ?? "no attempt"})`,
              );
              hardSince.set(vif, now);
            }
          }
        }
    if (!this.#faulty) this.#lookWhoIsOut(now);
  }

  /** Refused by all that it hears, because of steering. */
  #lookWhoIsOut(now: number): void {
    const { world, bsses } = this.#home;
    for (const client of world.clients()) {
      const { mac: station, bands } = client.device;
      const hears = bsses.filter(({ bss: { bssid, band } }) => {
        if (!bands.includes(band) || world.bss(bssid) === null) return false;
        return (world.heardAt(bssid, station) ?? Number.NEGATIVE_INFINITY) >= sensitivity;
      });
      const out =
        client.association === null &&
        hears.length > 0 &&
        hears.every(({ bss }) => world.bss(bss.bssid)?.acl.macs.includes(station));
      if (!out) this.#outSince.delete(station);
      else if (!this.#outSince.has(station)) this.#outSince.set(station, now);
      const since = this.#outSince.get(station) ?? now;
      if (now - since <= shutOut) continue;
      this.#broken(`${client.device.name} ${station} is shut out for ${now - since} ms`);
      this.#outSince.set(station, now);
    }
  }
}

function smaller(plan: HomePlan): HomePlan {
  return {
    ...plan,
    nodes: plan.nodes.slice(0, maxNodes),
    spec: { ...plan.spec, clients: plan.spec.clients.slice(0, maxClients) },
  };
}
