/** A home that can do without its cloud, in a storm: a story of things that happen to it, from a seed, and the calm after it. */

import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import type { WanState } from "@opensync-ts/target-sim/network/wan";
import { CloudlessHome, guest, hour, minute, residents, second } from "../cloudless-home.ts";
import { createFailingModule, failingModule } from "./failing-module.ts";
import { gwStore, HomeWatch, servedWithin } from "./home-watch.ts";
import { StormFlash } from "./storm-flash.ts";
import { firstWishes, homeAsWished, KnownNetworks, one, otherWishes, type Wishes } from "./wishes.ts";

/** All is well again within this after the last fault. */
const wellWithin = 15 * minute;

/** What is written in one life of the gateway, and because of one thing that happens, is bounded by so many writes. */
const writesPerBoot = 2;
const writesPerEvent = 2;

export interface StormEvent {
  readonly name: string;
  readonly weight: number;
  readonly when?: (storm: StormyGateway) => boolean;
  /** A home without its cloud is to be served all the same. */
  readonly harmless?: boolean;
  readonly happen: (storm: StormyGateway) => void | Promise<void>;
}

export class StormyGateway {
  readonly home: CloudlessHome;
  readonly random: SeededRandom;
  readonly flash: StormFlash;
  readonly watch: HomeWatch;
  /** What has happened, for people. */
  readonly story: string[] = [];
  readonly #known: KnownNetworks;
  readonly #events: readonly StormEvent[];
  #wishes: Wishes = firstWishes;
  /** Called each time that the power comes on, once. */
  #onPower: (() => void)[] = [];

  private constructor(
    parts: Pick<StormyGateway, "home" | "random" | "flash" | "watch">,
    known: KnownNetworks,
    events: readonly StormEvent[],
  ) {
    this.home = parts.home;
    this.random = parts.random;
    this.flash = parts.flash;
    this.watch = parts.watch;
    this.#known = known;
    this.#events = events;
  }

  /** Resolves when the home is settled and stored. `events`: what can happen to it. */
  static async start(seed: number, events: readonly StormEvent[]): Promise<StormyGateway> {
    const random = new SeededRandom(`storm ${seed}`);
    const flash = new StormFlash(random.fork("flash"));
    const known = new KnownNetworks();
    known.learn(firstWishes.ssid, firstWishes.psk);
    const watch = new HomeWatch(flash, known);
    let storm: StormyGateway | undefined;
    const home = await CloudlessHome.start({
      seed,
      home: homeAsWished(firstWishes),
      flash: flash.ops,
      logSink: watch.logSink,
      modules: [createFailingModule(random.fork("module"))],
      onPower() {
        flash.powerOn();
        storm?.poweredOn();
      },
    });
    storm = new StormyGateway({ home, random, flash, watch }, known, events);
    flash.onPowerCut = () => home.device.control.powerCut();
    watch.explained.push(new RegExp(`^${failingModule}: ended`));
    await watch.attach(home);
    await home.settled();
    await home.until("it is stored", () => watch.status === "ready", 2 * minute);
    return storm;
  }

