/** What nodes had reported last at a time in the past: their payloads of just before are read again. */

import { decompress } from "@opensync-ts/telemetry/payload";
import { decodeReport } from "@opensync-ts/telemetry/report";
import { NodeLatest } from "../../statistics/latest.ts";
import * as limits from "../limits.ts";
import type { RawStore } from "../raw/raw-store.ts";
import type { RawRecord } from "../raw/record.ts";

/** `at`: ms since 1970. By node; of one that is missing there are no payloads. Rejects with the file system's error. */
export async function replay(
  raw: RawStore,
  nodes: readonly string[],
  at: number,
): Promise<ReadonlyMap<string, NodeLatest>> {
  const from = at - limits.replayMs;
  const records = await raw.readLast({ nodes, from, to: at + 1, perNode: limits.replayedPayloads });
  const found = new Map<string, NodeLatest>();
  for (const record of records) {
    const report = record.kind === "stats" ? reportOf(record) : undefined;
    if (!report) continue;
    const latest = found.get(record.node) ?? new NodeLatest();
    found.set(record.node, latest);
    latest.take(report, record.at);
  }
  return found;
}

/** Undefined for what could not be understood when it came, either. */
function reportOf({ payload }: RawRecord) {
  try {
    return decodeReport(decompress(payload));
  } catch {
    return undefined;
  }
}
