/** What the radios of one node have heard last: how busy channels were, and which networks are around. */

import type { Band } from "@opensync-ts/telemetry/names";
import type { ChannelLatest, NeighborLatest, NodeLatest } from "../../statistics/latest.ts";

/** `ageMs`: how long ago it was reported. */
export type Aged<T> = Omit<T, "at"> & { readonly ageMs: number };

export interface RadiosHeard {
  /** The channel in operation. */
  readonly radios: ReadonlyMap<Band, Aged<ChannelLatest>>;
  /** The others, in order. */
  readonly channels: ReadonlyMap<Band, readonly Aged<ChannelLatest>[]>;
  /** Bounded as the latest values are; the strongest first. */
  readonly neighbors: readonly Aged<NeighborLatest>[];
  readonly celsius: ReadonlyMap<Band, number>;
}

type Heard = Pick<NodeLatest, "radios" | "channels" | "neighbors" | "temperatures">;

/** `now`: ms of the cloud's clock. */
export function radiosHeard({ radios, channels, neighbors, temperatures }: Heard, now: number): RadiosHeard {
  const aged = <T extends { readonly at: number }>({ at, ...rest }: T) => ({ ...rest, ageMs: Math.max(0, now - at) });
  return {
    radios: new Map([...radios].map(([band, channel]) => [band, aged(channel)])),
    channels: new Map(
      [...channels].map(([band, kept]) => [
        band,
        [...kept].map(([, channel]) => aged(channel)).sort((a, b) => a.channel - b.channel),
      ]),
    ),
    neighbors: [...neighbors]
      .map(([, neighbor]) => aged(neighbor))
      .sort((a, b) => (b.snrDb ?? -1) - (a.snrDb ?? -1) || (a.bssid < b.bssid ? -1 : 1)),
    celsius: new Map([...temperatures].map(([band, { celsius }]) => [band, celsius])),
  };
}
