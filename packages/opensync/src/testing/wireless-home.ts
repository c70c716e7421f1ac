/**
 * For tests: a home whole and on virtual time: two devices, the cloud, and people in the rooms. Its extender has no cable,
 * except in the home of `homes/demo.json`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VirtualClock } from "@opensync-ts/base/clock";
import { LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Home, parseHome, readHome } from "@opensync-ts/cloud/home";
import type { NodeView } from "@opensync-ts/cloud/location";
import { Device } from "@opensync-ts/node/device";
import { rowsOf } from "@opensync-ts/node/testing/bench";
import type { OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget, type SimTarget, type SimTargetOptions } from "@opensync-ts/target-sim/sim-target";
import type { Place } from "@opensync-ts/world/geometry";
import type { ClientSpec, WorldSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { usualLan } from "../simulated-home.ts";
import { parseSimulation } from "../simulation.ts";
import { MemoryCloud } from "./memory-cloud.ts";

export const second = 1_000;
export const minute = 60 * second;

export const backhaulKey = "between the nodes";
export const homeKey = "the family's key";

export type NodeName = "gateway" | "extender";

const places = { gateway: { x: 0, y: 0 }, extender: { x: 12, y: 0 } } as const;

/** One sits beside the gateway, one beside the extender. */
export const near: ClientSpec = {
  name: "near",
  mac: "02:00:00:00:00:01",
  place: { x: 1, y: 1 },
  networks: [{ ssid: "Home", psk: homeKey }],
};
export const far: ClientSpec = { ...near, name: "far", mac: "02:00:00:00:00:02", place: { x: 13, y: 1 } };

export interface WirelessOptions {
  /** Of the extender, in the home's file; default: not stated. */
  readonly stations?: readonly string[];
  /** The key that the extender knows; default: the right one. */
  readonly knownKey?: string;
  /** In place of members of the home's file. */
  readonly parts?: object;
  /** When the extender is switched on: at once, or by hand (`switchOnExtender`). */
  readonly extender?: "at once" | "by hand";
  /** Who is there, beside `near` and `far`, once all is settled. */
  readonly guests?: readonly ClientSpec[];
}

export function wirelessHome({ stations, parts = {} }: WirelessOptions = {}): Home {
  return parseHome(
    JSON.stringify({
      name: "Home",
      nodes: [
        { id: "gateway", role: "gateway" },
        { id: "extender", role: "extender", uplink: "wifi", ...(stations && { stations }) },
      ],
      networks: [{ ssid: "Home", security: { mode: "wpa2", keys: [{ id: "key", psk: homeKey }] } }],
      lan: { address: "192.168.40.1", dhcp: { start: "192.168.40.100", stop: "192.168.40.200" } },
      backhaul: { ssid: "Home backhaul", psk: backhaulKey },
      ...parts,
    }),
    "home",
  );
}

