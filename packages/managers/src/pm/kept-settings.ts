/** Keeps across reboots what `Node_Config` asks its owner to keep (`persist`), and puts it back after a boot. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { type NodeSettings, type Setting, settingName } from "./node-config.ts";

const storeName = "node_config";

/**
 * Puts back what is stored and not set; a row that is there already wins. From then on the store follows the rows whose key
 * `owns` admits: with `persist` they are in it, without, or gone, they are not.
 */
export async function keepSettings(
  { target, log }: Pick<ManagerContext, "target" | "log">,
  settings: NodeSettings,
  complaints: Complaints,
  owns: (key: string) => boolean,
): Promise<Unsubscribe> {
  const store = target.storage.open(storeName);
  const prefix = `${settings.module}/`;
  const follow = (key: string) => {
    if (!owns(key)) return;
    const config = settings.config(key);
    try {
      if (config?.persist) store.set(`${prefix}${key}`, config.value);
      else store.delete(`${prefix}${key}`);
    } catch (error) {
      complaints.say(`${settingName(settings.module, key)} will not survive a reboot: ${messageOf(error)}`, "store");
    }
  };
  const back = new Map<string, Setting>();
  for (const entry of store.keys()) {
    const key = entry.startsWith(prefix) ? entry.slice(prefix.length) : "";
    const value = store.get(entry) ?? "";
    if (key !== "" && owns(key) && value !== "" && !settings.config(key)) back.set(key, { value, persist: true });
  }
  try {
    await settings.setConfigs(back);
  } catch (error) {
    log.error(`${settings.module}: settings of before the reboot not restored: ${messageOf(error)}`);
  }
  for (const key of settings.configs().keys()) follow(key);
  return settings.onConfig(follow);
}
