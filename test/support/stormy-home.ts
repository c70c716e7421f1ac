/** A home on virtual time in which everything changes, and those who watch what steering makes of it. */

import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Faults } from "@opensync-ts/target-sim/faults";
import type { RadioModel } from "@opensync-ts/target-sim/models";
import { limits } from "@opensync-ts/wireless/limits";
import { serviceBounds, steeringLimits } from "@opensync-ts/wireless/steering/limits";
import { btmDeauth, type ClientSettings, defaultSettings } from "@opensync-ts/wireless/steering/settings";
import { type SteeredClientSettings, Steering } from "@opensync-ts/wireless/steering/steering";
import { deviceClass } from "@opensync-ts/world/device-classes";
import { type HomePlan, homePlan } from "../../bench/steering/home-plan.ts";
import { type LiveHome, startHome } from "../../bench/steering/live-home.ts";
import { neighborsOf } from "../../bench/steering/ours.ts";
import { BackoffWatch } from "./steering-watch/backoff.ts";
import { BlockWatch } from "./steering-watch/blocks.ts";
import { KickWatch } from "./steering-watch/kicks.ts";
import { MultiLinkWatch } from "./steering-watch/multi-link.ts";
import { ServiceWatch } from "./steering-watch/service.ts";
import type { WatchedHome, WatchedNode } from "./steering-watch/watched-home.ts";

const maxNodes = 3;
const maxClients = 12;
const maxFaults = 8;
/** What is kept of what must not be. */
const maxViolations = 10;

/** From the end of the storm until nothing is left of it: the last attempt and its blocks are over, drivers have followed. */
const calmTime = steeringLimits.attempt + steeringLimits.recheck + limits.reportOverdue + serviceBounds.driver;

interface Side extends WatchedNode {
  readonly off: Set<string>;
  switched: number;
  /** Faults, and until when each is. */
  faults: { until: number; readonly recovery: number }[];
}

interface StormFault {
  readonly faults: Partial<Faults>;
  /** From its end until it keeps nobody out of service any more, ms; null: it does so at no time. */
  readonly recovery: number | null;
}

const stormFaults: readonly StormFault[] = [
  // What was to end is not ended: confsync asks for it again.
  { faults: { ignoreRequests: 0.7 }, recovery: limits.confsyncRetry + serviceBounds.driver },
  // A client that has gone seems to be there: its state is asked for again.
  { faults: { loseReports: 0.5 }, recovery: limits.reportOverdue + serviceBounds.driver },
  // The driver makes up for it as soon as it is well.
  { faults: { loseChanges: 0.5 }, recovery: serviceBounds.driver },
  // What was asked for last is still on its way.
  { faults: { applyDelay: 3_000 }, recovery: serviceBounds.driver },
  { faults: { reportDelay: 2_000, reportJitter: 2_000 }, recovery: serviceBounds.driver },
  { faults: { duplicateReports: 0.8 }, recovery: null },
  // Lets in whom it should refuse.
  { faults: { aclLimit: 1 }, recovery: null },
];

/** Every second home has drivers that fail, every seventh a gateway whose access points on 5 and 6 GHz are one multi-link device. */
export class StormyHome {
  readonly violations: string[] = [];
  readonly blocks: BlockWatch;
  readonly kicks: KickWatch;
  readonly service: ServiceWatch;
  readonly backoff: BackoffWatch;
  readonly multiLink: MultiLinkWatch;
  readonly #home: LiveHome;
  readonly #random: SeededRandom;
  readonly #faulty: boolean;
  readonly #sides: readonly Side[];
  readonly #settings = new Map<Mac, ClientSettings>();
  readonly #settled = new Map<Mac, number>();
  readonly #rows = new Map<Mac, { readonly from: ClientSettings; readonly row: SteeredClientSettings }>();
  #rounds = 0;

  static async start(seed: number): Promise<StormyHome> {
    const plan = unruly(smaller(homePlan(seed)));
    if (seed % 7 !== 0) return new StormyHome(await startHome(plan), seed);
    return new StormyHome(await startHome(withMultiLinkClients(plan), { equipped: multiLink }), seed);
  }

