/** A whole home in one process: the cloud, the world, and every node of the home file on simulated radios. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { makePrivateDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import { Log, type LogRecord, type LogSink } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { type Home, type HomeNode, readHome } from "@opensync-ts/cloud/home";
import type { Locations } from "@opensync-ts/cloud/locations";
import { type HomeCloud, type Listening, startCloud } from "@opensync-ts/cloud/start-cloud";
import { type StatsSection, statsSection } from "@opensync-ts/cloud/stats-section";
import { Device } from "@opensync-ts/node/device";
import type { NodeOptions, RunningNode } from "@opensync-ts/node/start-node";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget, type SimTarget } from "@opensync-ts/target-sim/sim-target";
import { World } from "@opensync-ts/world/world";
import { HomeControls } from "./home-controls.ts";
import { parseSimulation, type Simulation } from "./simulation.ts";

export interface SimulatedHomeOptions {
  readonly directory: string;
  readonly homeFile: string;
  /** Seed of the world; by default the home file's, else 1. */
  readonly seed: number | undefined;
  /** Where the cloud's API listens; undefined: nowhere. */
  readonly http?: { readonly port: number; readonly address?: string } | undefined;
  /** Directory of the built console; undefined: none. */
  readonly console?: string | undefined;
  /** As of `startNode`. */
  readonly strict?: boolean;
  readonly environment?: NodeOptions["environment"];
  readonly clock: Clock;
  readonly random: Random;
  readonly logSink: LogSink;
  /** Hears of what a node logs, as well as `logSink`. */
  readonly onNodeLog: (node: string, record: LogRecord) => void;
}

/** Statistics of a home whose file says nothing about them. */
const statsToWatch: StatsSection = statsSection.parse({
  client: { sampling: 1, reporting: 5 },
  survey: { sampling: 1, reporting: 5 },
  neighbor: { sampling: 5, reporting: 5 },
  device: { sampling: 5, reporting: 5 },
  offChannel: { sampling: 5, reporting: 15 },
  publish: 5,
});

/** The LAN of a home whose file says nothing about it: extenders and clients need addresses. */
export const usualLan: NonNullable<Home["lan"]> = {
  bridge: "br-home",
  address: "192.168.40.1",
  netmask: "255.255.255.0",
  dhcp: { start: "192.168.40.2", stop: "192.168.40.254", leaseTime: "12h" },
};

/** What there is before the first node starts. */
export interface BegunHome {
  readonly world: World;
  readonly locations: Locations;
}

export interface HomeDevice {
  readonly id: string;
  readonly role: HomeNode["role"];
  readonly device: Device;
}

export class SimulatedHome {
  readonly home: Home;
  readonly world: World;
  readonly fabric: Fabric;
  readonly cloud: HomeCloud;
  /** The gateway first. */
  readonly devices: readonly HomeDevice[];

  private constructor(home: Home, world: World, fabric: Fabric, cloud: HomeCloud, devices: readonly HomeDevice[]) {
    this.home = home;
    this.world = world;
    this.fabric = fabric;
    this.cloud = cloud;
    this.devices = devices;
  }

