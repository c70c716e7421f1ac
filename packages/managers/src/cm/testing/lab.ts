/**
 * CM on a device whose surroundings can be broken piece by piece: the rows that WANO, NM, PM and the database server would
 * write are written by the lab, by what is broken at the moment.
 */

import type { Row } from "@opensync-ts/schema/opensync";
import type { RunningManager } from "../../manager.ts";
import { Bench } from "../../testing/bench.ts";
import { type CmOptions, createCm } from "../cm.ts";
import type { Resolver } from "../resolver.ts";

export const redirectorAddress = "ssl:redirector.example.com:443";
export const managerAddress = "ssl:controller.example.com:6640";

export const cmOptions: CmOptions = {
  linkSelection: true,
  shortBackoffMs: 8_000,
  minBackoff: 30,
  maxBackoff: 60,
  tls: { privateKey: "/certs/client_dec.key", certificate: "/certs/client.pem", caCertificate: "/certs/ca.pem" },
  bootTime: () => 1_700_000_000,
  lanBridge: "br-home",
  stabilityChecks: true,
  stabilityIntervalMs: 40_000,
  stabilityShortIntervalMs: 10_000,
  stabilityThresholds: { link: 2, router: 8, internet: 6, fatal: 16 },
  cloudFatalThreshold: 0,
  recovery: { offlineAfter: { requests: 3 }, restartAfter: { skips: 360 } },
};

/** What works. */
export interface World {
  /** A cable is in `eth0`, and an address has come by DHCP. */
  cable: boolean;
  router: boolean;
  internet: boolean;
  dns: "answers" | "refuses" | "silent";
  redirector: boolean;
  controller: boolean;
  /** Packets of the family get through. */
  ipv4: boolean;
  ipv6: boolean;
  /** What the redirector answers. */
  hands: string;
}

/** From a target to its connection, ms. */
const connectMs = 50;

