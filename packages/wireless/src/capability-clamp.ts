/**
 * The last mutator: what a driver says it cannot do, or may not do now, is not asked of it. Each limit cuts the intent
 * down in the same way every time, so that confsync settles on what the hardware holds, and says what is missing. A
 * limit that a driver does not state is not guessed.
 */

import { channelNumber, htModeOf, isUsable, narrow, sameChannel, widthMhz } from "@opensync-ts/target/channels";
import type { ApMode, ApState, Channel, PhyMode, PhyState, VifState } from "@opensync-ts/target/radio";
import { nameSome } from "./ap-attributes.ts";
import type { ConfigTree, PhyConfig, VifConfig } from "./config-tree.ts";
import type { Limitation } from "./contract.ts";
import type { Mutator } from "./mutators.ts";

/** What is wrong with one attribute, before it is known whose it is. */
type Shortfall = Pick<Limitation, "attribute" | "asked" | "holds" | "notEnforced">;

export const capabilityClamp: Mutator = {
  name: "capability_clamp",
  mutate(tree: ConfigTree, context): void {
    for (const phy of tree.values()) {
      const state = context.state.phys.get(phy.name);
      if (!state) continue;
      const report = (vif: string | null) => (shortfall: Shortfall | null) => {
        if (shortfall) context.limit({ phy: phy.name, vif, ...shortfall });
      };
      report(null)(clampChainmask(phy, state));
      for (const vif of phy.vifs.values()) {
        const wanted = phy.enabled && vif.enabled;
        for (const shortfall of clampVif(vif, state, context.state.vifs.get(vif.name)))
          if (wanted) report(vif.name)(shortfall);
      }
    }
  },
};

/** The line that goes to the log and to people. */
export function describeLimitation({ phy, vif, attribute, asked, holds, notEnforced, advice }: Limitation): string {
  const missing = notEnforced.length === 0 ? "" : `, ${countOf(notEnforced)} not enforced: ${nameSome(notEnforced)}`;
  const hint = advice === undefined ? "" : `; ${advice}`;
  return `${vif === null ? phy : `${phy}/${vif}`}: ${attribute}: asked ${asked}, holds ${holds}${missing}${hint}`;
}

function countOf(entries: readonly string[]): string {
  return entries.length === 1 ? "this one is" : `these ${entries.length} are`;
}

/** Radios that report no chainmask take none either. */
function clampChainmask(phy: PhyConfig, state: PhyState): Shortfall | null {
  const asked = phy.txChainmask;
  if (asked === state.txChainmask) return null;
  const { chains } = state.capabilities;
  const possible = state.txChainmask === 0 ? 0 : chains === undefined ? asked : asked & ((1 << chains) - 1);
  if (possible === asked) return null;
  phy.txChainmask = possible === 0 ? state.txChainmask : possible;
  return { attribute: "tx_chainmask", asked: hex(asked), holds: hex(phy.txChainmask), notEnforced: [] };
}

function clampVif(vif: VifConfig, phy: PhyState, state: VifState | undefined): readonly (Shortfall | null)[] {
  const { maxTxPower, aclLimit, pskLimit } = phy.capabilities;
  const power = clampPower(vif, maxTxPower);
  if (vif.type !== "ap") return [power];
  const asked = vif.ap;
  const acl = firstOf(asked.acl, aclLimit);
  const psks = firstOf(asked.psks, pskLimit);
  const missingKeys = psks.rest.map(({ keyId }) => `key-${keyId}`);
  const current = state?.type === "ap" ? state.ap : null;
  const mode = clampMode(asked.mode, phy, current);
  const channel = clampChannel(asked.channel, mode, phy, current);
  vif.ap = { ...asked, acl: acl.kept, psks: psks.kept, mode, channel };
  return [
    power,
    otherMode(asked.mode, mode),
    acl.rest.length === 0 ? null : tooMany("acl", asked.acl, acl.rest),
    psks.rest.length === 0 ? null : tooMany("psk_list", asked.psks, missingKeys),
    otherChannel(asked.channel, channel),
  ];
}

