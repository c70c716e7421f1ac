/** `Node_Config` `PM/feature_flags`: names of features that are on, kept across reboots and shown in `Node_State`. */

import { messageOf } from "@opensync-ts/base/errors";
import { Complaints } from "../complaints.ts";
import type { RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { openNodeSettings, settingName } from "./node-config.ts";
import type { PmModule } from "./pm-module.ts";

const module = "PM";
const key = "feature_flags";
const storeName = "feature_flags";

export const featureFlags: PmModule = {
  name: "feature flags",
  async start({ client, target, clock, log }) {
    const complaints = new Complaints(clock, log);
    const store = target.storage.open(storeName);
    const settings = await openNodeSettings(client, module, "PM");
    /** Until somebody asks for others, those of before the reboot. */
    let flags = storedFlags(store.get(key));

    const follow = () => {
      const config = settings.config(key);
      if (config && !areFlags(config.value)) {
        complaints.say(`${settingName(module, key)}: '${config.value.slice(0, 60)}' is no list of flags: ${form}`);
        return;
      }
      flags = config?.value ?? null;
      try {
        if (flags === null) store.delete(key);
        else store.set(key, flags);
      } catch (error) {
        complaints.say(`${settingName(module, key)} will not survive a reboot: ${messageOf(error)}`, "store");
      }
    };
    const state = new Reconciler(
      () => settings.setState(key, flags),
      (error) => complaints.say(`${settingName(module, key, "Node_State")}: ${messageOf(error)}`, "state"),
    );
    if (settings.config(key)) follow();
    state.request();
    const unsubscribe = settings.onConfig((changed) => {
      if (changed !== key) return;
      follow();
      state.request();
    });
    return {
      async stop() {
        unsubscribe();
        state.stop();
        settings.close();
      },
      dump: () => flags ?? "none",
    } satisfies RunningManager;
  },
};

const form = "names of letters, digits, '_', '-' and '.', separated by commas, semicolons or spaces";

function areFlags(text: string): boolean {
  return /^[\w.-]+(?:[,; ]+[\w.-]+)*$/.test(text);
}

/** A store may hold anything. */
function storedFlags(text: string | undefined): string | null {
  return text !== undefined && text.length <= 1024 && areFlags(text) ? text : null;
}