export class Lab {
  readonly bench = new Bench();
  readonly world: World = {
    cable: true,
    router: true,
    internet: true,
    dns: "answers",
    redirector: true,
    controller: true,
    ipv4: true,
    ipv6: true,
    hands: managerAddress,
  };
  /** Reasons for which the managers were to be restarted. */
  readonly restarts: string[] = [];
  /** Targets that were dialled. */
  readonly dialled: string[] = [];
  readonly #addresses = new Map([
    ["redirector.example.com", { ipv4: ["192.0.2.1"], ipv6: ["2001:db8::1"] }],
    ["controller.example.com", { ipv4: ["192.0.2.2"], ipv6: ["2001:db8::2"] }],
  ]);
  readonly #options: CmOptions;
  #cm: RunningManager | undefined;
  #target = "";
  /** A change in what works ends connections that do not any longer. */
  #dialling = 0;

  constructor(options: Partial<CmOptions> = {}) {
    const resolver: Resolver = (host) => {
      if (this.world.dns === "silent" || !this.#online()) return new Promise(() => {});
      const found = this.world.dns === "answers" ? this.#addresses.get(host) : undefined;
      return found ? Promise.resolve(found) : Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`));
    };
    const reach = async (address: string, port: number) => this.#reaches(`ssl:[${address}]:${port}`);
    this.#options = { ...cmOptions, resolver, reach, ...options };
    this.bench.network.answers = (_, what, family) => {
      if (!this.world.cable || !this.world[family]) return false;
      return what === "router" ? this.world.router : what !== "internet" || (this.world.router && this.world.internet);
    };
    this.bench.control = {
      reboot: () => {},
      factoryReset: () => {},
      restartManagers: (reason) => this.restarts.push(reason),
    };
  }

  /** Boots: the rows that are there before CM, then CM. */
  async boot({ gwOffline = false, ipv6 = false }: { gwOffline?: boolean; ipv6?: boolean } = {}): Promise<this> {
    await this.bench.client.transact((transaction) => {
      const bridge = transaction.insert("Bridge", { name: "br-home" });
      transaction.insert("Open_vSwitch", { bridges: [bridge] });
      transaction.insert("AWLAN_Node", { redirector_addr: redirectorAddress });
      transaction.insert("Connection_Manager_Uplink", { if_name: "eth0", if_type: "eth", has_L2: false });
      transaction.insert("Wifi_Inet_Config", { ...dhcp, if_name: "eth0", if_type: "eth" });
      transaction.insert("Wifi_Inet_Config", {
        ...dhcp,
        if_name: "br-home",
        if_type: "bridge",
        ip_assign_scheme: "none",
      });
      transaction.insert("Wifi_Inet_State", { if_name: "eth0", if_type: "eth", inet_addr: "0.0.0.0" });
      if (ipv6) {
        const address = transaction.insert("IPv6_Address", {
          address: "2001:db8:1::7/64",
          enable: true,
          origin: "auto_configured",
          prefix: "2001:db8:1::/64",
        });
        transaction.insert("IP_Interface", { name: "eth0", if_name: "eth0", ipv6_addr: [address] });
      }
      if (!gwOffline) return;
      transaction.insert("Node_State", { module: "PM", key: "gw_offline_cfg", value: "true" });
      transaction.insert("Node_State", { module: "PM", key: "gw_offline_status", value: "ready" });
    });
    this.bench.database.onCommit(() => this.#serve());
    await this.start();
    await this.set({});
    return this;
  }

  async start(): Promise<void> {
    this.#cm = await this.bench.start(createCm(this.#options));
    await this.bench.settle();
  }

  async stop(): Promise<void> {
    await this.#cm?.stop();
  }

  /** Breaks or mends. */
  async set(change: Partial<World>): Promise<void> {
    Object.assign(this.world, change);
    const { cable } = this.world;
    await this.bench.client.transact((transaction) => {
      transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth0"]], {
        has_L2: cable,
        has_L3: cable ? true : null,
      });
      transaction.update("Wifi_Inet_State", [["if_name", "==", "eth0"]], {
        inet_addr: cable ? "198.51.100.7" : "0.0.0.0",
      });
    });
    if (this.#target !== "" && !this.#reaches(this.#target)) await this.#connected(false);
    await this.bench.settle();
  }

  async advance(ms: number): Promise<void> {
    await this.bench.clock.advance(ms);
  }

  /** Waits until CM is in this state, with this destination. */
  async until(state: string, limitMs: number): Promise<void> {
    await this.bench.clock.runUntil(() => this.state.startsWith(state), limitMs, `${state}, not ${this.state}`);
  }

  get dump(): string {
    return this.#cm?.dump() ?? "";
  }

  /** `CONNECTED manager`. */
  get state(): string {
    const [, state, destination] = /state: (\w+)\ndestination: (\w+)/.exec(this.dump) ?? [];
    return `${state} ${destination}`;
  }

  get uplink(): Row<"Connection_Manager_Uplink"> {
    return this.bench.row("Connection_Manager_Uplink", (row) => row.if_name === "eth0");
  }

  get gwOffline(): string | undefined {
    return this.bench.rows("Node_Config").find((row) => row.key === "gw_offline")?.value;
  }

  get outages(): readonly string[] {
    return this.bench.rows("Uplink_Events").map(({ type, connected }) => `${type} ${connected ? "back" : "lost"}`);
  }

  logged(pattern: RegExp): number {
    return this.bench.ring.records().filter(({ text }) => pattern.test(text)).length;
  }

  #online(): boolean {
    const { cable, router, internet } = this.world;
    return cable && router && internet;
  }

  #reaches(target: string): boolean {
    const family = addressIn(target).includes(":") ? this.world.ipv6 : this.world.ipv4;
    const up = isRedirector(target) ? this.world.redirector : target.endsWith("2]:6640") && this.world.controller;
    return this.#online() && family && up;
  }

  /** The database server, the redirector, and PM. */
  #serve(): void {
    this.#servePm();
    const target = this.bench.rows("Manager")[0]?.target ?? "";
    if (target === this.#target) return;
    this.#target = target;
    const dialling = ++this.#dialling;
    void this.#connected(false);
    if (target === "") return;
    this.dialled.push(target);
    this.bench.clock.setTimer(connectMs, () => {
      if (dialling !== this.#dialling || !this.#reaches(target)) return;
      void this.#connected(true);
      if (isRedirector(target)) this.#redirect();
    });
  }

  #redirect(): void {
    void this.bench.client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { manager_addr: this.world.hands }),
    );
  }

  #servePm(): void {
    const status = this.bench.rows("Node_State").find((row) => row.key === "gw_offline_status");
    if (!status) return;
    const wanted = this.gwOffline === "true" ? "active" : "ready";
    if (status.value === wanted) return;
    void this.bench.client.transact((transaction) =>
      transaction.update("Node_State", [["key", "==", "gw_offline_status"]], { value: wanted }),
    );
  }

  async #connected(connected: boolean): Promise<void> {
    if ((this.bench.rows("Manager")[0]?.is_connected ?? connected) === connected) return;
    await this.bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: connected }));
  }
}

const dhcp = { enabled: true, network: true, NAT: false, ip_assign_scheme: "dhcp" } as const;

function isRedirector(target: string): boolean {
  return target.endsWith("1]:443");
}

function addressIn(target: string): string {
  return /\[(.*)\]/.exec(target)?.[1] ?? "";
}
