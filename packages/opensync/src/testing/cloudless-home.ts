/**
 * For tests and docs: a home whose gateway can do without its cloud, whole and on virtual time: the device with its flash, its
 * uplink, the cloud behind it, and people's devices in the rooms.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@opensync-ts/base/clock";
import { LogRing, type LogSink, tee } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import { type Home, parseHome } from "@opensync-ts/cloud/home";
import type { ManagerDefinition } from "@opensync-ts/managers/manager";
import { Device } from "@opensync-ts/node/device";
import type { RunningNode } from "@opensync-ts/node/start-node";
import { rowsOf } from "@opensync-ts/node/testing/bench";
import type { OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import type { FileOps } from "@opensync-ts/target/file-ops";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { SimWan } from "@opensync-ts/target-sim/network/wan";
import { createSimTarget, type SimTarget } from "@opensync-ts/target-sim/sim-target";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { MemoryCloud } from "./memory-cloud.ts";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

export const primaryKey = "the family's key";
export const guestKey = "the guests' key";
export const printerMac = "02:00:00:00:00:01";
export const printerAddress = "192.168.40.10";

/** What the owner of the home wants; `parts` in place of members of it. */
export function homeOf(parts: object = {}): Home {
  return parseHome(
    JSON.stringify({
      name: "Home",
      nodes: [{ id: "gateway", role: "gateway" }],
      networks: [
        {
          ssid: "Home",
          security: {
            mode: "wpa2-wpa3",
            keys: [
              { id: "key", label: "family", psk: primaryKey },
              { id: "key-1", label: "guests", psk: guestKey },
            ],
          },
        },
      ],
      radios: [
        { band: "2.4G", channel: 6, width: 20 },
        { band: "5G", channel: 36, width: 80 },
      ],
      lan: {
        address: "192.168.40.1",
        dhcp: {
          start: "192.168.40.100",
          stop: "192.168.40.200",
          reservations: [{ mac: printerMac, address: printerAddress, name: "printer" }],
        },
        dns: { primary: "192.168.40.1", secondary: "192.0.2.53" },
      },
      cloudless: true,
      ...parts,
    }),
    "home",
  );
}

const family = { ssid: "Home", psk: primaryKey };

/** The family's devices; the guest's telephone knows another key of the same network. */
export const residents: readonly ClientSpec[] = [
  { name: "printer", mac: printerMac, place: { x: 3, y: 0 }, networks: [family], bands: ["2.4G"] },
  { name: "laptop", mac: "02:00:00:00:00:02", place: { x: 4, y: 2 }, networks: [family] },
  { name: "phone", mac: "02:00:00:00:00:03", place: { x: 6, y: 1 }, networks: [family] },
];
export const guest: ClientSpec = {
  name: "guest",
  mac: "02:00:00:00:00:04",
  place: { x: 5, y: 3 },
  networks: [{ ssid: "Home", psk: guestKey }],
};

export interface CloudlessOptions {
  readonly seed?: number;
  readonly profile?: string;
  readonly home?: Home;
  readonly clients?: readonly ClientSpec[];
  /** `free`: its LAN port may be a WAN port as well, and is looked after by WANO. */
  readonly lanPort?: "bridged" | "free";
  /** The file system of its persistent storage; default: the machine's. */
  readonly flash?: FileOps;
  /** Called each time that its power comes on, before anything else. */
  readonly onPower?: () => void;
  /** Third-party modules of the gateway. */
  readonly modules?: readonly ManagerDefinition[];
  /** Hears every log line, too. */
  readonly logSink?: LogSink;
}

