/** Of which phy a channel is that a STA heard its parent announce: its own, or another's, where a parent leaves the band. */

import { bandOf } from "@opensync-ts/target/channels";
import type { Channel, PhyState } from "@opensync-ts/target/radio";

/** Its own phy before others, those by name; null: no phy has the channel. */
export function csaTarget(phys: ReadonlyMap<string, PhyState>, phy: string, { control }: Channel): string | null {
  const own = phys.get(phy);
  if (own && offers(own, control)) return phy;
  const others = [...phys.values()].filter((other) => other.name !== phy && offers(other, control));
  return others.map(({ name }) => name).sort()[0] ?? null;
}

/** Of a radio that lists no channels only the band is known. */
function offers({ channelStates, capabilities }: PhyState, control: number): boolean {
  if (channelStates.length === 0) return bandOf(control) === capabilities.band;
  return channelStates.some((state) => state.control === control);
}
