/** `AW_Debug` sets the severities of every manager at run time, and is kept across reboots. */

import { messageOf } from "@opensync-ts/base/errors";
import type { ReplicaTable } from "@opensync-ts/ovsdb/client";
import type { Row } from "@opensync-ts/schema/opensync";
import type { PersistentStore } from "@opensync-ts/target/storage";
import type { ManagerContext, RunningManager } from "../manager.ts";
import type { LogState, ProcessLogs } from "./log-levels.ts";
import type { PmModule } from "./pm-module.ts";

const storeName = "log-state";
const storeKey = "log-state";

/** `logs`: of all processes of the node. */
export function logSeverities(logs: ProcessLogs): PmModule {
  return {
    name: "log severities",
    async start(context) {
      const { client, target, log } = context;
      const store = target.storage.open(storeName);
      const replica = await client.replicate({ AW_Debug: {} });
      const table = replica.table("AW_Debug");
      await restore(context, table, store);
      let applied = new Map<string, string>();
      const apply = () => {
        applied = stateOf(table);
        for (const problem of logs.apply(applied)) log.warning(problem);
        save(context, store, applied);
      };
      table.onChange(apply);
      apply();
      return {
        async stop() {
          replica.cancel();
        },
        dump: () =>
          [...applied]
            .map(([name, text]) => `${name}: ${text}`)
            .sort()
            .join("\n"),
      } satisfies RunningManager;
    },
  };
}

/** Puts back what was set before the reboot; a row that is there already wins. */
async function restore(
  { client, log }: ManagerContext,
  table: ReplicaTable<Row<"AW_Debug">>,
  store: PersistentStore,
): Promise<void> {
  const present = stateOf(table);
  const missing = [...parseState(store.get(storeKey))].filter(([name]) => !present.has(name));
  if (missing.length === 0) return;
  try {
    await client.transact(
      (transaction) => {
        for (const [name, severity] of missing) transaction.insert("AW_Debug", { name, log_severity: severity });
      },
      { comment: "PM - insert AW_Debug" },
    );
  } catch (error) {
    log.error(`log severities of before the reboot not restored: ${messageOf(error)}`);
  }
}

function save({ log }: ManagerContext, store: PersistentStore, state: LogState): void {
  const text = formatState(state);
  if (text === formatState(parseState(store.get(storeKey)))) return;
  try {
    store.set(storeKey, text);
  } catch (error) {
    log.error(`log severities will not survive a reboot: ${messageOf(error)}`);
  }
}

function stateOf(table: ReplicaTable<Row<"AW_Debug">>): Map<string, string> {
  return new Map([...table.rows.values()].map((row) => [row.name, row.log_severity]));
}

/** The form of the file that deployed devices keep: `{"CM":{"log_severity":"DEBUG"}}`. */
function formatState(state: LogState): string {
  return JSON.stringify(Object.fromEntries([...state].sort().map(([name, text]) => [name, { log_severity: text }])));
}

function parseState(text: string | undefined): Map<string, string> {
  const state = new Map<string, string>();
  if (text === undefined) return state;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return state;
  }
  if (typeof parsed !== "object" || parsed === null) return state;
  for (const [name, entry] of Object.entries(parsed)) {
    const severity = (entry as { log_severity?: unknown } | null)?.log_severity;
    if (typeof severity === "string" && name.length <= 16 && severity.length <= 128) state.set(name, severity);
  }
  return state;
}
