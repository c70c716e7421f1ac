/** The network devices there are: the target's links, and the VIFs that OWM shows. */

import { parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import type { Link } from "@opensync-ts/target/network";

export type Vif = Pick<Row<"Wifi_VIF_State">, "if_name" | "enabled" | "mac">;

/** By name. A VIF without an address of its own is none yet; a link of the same name says more than a VIF. */
export function devicesOf(links: readonly Link[], vifs: Iterable<Vif>): ReadonlyMap<string, Link> {
  const devices = new Map<string, Link>();
  for (const { if_name: name, enabled, mac: text } of vifs) {
    const mac = text === null ? undefined : parseMac(text);
    if (!mac) continue;
    devices.set(name, {
      name,
      type: "vif",
      mac,
      carrier: enabled === true,
      address: null,
      netmask: null,
      gateway: null,
    });
  }
  for (const link of links) devices.set(link.name, link);
  return devices;
}
