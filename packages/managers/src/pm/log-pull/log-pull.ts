/**
 * Log pull: once `AW_LM_Config` names a location and a token, the node's logs and state go there. One at a time; a request that
 * comes meanwhile is served afterwards, and a request that stays in the database is served once.
 */

import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Row } from "@opensync-ts/schema/opensync";
import { Complaints } from "../../complaints.ts";
import type { ManagerContext, RunningManager } from "../../manager.ts";
import { Reconciler } from "../../reconciler.ts";
import { pmLimits } from "../limits.ts";
import type { PmModule } from "../pm-module.ts";
import { collectLogs, type LogSources } from "./collect.ts";
import { parseLocation, shownLocation, upload } from "./upload.ts";

export interface LogPullOptions {
  readonly sources: LogSources;
  /** CAs that count for the location besides the well-known ones. */
  readonly caFile?: string;
}

export function logPull(options: LogPullOptions): PmModule {
  /** What was served last: a restart of PM is no new request. */
  const memory: Memory = { served: "", outcome: "none asked for" };
  return { name: "log pull", start: (context) => startLogPull(context, options, memory) };
}

interface Memory {
  served: string;
  outcome: string;
}

async function startLogPull(context: ManagerContext, options: LogPullOptions, memory: Memory): Promise<RunningManager> {
  const { client, clock, log } = context;
  const complaints = new Complaints(clock, log);
  const replica = await client.replicate({ AW_LM_Config: {} });
  const rows = replica.table("AW_LM_Config").rows;
  const ended = new AbortController();
  const serve = async () => {
    const [row] = rows.values();
    const request = row ? JSON.stringify([row.name, row.upload_location, row.upload_token]) : "";
    if (request === memory.served) return;
    memory.served = request;
    if (!row?.upload_location || !row.upload_token) return;
    try {
      memory.outcome = await pull(context, options, row, ended.signal);
      log.notice(`log pull: ${memory.outcome}`);
    } catch (error) {
      memory.outcome = `failed: ${messageOf(error)}`;
      complaints.say(`log pull ${memory.outcome}`);
    }
  };
  const rounds = new Reconciler(serve, (error) => complaints.say(`log pull: ${messageOf(error)}`, "round"));
  if (rows.size === 0) {
    try {
      await client.transact(
        (transaction) =>
          transaction.insert("AW_LM_Config", {
            name: "lm",
            periodicity: "weekly",
            upload_location: "",
            upload_token: "",
          }),
        { comment: "PM - insert AW_LM_Config" },
      );
    } catch (error) {
      complaints.say(`AW_LM_Config: no row 'lm': ${messageOf(error)}`);
    }
  }
  rounds.request();
  const unsubscribe = replica.table("AW_LM_Config").onChange(() => rounds.request());
  return {
    async stop() {
      unsubscribe();
      rounds.stop();
      ended.abort(new Error("PM has ended"));
      replica.cancel();
    },
    dump: () => `last: ${memory.outcome}`,
  };
}

/** Says what was handed over. */
async function pull(
  { client, target, clock }: ManagerContext,
  { sources, caFile }: LogPullOptions,
  row: Row<"AW_LM_Config">,
  ended: AbortSignal,
): Promise<string> {
  const location = parseLocation(row.upload_location ?? "");
  const where = shownLocation(location);
  const collected = collectLogs({ client, sources, id: target.unit.id, time: clock.wallTime() });
  const archive = await withDeadline(clock, collected, pmLimits.pullCollectMs, "log pull");
  const port = location.port === "" ? 443 : Number(location.port);
  const obstacle = target.network.wayOut?.obstacle({ host: location.hostname, port, purpose: "cloud" });
  if (obstacle) throw new Error(`${where}: the network lets nothing through (${obstacle})`);
  const late = new AbortController();
  const method = row.name.toLowerCase() === "put" ? "put" : "post";
  const sent = upload({
    location,
    method,
    token: row.upload_token ?? "",
    archive,
    ...(caFile === undefined ? {} : { caFile }),
    signal: AbortSignal.any([late.signal, ended]),
  });
  try {
    const status = await withDeadline(clock, sent, pmLimits.pullUploadMs, "upload");
    return `${archive.length} bytes handed over to ${where} (${status})`;
  } catch (error) {
    throw new Error(`${where}: ${messageOf(error)}`, { cause: error });
  } finally {
    late.abort();
  }
}
