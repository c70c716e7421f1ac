/** The BSSs that stations can be sent to: our access points, and their neighbours on other nodes. */

import type { Mac, Mhz } from "@opensync-ts/base/units";
import { bandOf, channelFrequency, channelNumber, isDfs, segments20 } from "@opensync-ts/target/channels";
import {
  controlFrequencyOf,
  operatingClass20Of,
  operatingClassOf,
} from "@opensync-ts/target/ieee80211/operating-class";
import type { Band, VifState } from "@opensync-ts/target/radio";
import type { Bss } from "./model.ts";

/** A row of `Wifi_VIF_Neighbors`, as far as it matters here. */
export interface SteeringNeighbor {
  readonly bssid: Mac;
  /** Our access point whose neighbour it is. */
  readonly vif: string;
  readonly channel: number | null;
  /** Number of the centre channel. */
  readonly center: number | null;
  readonly opClass: number | null;
  readonly priority: number | null;
  readonly mldAddr: Mac | null;
}

/** null: it is down, or its channel is not known. */
export function ownBss(
  vif: VifState,
  { leaving, load }: { readonly leaving: boolean; readonly load: number | null },
): Bss | null {
  if (vif.type !== "ap" || vif.status !== "enabled" || vif.ap.channel === null) return null;
  const { channel, mld } = vif.ap;
  const band = bandOf(channel.control);
  const opClass = operatingClassOf(channel) ?? operatingClass20Of(channel);
  if (band === null || opClass === null) return null;
  return {
    bssid: vif.mac,
    mldAddr: mld?.addr ?? null,
    vif: vif.name,
    ...{ band, control: channel.control, channel: channelNumber(channel.control), opClass },
    dfs: segments20(channel).some(isDfs),
    ...{ leaving, priority: null, load },
  };
}

/** Why a neighbour cannot be a candidate; null: it can. */
export function whyUnusable({ channel, opClass }: SteeringNeighbor): string | null {
  if (channel === null) return "its channel is not set";
  if (opClass !== null && controlFrequencyOf(opClass, channel) === null)
    return `operating class ${opClass} has no channel ${channel}`;
  return opClass === null && plainChannel(channel) === null
    ? `channel ${channel} needs its op_class: it may be of 5 or 6 GHz`
    : null;
}

export function neighborBss(neighbor: SteeringNeighbor): Bss | null {
  const { bssid, channel, opClass, priority, mldAddr } = neighbor;
  if (channel === null || whyUnusable(neighbor) !== null) return null;
  const control = opClass === null ? plainChannel(channel) : controlFrequencyOf(opClass, channel);
  const band = control === null ? null : bandOf(control);
  if (control === null || band === null) return null;
  const known = opClass ?? operatingClass20Of({ control, width: 20, center0: control, center1: 0, puncture: 0 });
  if (known === null) return null;
  return {
    ...{ bssid, mldAddr, vif: null, band, control, channel, opClass: known },
    dfs: isDfs(control),
    ...{ leaving: false, priority, load: null },
  };
}

/** Numbers that only one band has. */
function plainChannel(channel: number): Mhz | null {
  const bands: readonly Band[] = ["2.4G", "5G", "6G"];
  const found = bands.flatMap((band) => channelFrequency(band, channel) ?? []);
  // 2.4 GHz shares its low numbers with 6 GHz, whose neighbours have always had their class.
  const [first] = found;
  return first !== undefined && (found.length === 1 || first < 3_000) ? first : null;
}