export class CloudlessHome implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly fabric: Fabric;
  readonly cloud: MemoryCloud;
  readonly log: LogRing;
  readonly device: Device;
  /** The provider's line, also while the gateway is off. */
  readonly wan: SimWan;
  readonly #directory: string;
  #losses = 0;
  #bootedAt = 0;

  private constructor(
    parts: Pick<CloudlessHome, "clock" | "world" | "fabric" | "cloud" | "log" | "device">,
    directory: string,
  ) {
    this.clock = parts.clock;
    this.world = parts.world;
    this.fabric = parts.fabric;
    this.log = parts.log;
    this.cloud = parts.cloud;
    this.device = parts.device;
    this.wan = new SimWan(this.fabric, "gateway", "eth0");
    this.#directory = directory;
    this.device.events.on("up", () => {
      this.#bootedAt = this.clock.now();
    });
    this.world.events.on("disassociated", ({ client, reason }) => {
      if (client !== guest.name && reason !== "roamed") this.#losses++;
    });
  }

  /** Resolves when the gateway is up for the first time; nothing else has happened yet. */
  static async start(options: CloudlessOptions = {}): Promise<CloudlessHome> {
    const { seed = 1, profile, home = homeOf(), clients = [...residents, guest], lanPort = "bridged" } = options;
    const directory = mkdtempSync(join(tmpdir(), "opensync-cloudless-"));
    const clock = new VirtualClock();
    const random = new SeededRandom(seed);
    const world = new World({ clock, seed, spec: { clients } });
    const fabric = new Fabric({ clock, world, seed });
    const log = new LogRing(4_000);
    const sink = options.logSink ? tee(log.sink, options.logSink) : log.sink;
    const cloud = new MemoryCloud(home, clock, sink);
    const device = await Device.start({
      directory,
      clock,
      random,
      redirector: cloud.redirectorAddress,
      dial: cloud.dial,
      logSink: sink,
      ...(options.modules ? { modules: options.modules } : {}),
      ...(profile === undefined ? {} : { profile }),
      ...(lanPort === "free" ? { environment: { CONFIG_MANAGER_WANO_IFACE_LIST: "eth0 eth1" } } : {}),
      target: (place) => {
        options.onPower?.();
        return createSimTarget({
          world,
          clock,
          random,
          node: { id: "gateway", place: { x: 0, y: 0 }, lanPorts: lanPort },
          fabric,
          directory: place.directory,
          onDamage: place.onDamage,
          ...(options.flash ? { flash: options.flash } : {}),
        });
      },
    });
    return new CloudlessHome({ clock, world, fabric, cloud, log, device }, directory);
  }

  /** Of the gateway's persistent storage. */
  storeFile(name: string): string {
    return join(this.#directory, "ps", `${name}.json`);
  }

  get node(): RunningNode {
    const { node } = this.device;
    if (!node) throw new Error(`the gateway is ${this.device.state}`);
    return node;
  }

  get target(): SimTarget {
    return this.node.target as SimTarget;
  }

  rows<T extends OpenSyncTable>(table: T): Promise<readonly Row<T>[]> {
    return rowsOf(this.node.client, table);
  }

  /** `Node_State` or `Node_Config` of PM; undefined where there is no such row. */
  async pm(table: "Node_Config" | "Node_State", key: string): Promise<string | undefined> {
    return (await this.rows(table)).find((row) => row.module === "PM" && row.key === key)?.value;
  }

  /** `gw_offline_status`. */
  status(): Promise<string | undefined> {
    return this.pm("Node_State", "gw_offline_status");
  }

  /** Names of clients that are on the network. */
  associated(): readonly string[] {
    return this.world
      .clients()
      .filter(({ association }) => association !== null)
      .map(({ device }) => device.name)
      .sort();
  }

  /** Who lives here; the guest does not. */
  people(): readonly { readonly name: string; readonly mac: Mac }[] {
    return this.world
      .clients()
      .map(({ device }) => device)
      .filter(({ name }) => name !== guest.name);
  }

  familyIsOn(): boolean {
    const on = new Set(this.associated());
    return this.people().every(({ name }) => on.has(name));
  }

  /** Associations that the family has lost so far, other than by roaming. */
  get losses(): number {
    return this.#losses;
  }

  sinceBoot(): number {
    return this.clock.now() - this.#bootedAt;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Time passes until it holds; looked at each second, as it may take a question to the database. Throws after `limit` ms. */
  async until(what: string, holds: () => boolean | Promise<boolean>, limit: number): Promise<void> {
    const end = this.clock.now() + limit;
    while (!(this.device.node && (await holds()))) {
      if (this.clock.now() >= end) throw new Error(`${what}: not within ${limit / second} s`);
      await this.pass(second);
    }
  }

  /** The cloud has brought the gateway to what the home states, and everybody is on the network. */
  async settled(limit = 5 * minute): Promise<void> {
    await this.until("the cloud is satisfied", () => this.cloud.location.settled, limit);
    const { length } = this.world.clients();
    await this.until("all clients are on the network", () => this.associated().length === length, limit);
  }

  /** Those of the owner's LAN, the printer's the reserved one: the factory's LAN gives others until it is replaced. */
  familyHasAddresses(): boolean {
    return (
      this.addressOf("printer") === printerAddress &&
      this.people().every(({ name }) => /^192\.168\.40\.1/.test(this.addressOf(name) ?? ""))
    );
  }

  /** The provider's line is dead, or works again. */
  wanDown(): void {
    this.wan.set("line");
  }

  wanUp(): void {
    this.wan.set("ok");
  }

  /** IPv4 address of a client; `null` while it has none. */
  addressOf(client: string): string | null {
    return this.fabric.hosts().find(({ name }) => name === client)?.address ?? null;
  }

  /** The owner renames the network, and tells everybody; they know the old name still. */
  rename(ssid: string): void {
    const [network] = this.cloud.location.home.networks;
    this.cloud.location.setHome({ ...this.cloud.location.home, networks: network ? [{ ...network, ssid }] : [] });
    for (const { device, networks } of this.world.clients()) {
      const known = networks.map((each) => ({ ssid: each.ssid, ...(each.psk === null ? {} : { psk: each.psk }) }));
      const [first] = known;
      if (first) this.world.teachClient(device.mac, [{ ...first, ssid }, ...known]);
    }
  }

  /** Asserts that the home is served by what was stored, whole, and by nothing else. */
  async restored(ssid: string): Promise<void> {
    const vifs = await this.rows("Wifi_VIF_Config");
    const names = ["home-ap-24", "home-ap-50", "home-ap-60"];
    assert.deepEqual(vifs.map(({ if_name }) => if_name).sort(), names);
    const radios = await this.rows("Wifi_Radio_Config");
    for (const vif of vifs) {
      assert.equal(vif.ssid, ssid);
      assert.deepEqual([...vif.wpa_psks], [["key", primaryKey]], `${vif.if_name}: the primary key alone`);
      const carriers = radios.filter(({ vif_configs }) => vif_configs.includes(vif._uuid));
      assert.equal(carriers.length, 1, `${vif.if_name} is on one radio`);
    }
    assert.deepEqual(
      radios
        .filter(({ if_name }) => if_name !== "wifi2")
        .map(({ if_name, channel }) => [if_name, channel])
        .sort(),
      [
        ["wifi0", 6],
        ["wifi1", 36],
      ],
    );
    const states = (await this.rows("Wifi_VIF_State")).filter(({ enabled }) => enabled);
    assert.deepEqual(states.map(({ if_name }) => if_name).sort(), names);
    const lan = (await this.rows("Wifi_Inet_State")).find(({ if_name }) => if_name === "br-home");
    assert.deepEqual(
      [lan?.inet_addr, lan?.netmask, lan?.ip_assign_scheme],
      ["192.168.40.1", "255.255.255.0", "static"],
    );
    assert.equal(lan?.dhcpd.get("start"), "192.168.40.100");
    assert.equal(lan?.dns.get("secondary"), "192.0.2.53");
    const reserved = await this.rows("DHCP_reserved_IP");
    assert.deepEqual(
      reserved.map(({ hw_addr, ip_addr }) => [hw_addr, ip_addr]),
      [[printerMac, printerAddress]],
    );
    for (const table of [
      "IP_Port_Forward",
      "Openflow_Config",
      "Flow_Service_Manager_Config",
      "Band_Steering_Config",
    ] as const) {
      assert.deepEqual(await this.rows(table), [], table);
    }
    await this.until("the family has its addresses of the LAN", () => this.familyHasAddresses(), 3 * minute);
    for (const { name } of this.people()) assert.match(this.addressOf(name) ?? "", /^192\.168\.40\./, name);
  }

  async reboot(how: "reboot" | "powerCut"): Promise<void> {
    if (how === "reboot") this.device.control.reboot("the owner wants it");
    else this.device.control.powerCut();
    await this.clock.runUntil(() => this.device.state !== "UP", minute, "it goes down");
    await this.clock.runUntil(() => this.device.state === "UP", minute, "it comes up");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device.stop();
    await this.cloud.stop();
    this.fabric.close();
    this.world.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