export class WirelessHome implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log = new LogRing(20_000);
  readonly world: World;
  readonly fabric: Fabric;
  readonly devices = new Map<NodeName, Device>();
  readonly #random: SeededRandom;
  #cloud: MemoryCloud;
  readonly #directory = mkdtempSync(join(tmpdir(), "opensync-wireless-"));

  private constructor(home: Home, seed: number, spec: WorldSpec = {}) {
    const { clock } = this;
    this.world = new World({ clock, seed, spec });
    this.fabric = new Fabric({ clock, world: this.world, seed });
    this.#random = new SeededRandom(seed);
    this.#cloud = new MemoryCloud(home, clock, this.log.sink);
  }

  get cloud(): MemoryCloud {
    return this.#cloud;
  }

  /** The cloud ends, and another one begins at its address, knowing no more than what the home states. */
  async restartCloud(): Promise<void> {
    const { home } = this.#cloud.location;
    await this.#cloud.stop();
    this.#cloud = new MemoryCloud(home, this.clock, this.log.sink);
  }

  /** The demo home, its extender on a cable to the gateway, when both devices are switched on. */
  static async demo(seed = 1): Promise<WirelessHome> {
    const file = fileURLToPath(new URL("../../../../homes/demo.json", import.meta.url));
    const home: Home = { ...(await readHome(file)), lan: usualLan };
    const simulation = parseSimulation(home, file);
    const demo = new WirelessHome(home, seed, simulation.world);
    await demo.#switchOn("gateway", simulation.placeOf("gateway"), {});
    const { lan } = demo.target("gateway");
    await demo.#switchOn("extender", simulation.placeOf("extender"), { uplink: lan });
    return demo;
  }

  /** Resolves when the devices are switched on. Nobody else is there. */
  static async start(options: WirelessOptions = {}, seed = 1): Promise<WirelessHome> {
    const home = new WirelessHome(wirelessHome(options), seed);
    await home.#switchOn("gateway", places.gateway, {});
    if (options.extender !== "by hand") await home.switchOnExtender("wifi", options.knownKey);
    return home;
  }

  /** It has a cable to the gateway's LAN, or knows the backhaul's key. */
  async switchOnExtender(how: "wifi" | "cable", knownKey = backhaulKey): Promise<void> {
    const onboarding = { ssid: "Home backhaul", psk: knownKey };
    const connection = how === "cable" ? { uplink: this.target("gateway").lan } : { uplink: null, onboarding };
    await this.#switchOn("extender", places.extender, connection);
  }

  /** The same, when the cloud is satisfied with all that are switched on, and people have come. */
  static async settled(options: WirelessOptions = {}): Promise<WirelessHome> {
    const home = await WirelessHome.start(options);
    await home.settled();
    for (const client of [near, far, ...(options.guests ?? [])]) home.world.addClient(client);
    await home.until(
      "both have an address",
      () => home.fabric.hosts().every(({ address }) => address !== null),
      minute,
    );
    return home;
  }

  async #switchOn(
    id: NodeName,
    place: Place,
    connection: Pick<SimTargetOptions, "uplink" | "onboarding">,
  ): Promise<void> {
    const { clock, world, fabric } = this;
    const random = this.#random;
    const device = await Device.start({
      directory: join(this.#directory, id),
      clock,
      random,
      redirector: this.cloud.redirectorAddress,
      dial: (...call) => this.cloud.dial(...call),
      logSink: (record) => this.log.sink({ ...record, text: `${id}: ${record.text}` }),
      target: ({ directory }) =>
        createSimTarget({
          world,
          fabric,
          clock,
          random,
          node: { id, model: id, place },
          directory,
          ...connection,
        }),
    });
    this.devices.set(id, device);
  }

  device(id: NodeName): Device {
    const device = this.devices.get(id);
    if (!device) throw new Error(`${id} was never switched on`);
    return device;
  }

  target(id: NodeName): SimTarget {
    const { node, state } = this.device(id);
    if (!node) throw new Error(`the ${id} is ${state}`);
    return node.target as SimTarget;
  }

  /** None while the device is off. */
  async rows<T extends OpenSyncTable>(id: NodeName, table: T): Promise<readonly Row<T>[]> {
    const { node } = this.device(id);
    return node ? rowsOf(node.client, table) : [];
  }

  async row<T extends OpenSyncTable>(id: NodeName, table: T, name: string): Promise<Row<T> | undefined> {
    const rows = (await this.rows(id, table)) as readonly (Row<T> & { if_name?: unknown; name?: unknown })[];
    return rows.find((row) => (row.if_name ?? row.name) === name);
  }

  /** Names of the ports of the LAN bridge. */
  async ports(id: NodeName): Promise<readonly string[]> {
    const bridge = await this.row(id, "Bridge", "br-home");
    const ports = await this.rows(id, "Port");
    return ports
      .filter(({ _uuid }) => bridge?.ports.includes(_uuid))
      .map(({ name }) => name)
      .sort();
  }

  /** Address in `Wifi_Inet_State`; null: none. */
  async address(id: NodeName, ifName: string): Promise<string | null> {
    const address = (await this.row(id, "Wifi_Inet_State", ifName))?.inet_addr ?? null;
    return address === "0.0.0.0" ? null : address;
  }

  /** Whether the extender has come all the way: its cloud has found it as the home states. */
  extenderIsOn(): boolean {
    const view = this.cloud.location.node("extender");
    return view?.connection === "connected" && view.settled;
  }

  /** The extender as the cloud sees it. */
  extender(): NodeView {
    const view = this.cloud.location.node("extender");
    if (!view) throw new Error("the home has no extender");
    return view;
  }

  /** `Wifi_Radio_Config.enabled` of the gateway's radios on 2.4 and 5 GHz, by a hand at the gateway. */
  async setRadios(radios: { readonly wifi0?: boolean; readonly wifi1?: boolean }): Promise<void> {
    const { node } = this.device("gateway");
    await node?.client.transact((transaction) => {
      for (const [name, enabled] of Object.entries(radios))
        transaction.update("Wifi_Radio_Config", [["if_name", "==", name]], { enabled });
    });
  }

  /** Row changes that the cloud has made at the gateway since it came up. */
  writesToGateway(): number {
    return this.cloud.location.node("gateway")?.counters.writes ?? Number.NaN;
  }

  /** The uplink in use: its name. */
  async uplink(id: NodeName): Promise<string | undefined> {
    return (await this.rows(id, "Connection_Manager_Uplink")).find(({ is_used }) => is_used === true)?.if_name;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Time passes until it holds; looked at each second. Throws after `limit` ms. */
  async until(what: string, holds: () => boolean | Promise<boolean>, limit: number): Promise<void> {
    const end = this.clock.now() + limit;
    while (!(await holds())) {
      if (this.clock.now() >= end) throw new Error(`${what}: not within ${limit / second} s`);
      await this.pass(second);
    }
  }

  /** The cloud is satisfied with all that are switched on. */
  async settled(limit = 5 * minute): Promise<void> {
    const isSettled = (id: NodeName) => this.cloud.location.node(id)?.settled === true;
    await this.until("the cloud is satisfied with its nodes", () => [...this.devices.keys()].every(isSettled), limit);
  }

  async reboot(id: NodeName): Promise<void> {
    const device = this.device(id);
    device.control.reboot("the owner wants it");
    await this.clock.runUntil(() => device.state !== "UP", minute, "it goes down");
    await this.clock.runUntil(() => device.state === "UP", minute, "it comes up");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.devices.values()) await device.stop();
    await this.cloud.stop();
    this.fabric.close();
    this.world.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
