/** `opensync node`: one node in the foreground. */

import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import { SystemRandom } from "@opensync-ts/base/random";
import { Device } from "@opensync-ts/node/device";
import type { RunningNode, TargetPlace } from "@opensync-ts/node/start-node";
import type { Target } from "@opensync-ts/target/target";
import type { CloudState } from "@opensync-ts/target-sim/network/fabric";
import type { WanState } from "@opensync-ts/target-sim/network/wan";
import { dumpOnSignal } from "./node-dump.ts";
import { clock, guarded, say, stderrSink, stopAll, untilStopped } from "./run.ts";

export interface NodeCommandOptions {
  readonly dir: string;
  readonly id?: string;
  readonly target: "sim" | "null";
  readonly profile: string;
  readonly redirector?: string;
  readonly listen: readonly string[];
  readonly resume?: boolean;
  readonly strict?: boolean;
  readonly verbose: boolean;
}

export async function node(options: NodeCommandOptions): Promise<void> {
  const start = clock.now();
  const directory = resolve(options.dir);
  const id = identityOf(directory, options.id);
  const failed = guarded();
  const device = await Device.start({
    directory,
    id,
    target: await targetOf(options.target, id),
    profile: options.profile,
    environment: process.env,
    ...(options.redirector === undefined ? {} : { redirector: options.redirector }),
    listen: options.listen,
    ...(options.resume ? { resume: true } : {}),
    strict: options.strict ?? false,
    clock,
    random: new SystemRandom(),
    logSink: stderrSink(options.verbose),
  });
  try {
    rememberIdentity(directory, id);
    dumpOnSignal(() => (device.node ? [device.node] : []), say);
    device.events.on("down", ({ outage, reason }) =>
      say(`${id}: goes down: ${outage}${reason === "" ? "" : `, ${reason}`}`),
    );
    device.events.on("failed", (error) => say(`${id}: does not come up: ${messageOf(error)}`));
    device.events.on("up", (running) => void announce(running, clock.now()));
    if (device.node) await announce(device.node, start);
    await untilStopped(failed);
  } finally {
    await stopAll([{ name: `node ${id}`, stop: () => device.stop() }]);
    say(`${id}: stopped`);
  }
}

async function announce(running: RunningNode, start: number): Promise<void> {
  say(`${running.id}: ${running.booted ? "booted" : "resumed"}, database at unix:${running.socketPath}`);
  announceSettled(running, start);
  try {
    await announceConnection(running);
  } catch {
    // It went down before it could be asked; the next boot is announced again.
  }
}

/** Says once that the radios are as configured. */
function announceSettled(running: RunningNode, start: number): void {
  const { wireless, id } = running;
  const unsubscribe: (() => void)[] = [];
  const check = () => {
    if (wireless && !(wireless.confsync.settled && wireless.state.idle)) return;
    for (const end of unsubscribe.splice(0)) end();
    say(`${id}: all settled (${((clock.now() - start) / 1000).toFixed(2)} s)`);
  };
  if (wireless && !(wireless.confsync.settled && wireless.state.idle)) {
    unsubscribe.push(wireless.confsync.events.on("settled", check), wireless.state.events.on("idle", check));
    return;
  }
  check();
}

/** Says when the node reaches its cloud or loses it, and each new reason why it does not. */
async function announceConnection(running: RunningNode): Promise<void> {
  const replica = await running.client.replicate({ Manager: { columns: ["target", "is_connected", "status"] } });
  let connected = "";
  let reason = "";
  replica.table("Manager").onChange(({ new: row }) => {
    const target = row?.is_connected ? row.target : "";
    if (target !== connected)
      say(target === "" ? `${running.id}: disconnected` : `${running.id}: connected to ${target}`);
    connected = target;
    const error = connected === "" ? (row?.status.get("last_error") ?? "") : "";
    if (error !== "" && error !== reason) say(`${running.id}: ${row?.target}: ${error}`);
    reason = error;
  });
}

async function targetOf(kind: NodeCommandOptions["target"], id: string): Promise<(place: TargetPlace) => Target> {
  if (kind === "null") {
    const { createNullTarget } = await import("@opensync-ts/target/null-target");
    const { createProcSystem } = await import("@opensync-ts/target/proc-system");
    return ({ clock, directory, onDamage }) =>
      createNullTarget({ id, storageDirectory: join(directory, "ps"), system: createProcSystem({ clock }), onDamage });
  }
  const { createSimTarget } = await import("@opensync-ts/target-sim/sim-target");
  const { World } = await import("@opensync-ts/world/world");
  // What is wrong outside stays wrong while the device reboots.
  let wan: WanState = "ok";
  let cloud: CloudState = "ok";
  return ({ clock: nodeClock, random, directory, onDamage }) => {
    const world = new World({ clock: nodeClock, seed: id });
    const node = { id, place: { x: 0, y: 0 } };
    const target = createSimTarget({ world, clock: nodeClock, random, node, directory, onDamage });
    target.network.wan.set(wan);
    target.network.cloud.set(cloud);
    return {
      ...target,
      close() {
        wan = target.network.wan.state;
        cloud = target.network.cloud.state;
        target.close();
        world.close();
      },
    };
  };
}

/** The identity asked for, else the one this directory had last, else the directory's name. */
function identityOf(directory: string, asked: string | undefined): string {
  const file = identityFile(directory);
  const known = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  const id = asked ?? known ?? basename(directory);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(id)) {
    throw new UserError(`'${id}' cannot be a node's id; give --id with up to 63 letters, digits, '.', '_' and '-'`);
  }
  return id;
}

/** A disk that is full is no reason not to run. */
function rememberIdentity(directory: string, id: string): void {
  try {
    makePrivateDirectory(join(directory, "ps"));
    writeFileAtomic(identityFile(directory), `${id}\n`);
  } catch (error) {
    say(`${id}: the identity could not be kept (${messageOf(error)}); give --id at the next start`);
  }
}

function identityFile(directory: string): string {
  return join(directory, "ps", "unit-id");
}
