/** The attributes of a phy, one row each, as `ap-attributes.ts` has those of an access point. */

import { isDeepStrictEqual } from "node:util";
import { formatChannel, sameChannel } from "@opensync-ts/target/channels";
import type { Channel, PhyState } from "@opensync-ts/target/radio";

/** What can be configured of a phy. */
export type PhyAttributes = Pick<
  PhyState,
  "enabled" | "txChainmask" | "radar" | "radarNextChannel" | "regDomain" | "zeroWaitDfs"
>;

export type PhyAttributeName = keyof PhyAttributes;

interface PhyAttributeRow {
  readonly label: string;
  equal(wanted: PhyAttributes, actual: PhyAttributes): boolean;
  format(attributes: PhyAttributes): string;
}

export const phyAttributes: Readonly<Record<PhyAttributeName, PhyAttributeRow>> = {
  enabled: {
    label: "enabled",
    equal: (wanted, actual) => wanted.enabled === actual.enabled,
    format: ({ enabled }) => String(enabled),
  },
  txChainmask: {
    label: "tx_chainmask",
    equal: (wanted, actual) => wanted.txChainmask === actual.txChainmask,
    format: ({ txChainmask }) => `0x${txChainmask.toString(16)}`,
  },
  radar: {
    label: "radar",
    equal: (wanted, actual) => wanted.radar === actual.radar,
    format: ({ radar }) => radar,
  },
  radarNextChannel: {
    label: "radar_next_channel",
    equal: (wanted, actual) => sameChannel(whole(wanted.radarNextChannel), whole(actual.radarNextChannel)),
    format: ({ radarNextChannel }) => (radarNextChannel === null ? "none" : formatChannel(radarNextChannel)),
  },
  regDomain: {
    label: "reg_domain",
    equal: (wanted, actual) => wanted.regDomain === null || isDeepStrictEqual(wanted.regDomain, actual.regDomain),
    format: ({ regDomain }) => regDomain?.country ?? "none",
  },
  zeroWaitDfs: {
    label: "zero_wait_dfs",
    equal: (wanted, actual) => wanted.zeroWaitDfs === actual.zeroWaitDfs,
    format: ({ zeroWaitDfs }) => zeroWaitDfs,
  },
};

export const phyAttributeNames = Object.keys(phyAttributes) as readonly PhyAttributeName[];

/** Which parts of the channel are left out is decided when it is moved to. */
function whole(channel: Channel | null): Channel | null {
  return channel && { ...channel, puncture: 0 };
}
