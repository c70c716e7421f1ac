/**
 * Commands that erase parts of persistent storage: `Node_Config` of the module `PSM` with the value `true`. The outcome is
 * `Node_State` `PSM/erase_op_status`; the key itself there says which row has been served, so that a command that stays in the
 * database is not executed again when PM starts anew.
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Client } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { PersistentStorage } from "@opensync-ts/target/storage";
import { Complaints } from "../complaints.ts";
import type { RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { storeName as gwOfflineStore } from "./gw-offline/keys.ts";
import { openNodeSettings, settingName } from "./node-config.ts";
import type { PmModule } from "./pm-module.ts";

const module = "PSM";
const outcomeKey = "erase_op_status";

type Erase = (storage: PersistentStorage, client: Client<OpenSync>) => void | Promise<void>;

const commands: ReadonlyMap<string, Erase> = new Map<string, Erase>([
  [
    "erase_gw_offline_ps",
    async (storage, client) => {
      // First of all nobody shall write it anew.
      const where = [
        ["module", "==", "PM"],
        ["key", "==", "gw_offline_mon"],
      ] as const;
      await client.transact((transaction) => transaction.delete("Node_Config", where), {
        comment: "PM - delete Node_Config",
      });
      storage.erase(gwOfflineStore);
    },
  ],
  ["erase_topology_snapshot_ps", (storage) => storage.erase("pm_last_parent_store")],
  ["erase_wan_ps", (storage) => eraseRows(storage, "WAN_Config")],
  ["erase_lte_ps", (storage) => eraseRows(storage, "Lte_Config")],
  ["erase_all_ps", (storage) => storage.eraseAll({ preserved: true })],
]);

export const eraseStorage: PmModule = {
  name: "erasing of storage",
  async start({ client, target, clock, log }) {
    const complaints = new Complaints(clock, log);
    const settings = await openNodeSettings(client, module, "PM");
    const serve = async () => {
      for (const key of settings.states().keys()) {
        if (key !== outcomeKey && settings.config(key)?.value !== "true") await settings.setState(key, null);
      }
      for (const [key, { value }] of settings.configs()) {
        const command = commands.get(key);
        const name = settingName(module, key);
        if (!command) complaints.say(`${name}: not known; there are ${[...commands.keys()].join(", ")}`);
        else if (value !== "true" && value !== "false") {
          complaints.say(`${name}: '${value.slice(0, 40)}' must be true or false`);
        }
        if (!command || value !== "true" || settings.state(key)) continue;
        let done = false;
        try {
          await command(target.storage, client);
          done = true;
          log.notice(`${name}: erased`);
        } catch (error) {
          log.error(`${name}: ${messageOf(error)}`);
        }
        await settings.setStates(
          new Map([
            [key, "true"],
            [outcomeKey, String(done)],
          ]),
        );
      }
    };
    const rounds = new Reconciler(serve, (error) => complaints.say(`${module}: ${messageOf(error)}`, "round"));
    rounds.request();
    const unsubscribe = settings.onConfig(() => rounds.request());
    return {
      async stop() {
        unsubscribe();
        rounds.stop();
        settings.close();
      },
      dump: () => `last outcome: ${settings.state(outcomeKey)?.value ?? "none"}`,
    } satisfies RunningManager;
  },
};

/** Of the rows that the schema asks to keep: those of one table. What is no row goes as well. */
function eraseRows(storage: PersistentStorage, table: string): void {
  const store = storage.open("ovsdb_persist", { preserve: true });
  const gone = store.keys().filter((key) => {
    try {
      const stored: unknown = JSON.parse(store.get(key) ?? "");
      return typeof stored !== "object" || stored === null || !("table" in stored) || stored.table === table;
    } catch {
      return true;
    }
  });
  store.write(new Map(gone.map((key) => [key, null])));
}
