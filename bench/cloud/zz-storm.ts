import { RealClock } from "@opensync-ts/base/clock";
import { temporaryDirectory } from "../../test/support/processes.ts";
import { startCanary } from "./canary.ts";
import { Child, type CloudCommands, type NodesCommands } from "./protocol.ts";
const clock = new RealClock();
const count = Number(process.argv[2] ?? 2000);
const prof = process.argv[3] === "prof";
using directory = temporaryDirectory("bench-cloud");
const cloud = new Child<CloudCommands>("cloud.ts", ["--expose-gc", ...(process.argv[4]??"").split(",").filter(Boolean), ...(prof ? ["--cpu-prof", "--cpu-prof-interval=500", "--cpu-prof-dir=/tmp/st"] : [])]);
const nodes = new Child<NodesCommands>("nodes.ts", ["--max-old-space-size=8192"]);
const ids = Array.from({ length: count }, (_, index) => `node-${index}`);
const { controller } = await cloud.ask("start", { directory: directory.path, nodes: ids });
await nodes.ask("boot", { ids });
const at = `${directory.path}/tls/nodes/canary`;
const canary = await startCanary(controller, { caCert: `${at}/ca.pem`, certificate: `${at}/client.pem`, privateKey: `${at}/client_dec.key` }, clock);
async function settled() { for (;;) { const s = await cloud.ask("state", {}); if (s.settled >= count) return; await clock.sleep(200); } }
function show(name: string) { const s = [...canary.take()].sort((a, b) => a - b); console.log(name, "n", s.length, "p50", s[s.length>>1]?.toFixed(0), "p99", s[Math.floor(s.length*.99)]?.toFixed(0), "top", s.slice(-8).map((x) => x.toFixed(0)).join(" ")); }
await clock.sleep(1000); await cloud.ask("state", {}); canary.take();
let t = clock.now();
await nodes.ask("dial", { remote: controller, tlsDirectory: `${directory.path}/tls` });
await settled(); 
console.log("first", ((clock.now() - t)/1000).toFixed(1), "turn", (await cloud.ask("state", {})).longestTurn.toFixed(0)); show("first echo");
await clock.sleep(3000); await cloud.ask("state", { }); canary.take();
for (let i = 0; i < 2; i++) {
 t = clock.now();
 await nodes.ask("cut", {});
 await clock.sleep(300);
 console.log("after 300 ms: turn", (await cloud.ask("state", {})).longestTurn.toFixed(0)); show(" echo");
 await settled();
 console.log("storm", ((clock.now() - t)/1000).toFixed(1), "turn", (await cloud.ask("state", {})).longestTurn.toFixed(0)); show("storm echo");
 await clock.sleep(2000);
}
canary.close();
nodes[Symbol.dispose]();
cloud.process.disconnect();
await new Promise((r) => cloud.process.on("exit", r));
process.exit(0);