  /** `onWorld` is called before the first node starts, so that nothing that happens is missed. */
  static async start(options: SimulatedHomeOptions, onWorld: (begun: BegunHome) => void): Promise<SimulatedHome> {
    const { directory, homeFile, clock, random, logSink } = options;
    const stated = await readHome(homeFile);
    // Who watches wants to see something soon.
    const home = { ...stated, stats: stated.stats ?? statsToWatch, lan: stated.lan ?? usualLan };
    const simulation = parseSimulation(home, homeFile);
    const seed = options.seed ?? simulation.seed ?? 1;
    const world = new World({ clock, seed, spec: simulation.world });
    const fabric = new Fabric({ clock, world, seed });
    const devices: HomeDevice[] = [];
    const targets = new Map<string, SimTarget>();
    const controls = new HomeControls({
      ...{ world, fabric, clock },
      nodes: home.nodes.map(({ id, role }) => ({
        ...{ id, role, place: simulation.placeOf(id) },
        device: () => devices.find((each) => each.id === id)?.device,
        target: () => targets.get(id),
      })),
    });
    const listening = Promise.withResolvers<Listening>();
    const starting = startCloud({
      directory: join(directory, "cloud"),
      home,
      store: {},
      http: options.http,
      console: options.console,
      simulation: controls,
      redirector: "pssl:0:127.0.0.1",
      controller: "pssl:0:127.0.0.1",
      mqtt: "pssl:0:127.0.0.1",
      onListening: listening.resolve,
      clock,
      random,
      log: Log.create({ name: "CLOUD", sink: logSink, wallTime: () => clock.wallTime() }),
    });
    starting.catch(listening.reject);
    try {
      const cloud = await listening.promise;
      onWorld({ world, locations: cloud.locations });
      // Nodes boot while the cloud opens its store.
      await startNodes({ options, home, world, fabric, simulation, cloud }, devices, targets);
      return new SimulatedHome(home, world, fabric, await starting, devices);
    } catch (error) {
      await Promise.all(devices.map(({ device }) => device.stop()));
      await starting.then(
        (cloud) => cloud.stop(),
        () => {},
      );
      closeWorld(world, fabric);
      throw error;
    }
  }

  /** Those that are up. */
  get nodes(): readonly RunningNode[] {
    return this.devices.flatMap(({ device }) => device.node ?? []);
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map(({ device }) => device.stop()));
    await this.cloud.stop();
    closeWorld(this.world, this.fabric);
  }
}

function closeWorld(world: World, fabric: Fabric): void {
  fabric.close();
  world.close();
}

interface HomeParts {
  readonly options: SimulatedHomeOptions;
  readonly home: Home;
  readonly world: World;
  readonly fabric: Fabric;
  readonly simulation: Simulation;
  readonly cloud: Listening;
}

/** `devices`: those that have been started, also when one could not be; `targets`: what each is made of since its last boot. */
async function startNodes(parts: HomeParts, devices: HomeDevice[], targets: Map<string, SimTarget>): Promise<void> {
  const { options, home, world, fabric, simulation, cloud } = parts;
  const { directory, strict = false, environment = {}, clock, random, logSink, onNodeLog } = options;
  const { backhaul } = home;
  // Wired extenders hang on the gateway's LAN, so it comes first.
  const ordered = home.nodes.toSorted((a, b) => Number(a.role !== "gateway") - Number(b.role !== "gateway"));
  let gateway: SimTarget | undefined;
  for (const { id, role, uplink } of ordered) {
    // Claimed for this home before it was switched on.
    const onboarding = uplink === "wifi" && backhaul ? { ssid: backhaul.ssid, psk: backhaul.psk } : undefined;
    const nodeDirectory = join(directory, "nodes", id);
    await installCertificates(cloud, id, join(nodeDirectory, "certs"));
    const device = await Device.start({
      directory: nodeDirectory,
      target: ({ onDamage }) => {
        const target = createSimTarget({
          onDamage,
          world,
          fabric,
          clock,
          random,
          node: { id, model: role, place: simulation.placeOf(id) },
          directory: nodeDirectory,
          ...(onboarding
            ? { uplink: null, onboarding }
            : role === "extender" && gateway
              ? { uplink: gateway.lan }
              : {}),
        });
        if (role === "gateway") gateway = target;
        targets.set(id, target);
        return target;
      },
      redirector: cloud.redirectorAddress,
      strict,
      environment,
      clock,
      random,
      logSink: (record) => {
        logSink(record);
        onNodeLog(id, record);
      },
    });
    devices.push({ id, role, device });
  }
}

/** What a factory does: puts the device's certificate onto the device. */
async function installCertificates(cloud: Listening, id: string, certs: string): Promise<void> {
  const files = await cloud.certificates?.node(id);
  if (!files) return;
  makePrivateDirectory(certs);
  const copies = { "ca.pem": files.caCert, "client.pem": files.certificate, "client_dec.key": files.privateKey };
  for (const [name, from] of Object.entries(copies)) writeFileAtomic(join(certs, name), readFileSync(from));
}
