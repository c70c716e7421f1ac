/** What a node's radios do on the air. Pure. */

import type { TableReader } from "./rows.ts";

/** Another text as soon as one of them goes to another channel or width, is switched on or off, or begins or ends to listen for radar. */
export function airKey(rows: TableReader): string {
  const lines = [...rows("Wifi_Radio_State").values()].map((row) => {
    const { if_name, enabled = null, channel = null, ht_mode = null, channels } = row;
    const radar = channels instanceof Map ? (channels.get(String(channel)) ?? null) : null;
    return JSON.stringify([if_name, enabled, channel, ht_mode, radar]);
  });
  return lines.sort().join(" ");
}
