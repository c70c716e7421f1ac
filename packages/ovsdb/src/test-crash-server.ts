/** For tests, as a process of its own: `node test-crash-server.ts FILE SOCKET` serves the file, and compacts it all the time. */

import { setTimeout as sleep } from "node:timers/promises";
import { RealClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { OvsdbServer } from "./server.ts";
import { DatabaseFile } from "./storage.ts";

const [path = "", socket = ""] = process.argv.slice(2);
const clock = new RealClock();
const random = new SystemRandom();
const log = Log.create({ name: "CRASH", sink: () => {}, wallTime: () => clock.wallTime() });
const file = await DatabaseFile.open(path, { clock, random, log });
const server = new OvsdbServer({ databases: [file.served], clock, random, log });
await server.listen(`punix:${socket}`);
process.stdout.write("ready\n");
for (;;) {
  await sleep(random.integer(50));
  await file.compact();
}
