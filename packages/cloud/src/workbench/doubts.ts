/** What a radio cannot do of what somebody is about to write to it by hand, as far as the node has said. Pure. */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { nodeFacts } from "../node-facts.ts";
import { radioLimits } from "../node-limits.ts";
import { channelsOf } from "../radio-bands.ts";
import { narrowing, strayChannel, widths } from "../radio-opinions.ts";
import type { Columns, TableReader } from "../rows.ts";

/** One line each; none: nothing is known against it. `rows`: of the node, as they are before. */
export function doubtsOf(
  table: string,
  uuid: Uuid,
  columns: Columns,
  rows: TableReader | undefined,
): readonly string[] {
  if (table !== "Wifi_Radio_Config" || !rows || !("channel" in columns || "ht_mode" in columns)) return [];
  const row = { ...rows("Wifi_Radio_Config").get(uuid), ...columns };
  const { radios, self } = nodeFacts(rows);
  const told = radios.find(({ ifName }) => ifName === row.if_name);
  if (!told) return [];
  // What has not said which channels it has is held to those of its band.
  const allowedChannels = told.allowedChannels.length > 0 ? told.allowedChannels : channelsOf(told.band);
  const radio = { ...told, allowedChannels };
  const channel = typeof row.channel === "number" ? row.channel : undefined;
  const stray = channel === undefined ? undefined : strayChannel(channel, radio);
  if (stray !== undefined) return "channel" in columns ? [stray] : [];
  const width = widths.find((each) => String(row.ht_mode).replace(/[+-]$/, "") === `HT${each}`);
  if (width === undefined) return [];
  const narrow = narrowing(width, channel, radio, radioLimits(undefined, self?.model ?? null, radio.band));
  return narrow === undefined ? [] : [narrow];
}
