/** What a home wants of a radio itself, as columns of its row, as far as the radio can: the rest is refused, with the reason. Pure. */

import type { WriteOf } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { channelBlocks } from "./channel-blocks.ts";
import type { Home, HomeNode, RadioOpinion } from "./home.ts";
import type { NodeFacts, RadioFacts } from "./node-facts.ts";
import type { RadioLimits } from "./node-limits.ts";
import { coversBand, isChannelOf } from "./radio-bands.ts";
import type { Refusal } from "./rows.ts";
import { type RowId, rowId } from "./rows.ts";

type RadioColumns = WriteOf<OpenSync, "Wifi_Radio_Config">;
type Width = NonNullable<RadioOpinion["width"]>;

export const widths: readonly Width[] = [320, 160, 80, 40, 20];

export interface RadioWish {
  readonly columns: RadioColumns;
  readonly refusals: readonly Refusal[];
}

export function radioWish(home: Home, node: HomeNode, radio: RadioFacts, limits: RadioLimits): RadioWish {
  const opinion = opinionOf(home.radios, node.id, radio);
  if (!opinion) return { columns: {}, refusals: [] };
  const { stated, entry } = opinion;
  const { enabled, power } = entry;
  const id = rowId("Wifi_Radio_Config", { if_name: radio.ifName });
  const refusals: Refusal[] = [];
  const refuse = (reason: string, column?: string) =>
    // A line of its own: the row as such is provisioned.
    refusals.push({ id: column === undefined ? id : (`${id} ${column}` as RowId), stated, reason });
  return {
    columns: {
      ...(enabled !== undefined && { enabled }),
      ...(power !== undefined && { tx_power: power }),
      ...channelColumns(entry, radio, limits, refuse),
      ...chainColumns(entry, radio, limits, refuse),
    },
    refusals,
  };
}

/** Opinions about a radio of this very node that it does not have. Nothing is said of a node that has not told its radios yet. */
export function strayOpinions(home: Home, node: HomeNode, { radios }: NodeFacts): readonly Refusal[] {
  if (radios.length === 0) return [];
  return home.radios.flatMap((entry, index) => {
    const { band, channel } = entry;
    const isMeant = (radio: RadioFacts) =>
      coversBand(band, radio.band) && (channel === undefined || isChannelOf(radio.band, channel));
    if (entry.node !== node.id || radios.some(isMeant)) return [];
    const has = radios.map((radio) => `${radio.ifName} ${radio.band}`).join(", ");
    const reason = `the node has no radio of ${band}${channel === undefined ? "" : ` with channel ${channel}`} (it has ${has})`;
    return [{ id: rowId("Wifi_Radio_Config", { if_name: band }), stated: `radios[${index}]`, reason }];
  });
}

type Refuse = (reason: string, column?: string) => void;

function channelColumns(
  { channel, width }: RadioOpinion,
  radio: RadioFacts,
  limits: RadioLimits,
  refuse: Refuse,
): RadioColumns {
  const { ifName, barred } = radio;
  const stray = channel === undefined ? undefined : strayChannel(channel, radio);
  if (stray !== undefined) {
    refuse(stray);
    return {};
  }
  if (channel !== undefined && barred.includes(channel)) {
    refuse(
      `radar was heard on channel ${channel}, so ${ifName} may not use it for now: the radio is left where it is until it says that it may`,
    );
    return {};
  }
  if (width === undefined) return {};
  const widest = widths.find((each) => each <= width && narrowing(each, channel, radio, limits) === undefined) ?? 20;
  const reason = widest === width ? undefined : narrowing(width, channel, radio, limits);
  if (reason !== undefined) refuse(`${reason}: it is ${widest} MHz wide instead of ${width}`, "ht_mode");
  return { ...(channel !== undefined && { channel }), ht_mode: `HT${widest}` as const };
}

/** Why a radio cannot be on a channel at all; undefined: it can, as far as is known. */
export function strayChannel(channel: number, { ifName, allowedChannels }: RadioFacts): string | undefined {
  if (allowedChannels.length === 0 || allowedChannels.includes(channel)) return undefined;
  return `channel ${channel} is not among those that ${ifName} allows (${allowedChannels.join(", ")})`;
}

/** Why a channel cannot be so wide; undefined: it can, as far as is known. */
export function narrowing(
  width: Width,
  channel: number | undefined,
  { ifName, band, allowedChannels, barred }: RadioFacts,
  limits: RadioLimits,
): string | undefined {
  if (limits.width !== undefined && width > limits.width) return `${ifName} can be ${limits.width} MHz wide at most`;
  if (channel === undefined) return undefined;
  const blocks = channelBlocks(band, channel, width);
  const [block] = blocks;
  if (!block) return `no channel of ${width} MHz has its primary channel at ${channel}`;
  const isListed = (each: number) => allowedChannels.length === 0 || allowedChannels.includes(each);
  const isFree = (each: number) => isListed(each) && !barred.includes(each);
  if (blocks.some((each) => each.every(isFree))) return undefined;
  const missing = block.filter((each) => !isListed(each));
  if (missing.length > 0)
    return `with ${width} MHz it would be on ${missing.join(", ")}, too, which ${ifName} does not allow`;
  return `with ${width} MHz it would be on ${block.filter((each) => barred.includes(each)).join(", ")}, too, where radar was heard`;
}

/**
 * A driver whose chains cannot be chosen reports none, and never settles when it is told some. How many there are is known by the
 * model, or shown while nobody has chosen any.
 */
function chainColumns({ chains }: RadioOpinion, radio: RadioFacts, limits: RadioLimits, refuse: Refuse): RadioColumns {
  if (chains === undefined) return {};
  const { ifName } = radio;
  if (radio.chains === null) {
    refuse(`${ifName} does not report its chains (tx_chainmask), so they cannot be chosen`, "tx_chainmask");
    return {};
  }
  const most = limits.chains ?? (radio.chains.isAll ? bitsOf(radio.chains.mask) : chains);
  if (chains > most)
    refuse(`${ifName} has ${most} chains: it sends with all of them, not with ${chains}`, "tx_chainmask");
  // With all of them it sends anyway, unless somebody has said otherwise.
  if (chains > most && radio.chains.isAll) return {};
  return { tx_chainmask: 2 ** Math.min(chains, most) - 1 };
}

function bitsOf(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}

/** The opinion that holds for a radio: one about this node before one about all, the exact band before the whole of 5 GHz. */
function opinionOf(
  opinions: readonly RadioOpinion[],
  node: string,
  radio: RadioFacts,
): { entry: RadioOpinion; stated: string } | undefined {
  const rank = (entry: RadioOpinion) => (entry.node === node ? 2 : 0) + (entry.band === radio.band ? 1 : 0);
  return (
    opinions
      .map((entry, index) => ({ entry, stated: `radios[${index}]` }))
      .filter(({ entry }) => (entry.node ?? node) === node && coversBand(entry.band, radio.band))
      // An opinion about all of 5 GHz reaches a radio of one half only with a channel of that half.
      .filter(({ entry }) => entry.channel === undefined || isChannelOf(radio.band, entry.channel))
      .sort((a, b) => rank(b.entry) - rank(a.entry))[0]
  );
}
