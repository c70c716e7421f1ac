/** Multi-link operation (IEEE 802.11be): over which BSSs of an access point a client runs its association. */

import type { Dbm, Mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { aclAdmits } from "./access-point.ts";
import type { Device } from "./device.ts";
import { bands, sensitivity } from "./spectrum.ts";

/**
 * The one that it came in on, and others of the same multi-link device as far as it can run them: each of another band, the
 * highest first. All links of a client bear its own address here.
 */
export function linksFor(
  setup: Bss,
  device: Pick<Device, "mac" | "links" | "bands" | "generation">,
  heard: readonly { readonly bss: Bss; readonly rssi: Dbm }[],
): readonly Mac[] {
  if (setup.mld === undefined || device.links < 2 || device.generation !== "be" || setup.generation !== "be") {
    return [setup.bssid];
  }
  const used = new Set([setup.channel.band]);
  const links = [setup.bssid];
  const others = heard
    .filter(({ bss, rssi }) => bss.mld === setup.mld && bss.bssid !== setup.bssid && rssi >= sensitivity)
    .sort((a, b) => bands.indexOf(b.bss.channel.band) - bands.indexOf(a.bss.channel.band) || b.rssi - a.rssi);
  for (const { bss } of others) {
    const { band } = bss.channel;
    if (links.length >= device.links || used.has(band) || !device.bands.includes(band)) continue;
    if (!aclAdmits(bss.acl, device.mac)) continue;
    used.add(band);
    links.push(bss.bssid);
  }
  return links;
}
