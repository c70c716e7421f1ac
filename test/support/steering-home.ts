/**
 * A home of two nodes and one client on virtual time, for the stories of `docs/steering.md`. Commands are real processes that talk to the nodes'
 * sockets; time stands still meanwhile, and passes in `sleep SECONDS`.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@opensync-ts/base/clock";
import { LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import { FakeBroker } from "@opensync-ts/managers/qm/testing/fake-broker";
import { type RunningNode, startNode } from "@opensync-ts/node/start-node";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import { decompress } from "@opensync-ts/telemetry/payload";
import { decodeReport } from "@opensync-ts/telemetry/report";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { run } from "./processes.ts";

/** The client of all stories. */
export const client = mac("aa:bb:cc:dd:ee:ff");

const ssid = "home";
const psk = "correct horse";
const second = 1_000;
const mqttSettings = {
  ...{ broker: "127.0.0.1", port: "1883", tls: "false", topics: "stats", qos: "1", compress: "zlib" },
  agg_stats_interval: "15",
};

const nodes = [
  { id: "gateway", model: "gateway", place: { x: 0, y: 0 }, channels: { wifi0: 6, wifi1: 36 } },
  { id: "extender", model: "extender", place: { x: 60, y: 0 }, channels: { wifi0: 11, wifi1: 149 } },
] as const;

/** Two houses: from one to the other hardly anything is heard. */
const walls = [20, 40].map((x) => ({ from: { x, y: -50 }, to: { x, y: 50 }, material: "concrete" }) as const);

export interface Role extends Partial<Omit<ClientSpec, "mac" | "networks">> {
  /** Seconds from the beginning of the story; by default it is there already. */
  readonly comesAfter?: number;
}

export interface Home extends AsyncDisposable {
  readonly world: World;
  readonly broker: FakeBroker;
  readonly log: LogRing;
  readonly gateway: RunningNode;
  /** What the gateway told the cloud of steering. */
  reports(): readonly SteeringReport[];
  pass(seconds: number): Promise<void>;
  /** What the command prints on both channels. */
  run(command: string): Promise<string>;
  /** `NODE/VIF` of a client's association, else `nowhere`. */
  where(station?: Mac): string;
}

/** Ready: the client has associated wherever it likes best. */
export async function startHome(role: Role, others: readonly ClientSpec[] = []): Promise<Home> {
  const directory = mkdtempSync(join(tmpdir(), "steering-"));
  const clock = new VirtualClock();
  const log = new LogRing(5_000);
  const broker = new FakeBroker();
  const random = new SeededRandom(7);
  const world = new World({ clock, seed: 1, spec: { walls } });
  const running: RunningNode[] = [];
  for (const { id, model, place } of nodes) {
    const target = ({ directory }: { directory: string }) =>
      createSimTarget({ world, clock, random, node: { id, model, place }, directory });
    const own = join(directory, "nodes", id);
    running.push(await startNode({ directory: own, target, clock, random, logSink: log.sink, mqtt: broker }));
  }
  const [gateway] = running;
  assert.ok(gateway);
  await clock.advance(second);
  for (const [index, { channels }] of nodes.entries()) {
    const node = running[index];
    assert.ok(node);
    for (const [phy, channel] of Object.entries(channels)) await serve(node, phy, channel);
  }
  await gateway.client.transact((transaction) => transaction.update("AWLAN_Node", [], { mqtt_settings: mqttSettings }));
  await clock.advance(5 * second);
  for (const other of others) world.addClient({ ...other, networks: [{ ssid, psk }] });
  const { comesAfter = -30, ...spec } = role;
  const there = { name: "client", mac: client, place: { x: 3, y: 0 }, networks: [{ ssid, psk }], ...spec };
  clock.setTimer((30 + comesAfter) * second, () => world.addClient(there));
  await clock.advance(30 * second);
  return {
    ...{ world, broker, log, gateway },
    reports: () => broker.received.flatMap(({ payload }) => decodeReport(decompress(payload)).steering),
    pass: (seconds) => clock.advance(seconds * second),
    async run(command) {
      const [, seconds] = /^sleep (\d+)$/.exec(command) ?? [];
      if (seconds !== undefined) {
        await clock.advance(Number(seconds) * second);
        return "";
      }
      const { stdout, stderr } = await run("sh", ["-c", command], {
        cwd: directory,
        env: { OPENSYNC_DIR: directory, COLUMNS: "140" },
      });
      // What the command has asked for happens.
      await clock.advance(0);
      return stdout + stderr;
    },
    where(station = client) {
      const bssid = world.client(station)?.association?.bssid;
      const bss = bssid && world.bss(bssid);
      return bss ? `${bss.site}/${bss.name}` : "nowhere";
    },
    async [Symbol.asyncDispose]() {
      for (const node of running) {
        const stopping = node.stop();
        await clock.advance(5 * second);
        await stopping;
      }
      world.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function serve({ client: database }: RunningNode, phy: string, channel: number): Promise<void> {
  await database.transact((transaction) => {
    const where: [["if_name", "==", string]] = [["if_name", "==", phy]];
    const access = transaction.insert("Wifi_VIF_Config", {
      ...{ if_name: phy === "wifi0" ? "home-ap-24" : "home-ap-50", mode: "ap", enabled: true, ssid },
      ...{ wpa: true, wpa_key_mgmt: ["wpa-psk"], rsn_pairwise_ccmp: true, pmf: "optional" },
      wpa_psks: { key: psk },
    });
    transaction.update("Wifi_Radio_Config", where, { channel, ht_mode: phy === "wifi0" ? "HT20" : "HT80" });
    transaction.insertInto("Wifi_Radio_Config", where, "vif_configs", access);
  });
}
