/**
 * The story that OpenSync's OWM guide tells of its watchdog: a controller bans 85 addresses from a network, the radio keeps
 * 64 of them and says nothing of it. Told twice by a real node on a simulated gateway, in virtual time: as it is by
 * default, and with --strict, as the reference does.
 *
 *   node packages/opensync/examples/acl-story/story.ts [--write]
 *
 * With --write the transcript goes into README.md as well.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { LogRecord } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type RunningNode, startNode } from "@opensync-ts/node/start-node";
import { startScenario } from "@opensync-ts/target-sim/fault-scenarios";
import { createSimTarget, type SimTarget } from "@opensync-ts/target-sim/sim-target";
import { World } from "@opensync-ts/world/world";
import { explanationTable } from "../../src/explain-command.ts";

const banned = Array.from({ length: 85 }, (_, i) => `02:00:00:00:00:${(i + 1).toString(16).padStart(2, "0")}`);

/** The 80th of the banned addresses: one of those that the radio does not keep. */
const visitor = {
  name: "visitor",
  mac: banned[79] ?? "",
  place: { x: 3, y: 0 },
  networks: [{ ssid: "home", psk: "correct-horse" }],
};

/** Both stories, line by line. */
export async function* stories(): AsyncGenerator<string> {
  yield "By default";
  yield* story(false, [
    ["five minutes later", 5 * 60_000],
    ["an hour later", 55 * 60_000],
  ]);
  yield "";
  yield "With --strict";
  yield* story(true, [
    ["two minutes later", 2 * 60_000],
    ["four minutes later", 2 * 60_000],
  ]);
}

async function* story(strict: boolean, chapters: readonly (readonly [string, number])[]): AsyncGenerator<string> {
  const stage = await Stage.open(strict);
  try {
    yield stage.line("a gateway boots; each access point of its radio wifi0 keeps 64 ACL entries, and nothing says so");
    yield stage.line(
      "its controller configures the network 'home' on wifi0, with a list of 85 addresses that may not join",
    );
    await stage.configure();
    yield* stage.tell(10_000);
    for (const [title, ms] of chapters) {
      yield* stage.tell(ms);
      yield stage.line(title);
      yield* stage.look();
    }
    yield stage.line("a new firmware for the radio: it keeps every entry now");
    stage.target.faults.clear();
    yield* stage.tell(20 * 60_000);
    yield stage.line("at the end");
    yield* stage.look();
  } finally {
    await stage.close();
  }
}

class Stage {
  readonly clock = new VirtualClock();
  readonly node: RunningNode;
  readonly target: SimTarget;
  readonly #directory: string;
  readonly #world: World;
  readonly #log: LogRecord[];

  private constructor(parts: {
    clock: VirtualClock;
    node: RunningNode;
    target: SimTarget;
    directory: string;
    world: World;
    log: LogRecord[];
  }) {
    this.clock = parts.clock;
    this.node = parts.node;
    this.target = parts.target;
    this.#directory = parts.directory;
    this.#world = parts.world;
    this.#log = parts.log;
  }

  static async open(strict: boolean): Promise<Stage> {
    const directory = mkdtempSync(join(tmpdir(), "acl-story-"));
    const clock = new VirtualClock();
    const random = new SeededRandom("acl-story");
    const world = new World({ clock, seed: "acl-story", spec: { clients: [visitor] } });
    const log: LogRecord[] = [];
    let target: SimTarget | undefined;
    const starting = startNode({
      directory,
      target: () => {
        target = createSimTarget({ world, clock, random, node: { id: "GATEWAY", place: { x: 0, y: 0 } }, directory });
        startScenario(target, { scenario: "acl-limit", phy: "wifi0" });
        return target;
      },
      strict,
      clock,
      random,
      logSink: (record) => log.push(record),
    });
    const node = await during(clock, starting);
    if (!target) throw new Error("the node made no device");
    const stage = new Stage({ clock, node, target, directory, world, log });
    await stage.#pass(2000);
    log.length = 0;
    return stage;
  }

  async configure(): Promise<void> {
    await this.node.client.transact((transaction) => {
      const vif = transaction.insert("Wifi_VIF_Config", {
        if_name: "home-ap-24",
        mode: "ap",
        enabled: true,
        ssid: "home",
        wpa: true,
        wpa_key_mgmt: ["wpa-psk"],
        rsn_pairwise_ccmp: true,
        wpa_psks: { "key-1": "correct-horse" },
        mac_list_type: "blacklist",
        mac_list: banned,
      });
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { vif_configs: [vif] });
    });
  }

  /** Time passes; what the node logs of it, as far as it concerns this story. */
  async *tell(ms: number): AsyncGenerator<string> {
    await this.#pass(ms);
    for (const { time, severity, text } of this.#log.splice(0)) {
      if (!/confsync: (settled|unsettled|asked|.*limit)|confsync_watchdog: [^:]*: Aborting|owm|enforced/.test(text))
        continue;
      if (severity === "DEBUG" || severity === "INFO") continue;
      yield `${stamp(time - wallStart)} <${severity}> ${text}`;
    }
  }

  /** What somebody sees who looks: the state row, the visitor, the explanation. */
  async *look(): AsyncGenerator<string> {
    const replica = await this.node.client.replicate({ Wifi_VIF_State: {} });
    const row = replica.table("Wifi_VIF_State").find(({ if_name }) => if_name === "home-ap-24");
    replica.cancel();
    yield `             Wifi_VIF_State home-ap-24: enabled=${row?.enabled}, mac_list has ${row?.mac_list.length} entries`;
    const joined = this.#world.snapshot().clients.some(({ link }) => link !== null);
    yield `             the banned visitor (entry 80) ${joined ? "is on the network" : "is kept out"}`;
    yield "             opensync explain confsync:";
    for (const line of explanationTable(this.node.explain(), 150)) yield `               ${line}`;
  }

  line(text: string): string {
    return `${stamp(this.clock.now())} ${text}`;
  }

  async close(): Promise<void> {
    await during(this.clock, this.node.stop());
    this.#world.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** In steps between which the disk, which knows nothing of virtual time, may catch up. */
  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      await this.clock.advance(Math.min(step, left));
      await this.node.client.transact(() => {}, { durable: true });
    }
  }
}

const step = 1000;
const wallStart = new VirtualClock().wallTime();

/** Virtual time passes until `promise` has its result. */
async function during<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const end = () => {
    done = true;
  };
  promise.then(end, end);
  await clock.runUntil(() => done, 60_000, "the node");
  return promise;
}

/** `h:mm:ss.mmm` since the start. */
function stamp(ms: number): string {
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, "0");
  return `${part(ms / 3_600_000, 1)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}

/** The page with the transcript between its fences replaced. */
export function pageWith(page: string, transcript: string): string {
  return page.replace(/(```text\n)[\s\S]*?(```\n)/, (_, open: string, close: string) => open + transcript + close);
}

if (import.meta.main) {
  let transcript = "";
  for await (const line of stories()) {
    process.stdout.write(`${line}\n`);
    transcript += `${line}\n`;
  }
  const readme = join(import.meta.dirname, "README.md");
  if (process.argv.includes("--write")) writeFileSync(readme, pageWith(readFileSync(readme, "utf8"), transcript));
}
