const t0 = performance.now();
const { RealClock } = await import("@opensync-ts/base/clock");
const { SystemRandom } = await import("@opensync-ts/base/random");
const { formatRecord } = await import("@opensync-ts/base/log");
const { World } = await import("@opensync-ts/world/world");
const { createSimTarget } = await import("@opensync-ts/target-sim/sim-target");
const { startNode } = await import("./start-node.ts");
const t1 = performance.now();
console.log("imports", t1 - t0);
const clock = new RealClock();
const world = new World({ clock, seed: 1, spec: {} });
const random = new SystemRandom();
const dir = process.argv[2] ?? "";
const node = await startNode({
  directory: dir,
  target: (place) =>
    createSimTarget({ world, clock, random, node: { id: "GW1", place: { x: 0, y: 0 } }, directory: place.directory }),
  clock,
  random,
  redirector: process.argv[3] ?? "",
  resume: process.argv.includes("--resume"),
  logSink: (r) => console.log((performance.now() - t1).toFixed(1), formatRecord(r)),
});
console.log("started", performance.now() - t1, "rss", process.memoryUsage().rss / 1e6);
setTimeout(() => {
  console.log(node.dump());
  console.log("rss", process.memoryUsage().rss / 1e6);
}, 800);
setTimeout(async () => {
  if (process.argv.includes("--stay")) return;
  const s = performance.now();
  await node.stop();
  world.close();
  console.log("stopped", performance.now() - s);
}, 1500);
