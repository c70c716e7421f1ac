import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { root, Service, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const database = "Open_vSwitch";
const writesPerSecond = 200;
/** The node is killed when so many are acknowledged, and others are on their way: a busy machine takes longer for them. */
const writesPerRound = 100;

type Rpc = Awaited<ReturnType<typeof connectRpc>>;

/** Inserts rows durably at a steady rate, kills the node, and goes on until the connection breaks; gives the values that were acknowledged. */
async function writeUntilKilled(rpc: Rpc, clock: RealClock, round: number, kill: () => void): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  const pending: Promise<void>[] = [];
  let broken = false;
  for (let n = 0; !broken; n++) {
    const value = `${round}-${n}`;
    const row = { module: "crash", key: `k${value}`, value };
    pending.push(
      rpc
        .request("transact", [database, { op: "insert", table: "Node_Config", row }, { op: "commit", durable: true }])
        .then(
          () => {
            if (acknowledged.add(value).size === writesPerRound) kill();
          },
          () => {
            broken = true;
          },
        ),
    );
    await clock.sleep(1000 / writesPerSecond);
  }
  await Promise.all(pending);
  return acknowledged;
}

describe("a node killed in the middle of its work", () => {
  it("has every acknowledged durable write after --resume", async () => {
    const clock = new RealClock();
    using directory = temporaryDirectory("crash");
    const socket = `unix:${join(directory.path, "run/db.sock")}`;
    const acknowledged = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const node = new Service(opensync, ["node", "--dir", directory.path, ...(round === 0 ? [] : ["--resume"])]);
      await node.until(/all settled/);
      const rpc = await connectRpc(socket, { clock, timeoutMs: 10_000 });
      const select = { op: "select", table: "Node_Config", where: [["module", "==", "crash"]], columns: ["value"] };
      const [reply] = (await rpc.request("transact", [database, select])) as [{ rows: { value: string }[] }];
      const found = new Set(reply.rows.map((row) => row.value));
      for (const value of acknowledged) assert.ok(found.has(value), `acknowledged ${value} is lost (round ${round})`);
      if (round === 3) {
        rpc.close();
        await node.stop();
        break;
      }
      const kill = () => node.child.kill("SIGKILL");
      for (const value of await writeUntilKilled(rpc, clock, round, kill)) acknowledged.add(value);
      rpc.close();
      await node.exited;
    }
    assert.ok(acknowledged.size >= 3 * writesPerRound, `only ${acknowledged.size} writes were acknowledged`);
  });
});
