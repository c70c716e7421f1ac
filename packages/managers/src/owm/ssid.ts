/** SSIDs in rows: text there, at most 32 octets on the air. */

import { ssidOctets } from "./limits.ts";
import type { ReportVif } from "./vif-context.ts";

/** The SSID within its 32 octets, cut at a character; `null` for none. */
export function ssidOf(text: string, report: ReportVif): string | null {
  if (text === "") return null;
  const octets = Buffer.byteLength(text);
  if (octets <= ssidOctets) return text;
  let cut = "";
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > ssidOctets) break;
    cut += character;
  }
  report("ssid", text, `${octets} octets long, an SSID has at most ${ssidOctets}; cut to '${cut}'`);
  return cut;
}
