import type { Mac } from "@opensync-ts/base/units";
import type { StationState } from "@opensync-ts/target/radio";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import type { World } from "@opensync-ts/world/world";
import { associationElements } from "./station-elements.ts";

/** What an access point's driver says of a station; `null` where it has no such station. */
export function stationState(
  world: World,
  { phy, vif, bssid }: { readonly phy: string; readonly vif: string; readonly bssid: Mac },
  station: Mac,
): StationState | null {
  const association = world.stations(bssid).find(({ client }) => client.device.mac === station);
  const bss = world.bss(bssid);
  const rssi = world.uplinkSignal(bssid, station);
  if (!association || !bss || rssi === null) return null;
  const { agreement, keyId, since, client, links } = association;
  return {
    mac: station,
    vif,
    phy,
    connectedAt: since,
    keyId,
    pmf: agreement.pmf,
    akm: agreement.akm,
    pairwise: agreement.pairwise,
    snr: Math.max(0, Math.round(rssi - noiseFloor)),
    // All links of a station bear its own address, which is that of its multi-link device, too.
    mldAddr: links.length > 1 ? station : null,
    assocIes: associationElements(client.device, bss, agreement, links.length),
  };
}
