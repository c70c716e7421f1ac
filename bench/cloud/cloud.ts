/** The cloud under test, as a process of its own: started with `fork`, asked by messages (`protocol.ts`). */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { writeHeapSnapshot } from "node:v8";
import { RealClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { type Home, parseHome } from "@opensync-ts/cloud/home";
import { socketThreads } from "@opensync-ts/cloud/limits";
import { Location } from "@opensync-ts/cloud/location";
import { type RunningCloud, startCloud } from "@opensync-ts/cloud/start-cloud";
import { collectAll } from "./collect.ts";
import { type CloudCommands, serve } from "./protocol.ts";

/** What the collections of other threads take. */
const otherThreadsMs = 2_000;

const clock = new RealClock();
const log = Log.create({ name: "CLOUD", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
const turns = monitorEventLoopDelay({ resolution: 1 });
turns.enable();
let cloud: RunningCloud | undefined;

serve<CloudCommands>({
  async start({ directory, nodes }) {
    const remote = "pssl:0:127.0.0.1";
    const options = { redirector: remote, controller: remote, mqtt: remote, clock, random: new SystemRandom(), log };
    cloud = await startCloud({ directory, home: homeOf("canary"), socketThreads, ...options });
    for (const id of nodes) {
      await cloud.certificates?.node(id);
      cloud.locations.add(new Location(homeOf(id), { id, tenant: null, version: null }));
    }
    await cloud.certificates?.node("canary");
    return { controller: cloud.controllerAddress, mqtt: cloud.brokerAddress?.port ?? 0 };
  },
  async state({ collect }) {
    if (collect) {
      collectAll();
      await clock.sleep(otherThreadsMs);
    }
    const nodes = [...(cloud?.locations.all() ?? [])].flatMap((location) => location.nodes);
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const longestTurn = turns.max / 1e6;
    turns.reset();
    return {
      settled: nodes.filter(({ settled }) => settled).length,
      connected: nodes.filter(({ connection }) => connection === "connected").length,
      writes: nodes.reduce((sum, { counters }) => sum + counters.writes, 0),
      reports: cloud?.broker?.counters.published ?? 0,
      rss,
      heapUsed,
      longestTurn,
      processorTime: (user + system) / 1000,
    };
  },
  async push({ node, ssid }) {
    const location = cloud?.locations.get(node);
    if (!location) throw new Error(`no location ${node}`);
    const start = clock.now();
    let written = 0;
    const proven = new Promise<number>((resolve) => {
      const stop = location.events.on("event", (event) => {
        if (event.kind === "written") written ||= clock.now() - start;
        if (event.kind !== "state" || event.to !== "SETTLED" || written === 0) return;
        stop();
        resolve(clock.now() - start);
      });
    });
    location.setHome(homeOf(node, ssid));
    return { proven: await proven, written };
  },
  async snapshot({ file }) {
    return writeHeapSnapshot(file);
  },
});

function homeOf(node: string, ssid = "Bench"): Home {
  const keys = [{ id: "key", psk: "correct horse battery" }];
  const networks = [{ ssid, security: { mode: "wpa2-wpa3", keys } }];
  return parseHome(JSON.stringify({ name: node, nodes: [{ id: node, role: "gateway" }], networks }), "bench.json");
}