  /** 10 to 25 things happen. */
  async play(): Promise<void> {
    for (let left = 10 + this.random.integer(16); left > 0; left--) {
      await this.home.pass(this.#pause());
      const event = this.#choose();
      this.tell(event.name);
      this.watch.counts.events++;
      if (!event.harmless) this.watch.forgive();
      await event.happen(this);
    }
  }

  /** Everything is healthy again: what must be so then, and must stay so at no cost. */
  async calm(): Promise<void> {
    const { home, watch, flash } = this;
    await home.pass(this.#pause());
    this.tell("calm");
    flash.set("ok");
    flash.cutAfter(Number.POSITIVE_INFINITY);
    this.#onPower = [];
    home.wan.set("ok");
    home.fabric.cloud = "ok";
    watch.forgive();
    for (const spec of [...residents, guest]) this.bring(spec.name);
    await home.clock.runUntil(() => home.device.state === "UP", minute, "it comes up");
    await home.pass(second);
    await this.setServices(({ enable }) => enable !== true, true);
    await this.setFailingModule(false);
    const end = home.clock.now() + wellWithin;
    while (home.clock.now() < end && this.#unwell().length > 0) await home.pass(5 * second);
    for (const words of this.#unwell())
      watch.broken(`not well ${wellWithin / minute} minutes after the storm: ${words}`);
    await home.pass(minute);
    const { writes, configWrites } = watch.counts;
    await home.pass(2 * hour);
    if (watch.counts.writes > writes) watch.broken(`${watch.counts.writes - writes} writes to flash in a calm`);
    if (watch.counts.configWrites > configWrites) {
      watch.broken(`${watch.counts.configWrites - configWrites} writes of configuration in a calm`);
    }
    for (const words of this.#unwell()) watch.broken(`not well any more: ${words}`);
    const bound = watch.counts.boots * writesPerBoot + watch.counts.events * writesPerEvent;
    if (watch.counts.writes > bound) watch.broken(`${watch.counts.writes} writes to flash, more than ${bound}`);
  }

  async stop(): Promise<void> {
    this.watch.stop();
    await this.home[Symbol.asyncDispose]();
  }

  tell(words: string): void {
    this.story.push(`${(this.home.clock.now() / second).toFixed(3)} s: ${words}`);
  }

  /** Called when the power comes on next. */
  atPower(then: () => void): void {
    this.#onPower.push(then);
  }

  poweredOn(): void {
    for (const then of this.#onPower.splice(0)) then();
  }

  get wan(): WanState {
    return this.home.wan.state;
  }

  /** The owner wants something else, and types the new key into the family's devices. */
  change(): void {
    this.#wishes = otherWishes(this.#wishes, this.random);
    const { ssid, psk, subnet, start, channels, cloudless, reserved } = this.#wishes;
    const people = [...reserved].map(([of, byte]) => `${of.slice(-1)}=.${byte}`).join(" ");
    this.tell(`  ${ssid}, ${psk}, .${subnet}.${start}, ${channels.join("/")}, ${people}, cloudless ${cloudless}`);
    this.#known.learn(ssid, psk);
    const { world, cloud } = this.home;
    cloud.location.setHome(homeAsWished(this.#wishes));
    for (const { device } of world.clients()) world.teachClient(device.mac, this.#networksOf(device.name));
  }

  /** Names of those who are in the home, or are not. */
  people(present: boolean): readonly string[] {
    const here = new Set(this.home.world.clients().map(({ device }) => device.name));
    return [...residents, guest].map(({ name }) => name).filter((name) => here.has(name) === present);
  }

  bring(name: string): void {
    const spec = [...residents, guest].find((each) => each.name === name);
    if (!spec || this.home.world.client(mac(spec.mac))) return;
    this.home.world.addClient({ ...spec, networks: this.#networksOf(name) });
  }

  takeAway(name: string): void {
    const client = this.home.world.clients().find(({ device }) => device.name === name);
    if (client) this.home.world.removeClient(client.device.mac);
  }

  /** `Node_Services.enable`, by hand; nothing where the gateway is down. */
  async setServices(concerns: (service: Row<"Node_Services">) => boolean, enable: boolean): Promise<void> {
    const names = this.watch.rows("Node_Services").filter(concerns);
    await this.home.device.node?.client.transact((transaction) => {
      for (const { service } of names) transaction.update("Node_Services", [["service", "==", service]], { enable });
    });
  }

  /** A row of `Node_Config`: made, or changed. */
  async setNodeConfig(module: string, key: string, value: string): Promise<void> {
    const { node } = this.home.device;
    if (!node) return;
    const exists = this.watch.rows("Node_Config").some((row) => row.module === module && row.key === key);
    const where = [["module", "==", module] as const, ["key", "==", key] as const] as const;
    await node.client.transact((transaction) => {
      if (exists) transaction.update("Node_Config", where, { value });
      else transaction.insert("Node_Config", { module, key, value });
    });
  }

  /** Somebody at the gateway chooses another channel: that is not the home's configuration, and not to be kept. */
  async turnKnob(): Promise<void> {
    const { node } = this.home.device;
    const channel = one([1, 6, 11], this.random);
    await this.watch.excused(async () =>
      node?.client.transact((transaction) =>
        transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { channel }),
      ),
    );
  }

  setFailingModule(on: boolean): Promise<void> {
    return this.setNodeConfig(failingModule, "enable", String(on));
  }

  /** Nothing: connected, settled, in the state that the owner wants, and everybody served. */
  #unwell(): readonly string[] {
    const { home, watch } = this;
    const view = home.cloud.location.node("gateway");
    const wanted = this.#wishes.cloudless ? "ready" : "disabled";
    const guestHost = home.fabric.hosts().find(({ name }) => name === guest.name);
    const services = watch.rows("Node_Services").filter(({ status }) => status !== "enabled");
    return [
      ...(home.device.state === "UP" ? [] : [`it is ${home.device.state}`]),
      ...(view?.settled ? [] : [`the cloud is not satisfied: ${view?.pending}`]),
      ...(watch.pm("Node_Config", "gw_offline") === "true" ? ["gw_offline is still true"] : []),
      ...(watch.status === wanted ? [] : [`gw_offline_status is ${watch.status} instead of ${wanted}`]),
      ...watch.unserved(),
      ...(guestHost?.address ? [] : ["the guest is not on the network"]),
      ...services.map(({ service, status }) => `${service} is ${status}`),
      ...(wanted === "disabled" && this.#isStored() ? ["what was stored is still there"] : []),
    ];
  }

  #isStored(): boolean {
    const store = this.home.device.node?.target.storage.stores().find(({ name }) => name === gwStore);
    return (store?.keys ?? 0) > 0;
  }

  #networksOf(name: string) {
    return name === guest.name ? this.#known.guests : this.#known.family;
  }

  #choose(): StormEvent {
    const possible = this.#events.filter(({ when }) => when === undefined || when(this));
    let left = this.random.next() * possible.reduce((sum, { weight }) => sum + weight, 0);
    for (const event of possible) {
      left -= event.weight;
      if (left < 0) return event;
    }
    return possible[0] as StormEvent;
  }

  /** In one breath, while something is under way, when it is done, and when a home without its cloud must be served. */
  #pause(): number {
    const { random } = this;
    const kind = random.next();
    if (kind < 0.25) return random.next() * 2 * second;
    if (kind < 0.65) return random.next() * 90 * second;
    if (kind < 0.88) return 90 * second + random.next() * 10 * minute;
    return servedWithin + minute + random.next() * 5 * minute;
  }
}
