/**
 * A home whole and on virtual time with a cloud that steers it: a gateway and an extender on a cable, real sessions, real reports, and
 * the cloud's memory in a store.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { every, RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import { checkHome, type Home } from "@opensync-ts/cloud/home";
import { statsTopic } from "@opensync-ts/cloud/mqtt/node-topics";
import { Statistics } from "@opensync-ts/cloud/statistics/statistics";
import { LocationSteering } from "@opensync-ts/cloud/steering/loop/location-steering";
import { openStore, type Store } from "@opensync-ts/cloud/store/store";
import { FakeBroker } from "@opensync-ts/managers/qm/testing/fake-broker";
import { Device } from "@opensync-ts/node/device";
import { rowsOf } from "@opensync-ts/node/testing/bench";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget, type SimTarget } from "@opensync-ts/target-sim/sim-target";
import type { ClientSpec, InterfererSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { usualLan } from "../../packages/opensync/src/simulated-home.ts";
import { MemoryCloud } from "../../packages/opensync/src/testing/memory-cloud.ts";

const second = 1_000;
const places = { gateway: { x: 0, y: 0 }, extender: { x: 25, y: 0 } } as const;
type NodeName = keyof typeof places;

export const network = { ssid: "Home", psk: "the family's key" };

function document(): Home {
  const radio = (node: NodeName, band: "2.4G" | "5G", channel: number, width: number) => ({
    node,
    band,
    channel,
    width,
  });
  return checkHome(
    {
      name: "Home",
      nodes: [
        { id: "gateway", role: "gateway" },
        { id: "extender", role: "extender" },
      ],
      networks: [{ ssid: network.ssid, security: { mode: "wpa2", keys: [{ id: "key", psk: network.psk }] } }],
      radios: [
        radio("gateway", "2.4G", 1, 20),
        radio("gateway", "5G", 36, 80),
        radio("extender", "2.4G", 11, 20),
        radio("extender", "5G", 149, 80),
      ],
      lan: usualLan,
      stats: { publish: 60 },
    },
    "test",
  );
}

export interface SteeredHomeOptions {
  readonly clients: readonly ClientSpec[];
  readonly interferers?: readonly InterfererSpec[];
}

export class SteeredHome implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log = new LogRing(20_000);
  readonly world: World;
  readonly store: Store;
  readonly location: string;
  readonly #fabric: Fabric;
  readonly #devices = new Map<NodeName, Device>();
  readonly #brokers = new Map<NodeName, FakeBroker>();
  readonly #statistics: Statistics;
  readonly #directory: string;
  readonly #cloud: MemoryCloud;
  readonly #options: SteeredHomeOptions;
  readonly #stops: (() => void)[] = [];
  steering: LocationSteering;

  private constructor(options: SteeredHomeOptions, directory: string, store: Store, location: string) {
    const { clock } = this;
    this.#options = options;
    this.#directory = directory;
    this.store = store;
    this.location = location;
    this.world = new World({ clock, seed: 1, spec: { interferers: options.interferers ?? [] } });
    this.#fabric = new Fabric({ clock, world: this.world, seed: 1 });
    this.#statistics = new Statistics({ clock, log: this.#log() });
    this.#cloud = new MemoryCloud(document(), clock, this.log.sink, {
      broker: { host: "127.0.0.1", port: 1883, tls: false },
      steering: (node) => this.steering.steering(node),
    });
    this.steering = this.#newCloud();
  }

  /** Both nodes are as the home states; nobody is there yet. */
  static async start(
    options: SteeredHomeOptions,
    prepare: (store: Store, now: number) => Promise<string>,
  ): Promise<SteeredHome> {
    const directory = mkdtempSync(join(tmpdir(), "opensync-steered-"));
    const clock = new RealClock();
    const log = Log.create({ name: "STORE", sink: () => undefined, wallTime: () => clock.wallTime() });
    const random = new SeededRandom(1);
    const store = await openStore({ directory, clock, random, log });
    const location = await prepare(store, new VirtualClock().wallTime());
    const home = new SteeredHome(options, directory, store, location);
    await home.#begin();
    return home;
  }

  async #begin(): Promise<void> {
    const { clock } = this;
    await this.steering.start();
    const random = new SeededRandom(2);
    await this.#switchOn("gateway", random, {});
    const { lan } = this.#target("gateway");
    await this.#switchOn("extender", random, { uplink: lan });
    this.#stops.push(this.#statistics.onPublication((publication) => this.steering.take(publication)));
    const timer = every(clock, second, () => this.#deliver());
    this.#stops.push(() => timer.cancel());
    for (let count = 0; !this.#cloud.location.settled; count++) {
      if (count > 300)
        throw new Error(`not settled: ${this.#cloud.location.nodes.map(({ pending }) => pending).join("; ")}`);
      await this.pass(1);
    }
    for (const client of this.#options.clients) this.world.addClient(client);
  }

  /** Another cloud of the same store; its nodes' sessions go on. */
  async restart(): Promise<void> {
    await this.steering.stop();
    this.steering = this.#newCloud();
    await this.steering.start();
  }

  /** In small steps: writing takes no time of this clock. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 2) {
      await this.clock.advance(Math.min(2, left) * second);
      await this.steering.settled();
    }
  }

  /** Time passes until it holds. */
  async until(what: string, holds: () => boolean, minutes: number): Promise<void> {
    const end = this.clock.now() + minutes * 60 * second;
    while (!holds()) {
      if (this.clock.now() >= end) throw new Error(`${what}: not within ${minutes} minutes`);
      await this.pass(2);
    }
  }

  /** `NODE/VIF` */
  where(client: string): string {
    const bssid = this.world.client(mac(client))?.association?.bssid;
    const bss = bssid && this.world.bss(bssid);
    return bss ? `${bss.site}/${bss.name}` : "nowhere";
  }

  async row(node: NodeName, client: Mac) {
    const running = this.#devices.get(node)?.node;
    const rows = running ? await rowsOf(running.client, "Band_Steering_Clients") : [];
    return rows.find((each) => each.mac === client);
  }

  /** Row changes that the cloud has made. */
  writes(): number {
    return this.#cloud.location.nodes.reduce((sum, { counters }) => sum + counters.writes, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.steering.stop();
    for (const device of this.#devices.values()) await device.stop();
    await this.#cloud.stop();
    this.#fabric.close();
    this.world.close();
    await this.store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #target(id: NodeName): SimTarget {
    const target = this.#devices.get(id)?.node?.target;
    if (!target) throw new Error(`the ${id} is off`);
    return target as SimTarget;
  }

  #newCloud(): LocationSteering {
    const { clock, store, location } = this;
    const steering = new LocationSteering({
      ...{ location, store, clock, log: this.#log(), random: new SeededRandom(3) },
      home: () => this.#cloud.location.home,
      nodes: { rows: (node) => this.#cloud.location.session(node)?.tables },
    });
    steering.onChange((node) => this.#cloud.steeringChanged(node));
    return steering;
  }

  #log(): Log {
    return Log.create({ name: "CLOUD", sink: this.log.sink, wallTime: () => this.clock.wallTime() });
  }

  /** What nodes have published. */
  #deliver(): void {
    for (const [node, broker] of this.#brokers) {
      for (const { topic, payload } of broker.received.splice(0)) {
        const kind = topic === statsTopic(node) ? "stats" : "other";
        this.#statistics.take(node, node, kind, topic, payload);
      }
    }
  }

  async #switchOn(id: NodeName, random: SeededRandom, connection: object): Promise<void> {
    const { clock, world } = this;
    const broker = new FakeBroker();
    this.#brokers.set(id, broker);
    const device = await Device.start({
      directory: join(this.#directory, id),
      ...{ clock, random, mqtt: broker, redirector: this.#cloud.redirectorAddress, dial: this.#cloud.dial },
      logSink: (record) => this.log.sink({ ...record, text: `${id}: ${record.text}` }),
      target: ({ directory }) =>
        createSimTarget({
          ...{ world, fabric: this.#fabric, clock, random, directory },
          ...{ node: { id, model: id, place: places[id] }, ...connection },
        }),
    });
    this.#devices.set(id, device);
  }
}
