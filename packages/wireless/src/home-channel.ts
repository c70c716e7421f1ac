/** Where a vif works: the channel of its access point, or of the link of its station. */

import type { Mhz } from "@opensync-ts/base/units";
import type { Channel, VifState } from "@opensync-ts/target/radio";

/** Null: it is off, or has no channel of its own. */
export function channelInUse(vif: VifState): Channel | null {
  if (vif.status !== "enabled") return null;
  switch (vif.type) {
    case "ap":
      return vif.ap.channel;
    case "sta":
      return vif.sta.link.status === "connected" ? vif.sta.link.channel : null;
    case "ap_vlan":
      return null;
  }
}

/** Primaries of the channels that the vifs of `phy` work on. */
export function homeChannels(phy: string, vifs: Iterable<VifState>): ReadonlySet<Mhz> {
  const home = new Set<Mhz>();
  for (const vif of vifs) {
    const channel = vif.phy === phy ? channelInUse(vif) : null;
    if (channel) home.add(channel.control);
  }
  return home;
}