  private constructor(home: LiveHome, seed: number) {
    this.#home = home;
    this.#random = new SeededRandom(`storm ${seed}`);
    this.#faulty = seed % 2 === 0;
    for (const { mac: address } of home.plan.spec.clients) this.#resettle(mac(address));
    this.#sides = home.nodes.map((node): Side => {
      const steering = new Steering({ clock: home.clock, log: home.log, wireless: node.wireless });
      const side: Side = {
        ...{ node, steering, off: new Set<string>(), switched: 0, faults: [] },
        excusedUntil: () => Math.max(0, ...side.faults.map(({ until, recovery }) => until + recovery)),
        switchedAt: () => side.switched,
      };
      return side;
    });
    const watched: WatchedHome = {
      ...{ home, nodes: this.#sides, clients: [...this.#settings.keys()] },
      settingsOf: (client) => this.#settings.get(client) ?? defaultSettings(client),
      settledAt: (client) => this.#settled.get(client) ?? 0,
      broken: (words) => {
        const at = (home.clock.now() / 1_000).toFixed(1);
        if (this.violations.length < maxViolations) this.violations.push(`${at} s: ${words}`);
      },
    };
    this.blocks = new BlockWatch(watched);
    this.kicks = new KickWatch(watched);
    this.service = new ServiceWatch(watched);
    this.backoff = new BackoffWatch(watched);
    this.multiLink = new MultiLinkWatch(watched);
    this.#apply();
  }

  async play(ms: number): Promise<void> {
    const { clock } = this.#home;
    const end = clock.now() + ms;
    let next = clock.now();
    while (clock.now() < end) {
      if (clock.now() >= next) {
        this.#stir();
        next = clock.now() + 1_000 + this.#random.next() * 14_000;
      }
      await clock.advance(1_000);
      this.blocks.look();
      this.service.look();
    }
  }

  /** The storm is over and nobody is to be steered: nothing may be left of it. */
  async calm(): Promise<void> {
    const { clock } = this.#home;
    for (const { node, faults } of this.#sides) {
      node.faults.clear();
      for (const fault of faults) fault.until = Math.min(fault.until, clock.now());
    }
    for (const side of this.#sides) for (const vif of [...side.off]) this.#switch(side, vif, true);
    for (const station of this.#settings.keys()) this.#settle(defaultSettings(station));
    this.#apply();
    const end = clock.now() + calmTime;
    while (clock.now() < end) {
      await clock.advance(5_000);
      this.blocks.look();
      this.service.look();
    }
    for (const { node, steering } of this.#sides) {
      for (const station of this.#settings.keys())
        for (const { attempt, blocked } of steering.explain(station)) {
          if (attempt) this.violations.push(`${node.id} ${station}: still an attempt`);
          if (blocked.length > 0) this.violations.push(`${node.id} ${station}: still refused by ${blocked.join(" ")}`);
        }
      for (const vif of node.wireless.state.vifs.values())
        if (vif.type === "ap" && vif.ap.acl.length > 0)
          this.violations.push(`${node.id}: ${vif.name} still refuses ${vif.ap.acl.join(" ")}`);
    }
  }

  stop(): void {
    for (const watch of [this.blocks, this.kicks, this.service, this.backoff, this.multiLink]) watch.stop();
    for (const { steering } of this.#sides) steering.stop();
    this.#home.stop();
  }

  #settle(settings: ClientSettings): void {
    this.#settings.set(settings.mac, settings);
    this.#settled.set(settings.mac, this.#home.clock.now());
  }

  #apply(): void {
    // A row that stays is the same object.
    for (const settings of this.#settings.values())
      if (this.#rows.get(settings.mac)?.from !== settings)
        this.#rows.set(settings.mac, { from: settings, row: { ...settings, ended: false } });
    const clients = [...this.#rows.values()].map(({ row }) => row);
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
    if (kind < 0.5) {
      // Others keep theirs, and fail again and again under the same.
      const station = this.#pick(clients.filter((_, index) => index % 2 === 0));
      if (station) this.#resettle(station);
      this.#apply();
    } else if (kind < 0.65 && side) {
      const vif = `home-ap-${this.#pick(side.node.radios)?.suffix}`;
      this.#switch(side, vif, side.off.has(vif));
    } else if (kind < 0.8 && side && this.#faulty) {
      if (side.node.faults.active().length < maxFaults) this.#strike(side);
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
    side.switched = this.#home.clock.now();
    if (on) off.delete(vif);
    else off.add(vif);
    const { ssid, psks, channel, wpa, mode } = state.ap;
    node.wireless.overrides.setVif(radio.phy, vif, { enabled: on, ap: { ssid, psks, channel, wpa, mode } });
  }

  #strike({ node, faults }: Side): void {
    const fault = this.#pick(stormFaults);
    if (!fault) return;
    const duration = 5_000 + this.#random.next() * 30_000;
    node.faults.switchOn({ name: "storm", faults: fault.faults, duration });
    if (fault.recovery !== null) faults.push({ until: this.#home.clock.now() + duration, recovery: fault.recovery });
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
    // Those that keep their rows are asked often, and fail often.
    const often = this.#home.plan.spec.clients.findIndex((client) => client.mac === station) % 2 === 1;
    const debounce = random.next() * (often ? 5_000 : 30_000);
    // Some are asked for longer than an attempt may take.
    const patient = debounce > (often ? 4_000 : 20_000) ? { maxRetries: 8, retryInterval: 10_000 } : {};
    const kick = {
      ...base.sticky,
      btm: { ...base.sticky.btm, ...patient },
      ladder: often ? { btm: true, beaconRequest: false, deauth: random.next() < 0.2 } : ladder,
      debounce,
      guard: random.next() * 10_000,
      backoffCeiling: 600_000,
    };
    this.#settle({
      ...base,
      hwm: maybe(10 + random.integer(30)),
      lwm: maybe(random.next() < 0.1 ? 1 : 15 + random.integer(35), 0.7),
      bottomLwm: maybe(1 + random.integer(10), 0.2),
      pref5g: this.#pick(["never", "always", "hwm", "nonDFS"] as const) ?? "never",
      maxRejects: random.integer(4),
      rejectsTimeout: random.integer(20_000),
      blockTimeout: random.integer(6_000),
      pref6g: random.next() < 0.2 ? "always" : "never",
      backoff: 1_000 + random.integer(often ? 5_000 : 30_000),
      backoffBase: 1 + random.integer(4),
      steerDuringBackoff: random.next() < 0.2,
      kickUponIdle: random.next() < 0.2,
      forceKick: random.next() < 0.2 ? "speculative" : "none",
      clientSteering: this.#clientSteering(),
      steering: kick,
      sticky: kick,
      beaconRequests: random.next() < 0.3,
      filterByBtmStatus: random.next() < 0.5,
      filterByBeaconReport: random.next() < 0.7,
    });
  }

  #clientSteering(): ClientSettings["clientSteering"] {
    const mode = this.#random.next() < 0.2 ? (this.#pick(["home", "away"] as const) ?? "off") : "off";
    const band = this.#pick([null, "2.4G", "5G", "6G"] as const) ?? null;
    return { mode, band, period: 5_000 + this.#random.integer(25_000), round: ++this.#rounds };
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[this.#random.integer(all.length)];
  }
}

function smaller(plan: HomePlan): HomePlan {
  return {
    ...plan,
    nodes: plan.nodes.slice(0, maxNodes),
    spec: { ...plan.spec, clients: plan.spec.clients.slice(0, maxClients) },
  };
}

/** Most clients would rather be on 2.4 GHz, and those that keep their rows seldom go where they are asked to: else there is little to steer. */
function unruly(plan: HomePlan): HomePlan {
  const clients = plan.spec.clients.map((client, index) => {
    const low = index % 3 === 0 ? client : { ...client, habits: { bandPreference: { "2.4G": 30 } } };
    const asked = deviceClass(client.device ?? "iot", client.name).transition !== null;
    if (index % 2 === 0 || !asked) return low;
    return { ...low, transition: { accept: 0.1, ignore: 0.8, honoursImminent: false } };
  });
  return { ...plan, spec: { ...plan.spec, clients } };
}

/** Two of its clients are of a class that runs several links, and stay near the gateway. */
function withMultiLinkClients(plan: HomePlan): HomePlan {
  const [gateway] = plan.nodes;
  const clients = plan.spec.clients.map((client, index) =>
    index < 2 && gateway
      ? {
          ...client,
          device: "laptop-wifi7",
          habits: {},
          place: { x: gateway.place.x + 2, y: gateway.place.y },
          walk: undefined,
        }
      : client,
  );
  return {
    ...plan,
    spec: { ...plan.spec, clients: clients.map(({ walk, ...client }) => (walk ? { ...client, walk } : client)) },
  };
}

/** Access points of 5 and 6 GHz of a gateway, as links of one device. */
function multiLink(radios: readonly RadioModel[]): readonly RadioModel[] {
  return radios.map((radio) =>
    radio.generation === "be" ? { ...radio, mlds: { [`home-ap-${radio.suffix}`]: { ifName: "home-mld" } } } : radio,
  );
}