function clampPower(vif: VifConfig, limit: number | undefined): Shortfall | null {
  const asked = vif.txPower;
  if (limit === undefined || asked <= limit) return null;
  vif.txPower = limit;
  return { attribute: "tx_power_dbm", asked: String(asked), holds: String(limit), notEnforced: [] };
}

const phyModes: readonly PhyMode[] = ["ht", "vht", "he", "eht"];

/** What an access point does already, its radio can do, whatever the driver states. */
function clampMode(asked: ApMode, { capabilities }: PhyState, current: ApState | null): ApMode {
  const { modes } = capabilities;
  if (modes === undefined) return asked;
  const lacking = phyModes.filter((name) => asked[name] && !modes.includes(name) && !current?.mode[name]);
  return lacking.length === 0 ? asked : { ...asked, ...Object.fromEntries(lacking.map((name) => [name, false])) };
}

function otherMode(asked: ApMode, holds: ApMode): Shortfall | null {
  const missing = phyModes.filter((name) => asked[name] && !holds[name]);
  if (missing.length === 0) return null;
  const list = (mode: ApMode) => phyModes.filter((name) => mode[name]).join("+") || "none";
  return { attribute: "mode", asked: list(asked), holds: list(holds), notEnforced: missing };
}

/**
 * The widest part of the asked channel, around the same primary, that the radio can do and may use now; else of the
 * channel it is on (radar has driven it there, say); else it stays where it is. Of a radio that does not say which
 * channels it has, as asked.
 */
function clampChannel(asked: Channel | null, mode: ApMode, phy: PhyState, current: ApState | null): Channel | null {
  const widest = phy.capabilities.modes === undefined ? Infinity : widestOf(mode);
  const possible = (channel: Channel) =>
    (phy.capabilities.widths?.includes(channel.width) ?? true) && widthMhz(channel.width) <= widest;
  const usable = (channel: Channel) => possible(channel) && isUsable(channel, phy.channelStates);
  const candidates = asked === null ? [] : narrowings(phy.punctureSupported ? asked : { ...asked, puncture: 0 });
  if (phy.channelStates.length === 0) return candidates.find(possible) ?? asked;
  const now = current?.channel ?? null;
  return candidates.find(usable) ?? (now && narrowings(now).find(usable)) ?? now;
}

/** MHz an access point can be wide with this mode (IEEE 802.11-2020 §19 to §21, 802.11ax and be). */
function widestOf(mode: ApMode): number {
  if (mode.eht) return 320;
  if (mode.he || mode.vht) return 160;
  return mode.ht ? 40 : 20;
}

/** The channel itself, then its halves that hold the primary. */
function narrowings(channel: Channel): readonly Channel[] {
  const half = narrow(channel);
  return half === null ? [channel] : [channel, ...narrowings(half)];
}

function otherChannel(asked: Channel | null, holds: Channel | null): Shortfall | null {
  if (asked === null || sameChannel(asked, holds)) return null;
  const puncture = (bits: number) => (bits === 0 ? "" : `/puncture ${hex(bits)}`);
  const name = (channel: Channel) =>
    `${channelNumber(channel.control)}/${htModeOf(channel)}${puncture(channel.puncture)}`;
  return { attribute: "channel", asked: name(asked), holds: holds ? name(holds) : "none", notEnforced: [] };
}

/** The lists are sorted, so the first are always the same ones. */
function firstOf<T>(list: readonly T[], limit: number | undefined): { kept: readonly T[]; rest: readonly T[] } {
  if (limit === undefined || list.length <= limit) return { kept: list, rest: [] };
  return { kept: list.slice(0, limit), rest: list.slice(limit) };
}

function tooMany(attribute: string, asked: readonly unknown[], rest: readonly string[]): Shortfall {
  const holds = asked.length - rest.length;
  return { attribute, asked: String(asked.length), holds: String(holds), notEnforced: rest };
}

function hex(mask: number): string {
  return `0x${mask.toString(16)}`;
}
