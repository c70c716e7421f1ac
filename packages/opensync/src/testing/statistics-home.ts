/**
 * For tests: a whole node in process that reports everything it can, on virtual time, in a house full of life: three radios, a
 * second access point next door, clients that stay, roam, walk, come and go, or have the wrong key; and a broker in memory.
 */

import assert from "node:assert/strict";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { FakeBroker } from "@opensync-ts/managers/qm/testing/fake-broker";
import type { RunningNode } from "@opensync-ts/node/start-node";
import { NodeBench } from "@opensync-ts/node/testing/bench";
import type { SimTarget } from "@opensync-ts/target-sim/sim-target";
import type { Band } from "@opensync-ts/world/spectrum";
import { guest, house, movers, psk, wpa2 } from "./busy-house.ts";
import { ByteLedger } from "./byte-ledger.ts";
import { radios, rows } from "./statistics-rows.ts";

export const second = 1_000;
export const statsTopic = "stats/GW1";
export const latencyTopic = "latency/GW1";
/** Between two publications, s. */
export const publicationInterval = 15;

export class StatisticsHome implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly broker = new FakeBroker();
  readonly bench: NodeBench;
  readonly random: SeededRandom;
  readonly epoch = this.clock.wallTime();
  /** When QM was connected to its broker (ms): from, to. */
  readonly connections: { readonly from: number; to: number }[] = [];
  #node: RunningNode | undefined;
  #ledger: ByteLedger | undefined;

  private constructor(seed: number) {
    this.bench = new NodeBench(this.clock, { seed, spec: house });
    this.random = new SeededRandom(seed);
    this.#watchConnections();
  }

  /** One second after the start its rows are there. `fault`: is on before anybody comes. */
  static async start(seed: number, fault?: string): Promise<StatisticsHome> {
    const home = new StatisticsHome(seed);
    const { bench, broker, clock } = home;
    home.#node = await bench.start({ mqtt: broker });
    home.#ledger = new ByteLedger(bench.world, home.node.target as SimTarget, clock);
    if (fault !== undefined) home.target.commands?.get("sim")?.run(["fault", "set", fault]);
    await home.pass(1);
    await home.#configure();
    await home.pass(1);
    home.#nextDoor();
    return home;
  }

  get node(): RunningNode {
    assert.ok(this.#node);
    return this.#node;
  }

  get ledger(): ByteLedger {
    assert.ok(this.#ledger);
    return this.#ledger;
  }

  get target(): SimTarget {
    return this.node.target as SimTarget;
  }

  /** Seconds since the start. */
  get now(): number {
    return this.clock.now() / second;
  }

  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * second);
  }

  /** Until then, people live in the house. */
  async liveUntil(seconds: number): Promise<void> {
    while (this.now < seconds) {
      await this.pass(Math.min(seconds - this.now, 3 + this.random.integer(5_000) / second));
      if (this.now < seconds) this.#disturb();
    }
  }

  async restUntil(seconds: number): Promise<void> {
    await this.pass(seconds - this.now);
  }

  /** As an operator starts and ends a manager. */
  async enable(service: string, enable: boolean): Promise<void> {
    await this.node.client.transact((transaction) =>
      transaction.update("Node_Services", [["service", "==", service]], { enable }),
    );
    await this.clock.runUntil(
      () => this.node.services().some((view) => view.service === service && (view.phase === "RUNNING") === enable),
      second,
      `${service} ${enable ? "serves" : "has ended"}`,
    );
  }

  /** Whether a message that was not to be queued could be published then (s). */
  wasConnected(at: number): boolean {
    return this.connections.some(({ from, to }) => from <= at * second && at * second < to);
  }

  /** What the log warns of, or worse, but for the broker and the lack of TLS, which are meant to be so. */
  get warnings(): readonly string[] {
    const severe = ["WARNING", "ERR", "CRIT", "ALERT", "EMERG"];
    return this.bench.log
      .records()
      .flatMap(({ severity, text }) => (severe.includes(severity) && !/broker|without TLS/.test(text) ? [text] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }

  /** Somebody is sent away, moves, comes or goes. */
  #disturb(): void {
    const { world } = this.bench;
    const address = mac(movers[this.random.integer(movers.length)]?.mac ?? "");
    const what = this.random.integer(8);
    if (what === 0) {
      if (world.client(mac(guest.mac))) world.removeClient(mac(guest.mac));
      else world.addClient(guest);
    } else if (what < 6) {
      // Not everywhere is anything heard.
      const far = this.random.integer(8) === 0 ? 2_000 : 0;
      world.moveClient(address, { x: this.random.integer(140) + far, y: this.random.integer(12) });
    } else {
      const bssid = world.client(address)?.association?.bssid;
      if (bssid) world.deauthenticate(bssid, address);
    }
  }

  #watchConnections(): void {
    const { broker, clock, connections } = this;
    const connect = broker.connect.bind(broker);
    broker.connect = (address, clientId, handlers) => {
      const ended = () => {
        const open = connections.at(-1);
        if (open) open.to = Math.min(open.to, clock.now());
      };
      const connection = connect(address, clientId, {
        connected: () => {
          connections.push({ from: clock.now(), to: Number.POSITIVE_INFINITY });
          handlers.connected();
        },
        closed: (reason) => {
          ended();
          handlers.closed(reason);
        },
      });
      return {
        publish: connection.publish,
        end: () => {
          ended();
          return connection.end();
        },
      };
    };
  }

  /** An extender that is none of our business: clients roam to it and back. */
  #nextDoor(): void {
    const { world } = this.bench;
    world.addSite("EXT", { x: 100, y: 0 });
    for (const [last, band, control] of [
      ["1", "2.4G", 2462],
      ["2", "5G", 5785],
    ] as const) {
      world.putBss({
        bssid: mac(`0c:00:00:00:00:0${last}`),
        site: "EXT",
        name: "home",
        ssid: "home",
        hidden: false,
        channel: { band: band as Band, control, segments: [control] },
        power: 15,
        generation: "ax",
        streams: 2,
        security: wpa2,
        keys: [{ keyId: 1, psk }],
        acl: { policy: "none", macs: [] },
      });
    }
  }

  async #configure(): Promise<void> {
    await this.node.client.transact((transaction) => {
      transaction.update("AWLAN_Node", [], {
        mqtt_settings: {
          broker: "127.0.0.1",
          port: "1883",
          tls: "false",
          topics: statsTopic,
          qos: "1",
          compress: "zlib",
          agg_stats_interval: String(publicationInterval),
        },
        mqtt_topics: { Latency: latencyTopic },
      });
      for (const row of rows) transaction.insert("Wifi_Stats_Config", row);
      for (const { phy, vif, band, channel, htMode } of radios) {
        const isSae = band === "6G";
        const ap = transaction.insert("Wifi_VIF_Config", {
          if_name: vif,
          mode: "ap",
          enabled: true,
          ssid: "home",
          wpa: true,
          wpa_key_mgmt: [isSae ? "sae" : "wpa-psk"],
          rsn_pairwise_ccmp: true,
          pmf: isSae ? "required" : "optional",
          wpa_psks: { key: psk },
        });
        const where: [["if_name", "==", string]] = [["if_name", "==", phy]];
        transaction.update("Wifi_Radio_Config", where, { channel, ht_mode: htMode });
        transaction.insertInto("Wifi_Radio_Config", where, "vif_configs", ap);
      }
    });
  }
}
