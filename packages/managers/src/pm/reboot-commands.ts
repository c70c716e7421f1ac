/**
 * What the cloud asks of the device as a whole: a reboot by `Wifi_Test_Config` `test_id=reboot` (`params`: `arg`, the delay in
 * seconds, and `path`, the program of deployed devices), a factory reset by `AWLAN_Node.factory_reset`.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Row } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import { announceReboot } from "../dm/reboot-records.ts";
import type { ManagerContext, RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { pmLimits } from "./limits.ts";
import type { PmModule } from "./pm-module.ts";

const testId = "reboot";

export const rebootCommands: PmModule = {
  name: "reboot and factory reset",
  start: startRebootCommands,
};

/** Milliseconds to wait. Throws a `RangeError` that says what is wrong with the command. */
export function parseRebootDelay(params: ReadonlyMap<string, string>): number {
  for (const key of params.keys()) {
    if (key !== "arg" && key !== "path")
      throw new RangeError(`'${key.slice(0, 40)}' is no parameter; there are arg, path`);
  }
  const path = params.get("path") ?? "";
  if (path !== "" && path.split("/").at(-1) !== program) {
    throw new RangeError(`path '${path.slice(0, 80)}' is not run; leave it out, or give .../bin/${program}`);
  }
  const text = params.get("arg") ?? "";
  if (text === "") return pmLimits.rebootDelayMs;
  const delay = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Number.NaN;
  if (delay <= pmLimits.maxRebootDelayMs) return delay;
  const most = pmLimits.maxRebootDelayMs / 1000;
  throw new RangeError(`arg '${text.slice(0, 40)}' must be a whole number of seconds up to ${most}`);
}

const program = "delayed-reboot";

async function startRebootCommands(context: ManagerContext): Promise<RunningManager> {
  const { client, target, clock, log } = context;
  const { control } = target;
  const complaints = new Complaints(clock, log);
  const replica = await client.replicate({
    Wifi_Test_Config: {},
    Wifi_Test_State: {},
    AWLAN_Node: { columns: ["factory_reset"] },
  });
  const configs = replica.table("Wifi_Test_Config").rows;
  const states = replica.table("Wifi_Test_State").rows;
  let pending: { readonly params: string; readonly timer: Timer } | null = null;
  let ending = false;

  const say = async (state: string | null) => {
    const rows = [...states.values()].filter((row) => row.test_id === testId);
    if (state === null ? rows.length === 0 : rows.length === 1 && rows[0]?.state === state) return;
    await client.transact(
      (transaction) => {
        const where = [["test_id", "==", testId]] as const;
        if (state === null) transaction.delete("Wifi_Test_State", where);
        else if (rows.length > 0) transaction.update("Wifi_Test_State", where, { state });
        else transaction.insert("Wifi_Test_State", { test_id: testId, state });
      },
      { comment: "PM - upsert Wifi_Test_State" },
    );
  };

  const reboot = async () => {
    const reason = "asked by the cloud (Wifi_Test_Config)";
    ending = true;
    pending = null;
    log.notice(`rebooting: ${reason}`);
    try {
      announceReboot(target.storage, "CLOUD", reason);
    } catch (error) {
      log.warning(`the reason of the reboot will be lost: ${messageOf(error)}`);
    }
    try {
      await say("rebooting");
    } catch (error) {
      complaints.say(`Wifi_Test_State: ${messageOf(error)}`, "state");
    }
    control?.reboot(reason);
  };

  const followReboot = async () => {
    const wanted = [...configs.values()].find((row) => row.test_id === testId);
    const params = wanted ? textOf(wanted.params) : null;
    if (pending?.params === params) return;
    if (pending) log.notice("the reboot is called off, or put off");
    pending?.timer.cancel();
    pending = null;
    if (!wanted || params === null) return say(null);
    if (!control) {
      complaints.say("Wifi_Test_Config reboot: this device cannot be rebooted from inside; switch it off and on");
      return say("failed: it cannot be rebooted from inside");
    }
    let delay: number;
    try {
      delay = parseRebootDelay(wanted.params);
    } catch (error) {
      complaints.say(`Wifi_Test_Config reboot: ${messageOf(error)}`);
      return say(`failed: ${messageOf(error)}`);
    }
    log.notice(`reboot in ${delay / 1000} s: asked by the cloud`);
    pending = { params, timer: clock.setTimer(delay, () => void reboot()) };
    await say("pending");
  };

  const followReset = () => {
    if (![...replica.table("AWLAN_Node").rows.values()].some((row) => row.factory_reset)) return;
    if (!control) {
      complaints.say("AWLAN_Node factory_reset: this device cannot be reset from inside");
      return;
    }
    const reason = "factory reset, asked by the cloud";
    try {
      announceReboot(target.storage, "CLOUD", reason);
      control.factoryReset(reason);
    } catch (error) {
      complaints.say(`AWLAN_Node factory_reset: ${messageOf(error)}`, "factory reset");
      return;
    }
    ending = true;
    pending?.timer.cancel();
    log.notice(reason);
  };

  const rounds = new Reconciler(
    async () => {
      if (!ending) await followReboot();
      if (!ending) followReset();
    },
    (error) => complaints.say(`reboot commands: ${messageOf(error)}`, "round"),
  );
  rounds.request();
  const unsubscribe = replica.onTransaction((changes) => {
    if (changes.some(({ table }) => table !== "Wifi_Test_State")) rounds.request();
  });
  return {
    async stop() {
      unsubscribe();
      rounds.stop();
      pending?.timer.cancel();
      replica.cancel();
    },
    dump: () => (ending ? "on its way" : pending ? "a reboot is pending" : "nothing asked for"),
  };
}

function textOf(params: Row<"Wifi_Test_Config">["params"]): string {
  return JSON.stringify([...params].sort());
}
