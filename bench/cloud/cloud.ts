/** The cloud under test, as a process of its own: started with `fork`, asked by messages (`protocol.ts`). */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { writeHeapSnapshot } from "node:v8";
import { RealClock } from "@opensync-ts/base/clock";
import { disabledLevels, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { parseHome } from "@opensync-ts/cloud/home";
import { type RunningCloud, startCloud } from "@opensync-ts/cloud/start-cloud";
import { type CloudCommands, serve } from "./protocol.ts";

const clock = new RealClock();
const log = Log.create({ name: "CLOUD", sink: () => {}, levels: disabledLevels, wallTime: () => clock.wallTime() });
const turns = monitorEventLoopDelay({ resolution: 1 });
turns.enable();
let cloud: RunningCloud | undefined;

serve<CloudCommands>({
  async start({ directory, nodes }) {
    const remote = "pssl:0:127.0.0.1";
    const text = JSON.stringify({
      name: "Bench",
      nodes: [{ id: "gateway", role: "gateway" }],
      networks: [
        { ssid: "Bench", security: { mode: "wpa2-wpa3", keys: [{ id: "key", psk: "correct horse battery" }] } },
      ],
    });
    const home = {
      ...parseHome(text, "bench.json"),
      nodes: nodes.map((id) => ({ id, role: "gateway" as const, uplink: "ethernet" as const })),
    };
    cloud = await startCloud({
      directory,
      home,
      redirector: remote,
      controller: remote,
      clock,
      random: new SystemRandom(),
      log,
    });
    for (const id of nodes) await cloud.certificates?.node(id);
    return { controller: cloud.controllerAddress, mqtt: "" };
  },
  async state({ collect }) {
    if (collect) for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc?.();
    const nodes = cloud?.location?.nodes ?? [];
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const longestTurn = turns.max / 1e6;
    turns.reset();
    return {
      settled: nodes.filter(({ settled }) => settled).length,
      connected: nodes.filter(({ connection }) => connection === "connected").length,
      writes: nodes.reduce((sum, { counters }) => sum + counters.writes, 0),
      rss,
      heapUsed,
      external,
      longestTurn,
      processorTime: (user + system) / 1000,
    };
  },
  async push() {
    return { written: 0, proven: 0 };
  },
  async snapshot({ file }) {
    return writeHeapSnapshot(file);
  },
});
