/**
 * The last mutator: what a driver says it cannot do is not asked of it. Each limit cuts the intent
 * down in the same way every time, so that confsync settles on what the hardware holds, and says what is missing. A
 * limit that a driver does not state is not guessed.
 */

import { narrow, sameChannel, widthMhz } from "@opensync-ts/target/channels";
import type {
  ApAttributeName,
  ApAttributes,
  ApMode,
  ApRates,
  ApState,
  Channel,
  LegacyRate,
  PhyMode,
  PhyState,
  VifState,
} from "@opensync-ts/target/radio";
import { apAttributeLabel, apAttributeNames, formatApAttribute, nameSome, sameApAttribute } from "./ap-attributes.ts";
import type { ConfigTree, PhyConfig, VifConfig } from "./config-tree.ts";
import type { Limitation } from "./contract.ts";
import { nameChannel } from "./dfs-chan-clip.ts";
import type { Mutator } from "./mutators.ts";
import { firstOf, type Shortfall, shortfallOf } from "./shortfall.ts";

type Report = (shortfall: Shortfall | null) => void;

export const capabilityClamp: Mutator = {
  name: "capability_clamp",
  mutate(tree: ConfigTree, context): void {
    for (const phy of tree.values()) {
      const state = context.state.phys.get(phy.name);
      if (!state) continue;
      const report = (vif: string | null) => (shortfall: Shortfall | null) => {
        if (shortfall) context.limit({ phy: phy.name, vif, ...shortfall });
      };
      clampPhy(phy, state, report(null));
      for (const vif of phy.vifs.values()) {
        const wanted = phy.enabled && vif.enabled;
        clampVif(vif, state, context.state.vifs.get(vif.name), wanted ? report(vif.name) : () => {});
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

const unsupported = "the driver does not support it";

function clampPhy(phy: PhyConfig, state: PhyState, report: Report): void {
  report(clampChainmask(phy, state));
  for (const [name, attribute] of [
    ["zeroWaitDfs", "zero_wait_dfs"],
    ["radar", "radar"],
  ] as const) {
    const asked = phy[name];
    if (state[name] !== "unsupported" || asked === "unsupported") continue;
    phy[name] = "unsupported";
    report({ attribute, asked, holds: "unsupported", notEnforced: [], advice: unsupported });
  }
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

function apOf(state: VifState | undefined): ApState | null {
  return state?.type === "ap" ? state.ap : null;
}

function clampVif(vif: VifConfig, phy: PhyState, state: VifState | undefined, report: Report): void {
  const { capabilities } = phy;
  report(clampPower(vif, capabilities.maxTxPower));
  if (vif.type !== "ap") return;
  const asked = vif.ap;
  const current = apOf(state);
  const changed: { -readonly [Name in ApAttributeName]?: ApAttributes[Name] } = {};
  const mode = clampMode(asked.mode, phy, current);
  if (mode !== asked.mode) changed.mode = mode;
  report(otherMode(asked.mode, mode));
  // The lists are sorted, or in order of preference, so the first are always the same ones.
  for (const [name, limit] of [
    ["acl", capabilities.aclLimit],
    ["psks", capabilities.pskLimit],
    ["radius", capabilities.radiusLimit],
    ["accounting", capabilities.radiusLimit],
    ["neighbors", capabilities.neighborLimit],
  ] as const) {
    const first = firstOf(name, asked[name], limit);
    if (first === null) continue;
    Object.assign(changed, { [name]: first.kept });
    report(first.shortfall);
  }
  const rates = clampRates(asked.rates, capabilities.rates);
  if (rates !== asked.rates) {
    changed.rates = rates;
    report(ratesShortfall(asked, rates));
  }
  const channel = clampChannel(asked.channel, mode, phy, current);
  if (channel !== asked.channel) changed.channel = channel;
  report(otherChannel(asked.channel, channel));
  for (const name of current ? (capabilities.unsupported ?? []) : []) {
    if (!apAttributeNames.includes(name) || current === null || sameApAttribute(name, asked, current)) continue;
    Object.assign(changed, { [name]: current[name] });
    report(unsupportedAttribute(name, asked, current));
  }
  if (Object.keys(changed).length > 0) vif.ap = { ...asked, ...changed };
}

function unsupportedAttribute(name: ApAttributeName, asked: ApAttributes, current: ApAttributes): Shortfall {
  const [from, to] = [formatApAttribute(name, current), formatApAttribute(name, asked)];
  const values = { wanted: asked[name], actual: current[name] };
  return shortfallOf({ attribute: apAttributeLabel(name), from, to, ...values }, unsupported);
}

/** Rates that the radio lacks are left out; of a list that would be empty then, there is no wish any more. */
function clampRates(asked: ApRates, possible: readonly LegacyRate[] | undefined): ApRates {
  if (possible === undefined) return asked;
  const within = (rate: LegacyRate) => possible.includes(rate);
  const { supported, basic, beacon, mcast, mgmt } = asked;
  const beaconWithin = beacon?.kind !== "abg" || within(beacon.rate);
  const all = [...supported, ...basic, ...(mcast === null ? [] : [mcast]), ...(mgmt === null ? [] : [mgmt])];
  if (all.every(within) && beaconWithin) return asked;
  return {
    supported: supported.filter(within),
    basic: basic.filter(within),
    beacon: beaconWithin ? beacon : null,
    mcast: mcast !== null && within(mcast) ? mcast : null,
    mgmt: mgmt !== null && within(mgmt) ? mgmt : null,
  };
}

function ratesShortfall(asked: ApAttributes, rates: ApRates): Shortfall {
  const holds = { ...asked, rates };
  const advice = "the radio does not have the other rates";
  return {
    attribute: apAttributeLabel("rates"),
    asked: formatApAttribute("rates", asked),
    holds: formatApAttribute("rates", holds),
    notEnforced: [],
    advice,
  };
}

function clampPower(vif: VifConfig, limit: number | undefined): Shortfall | null {
  const asked = vif.txPower;
  if (limit === undefined || asked <= limit) return null;
  vif.txPower = limit;
  return { attribute: "tx_power_dbm", asked: String(asked), holds: String(limit), notEnforced: [] };
}

const phyModes: readonly PhyMode[] = ["ht", "vht", "he", "eht"];

/**
 * What an access point does already, its radio can do, whatever the driver states. A generation that is missing cannot be
 * required of stations either.
 */
function clampMode(asked: ApMode, { capabilities }: PhyState, current: ApState | null): ApMode {
  const { modes } = capabilities;
  if (modes === undefined) return asked;
  const lacking = phyModes.filter((name) => asked[name] && !modes.includes(name) && !current?.mode[name]);
  if (lacking.length === 0) return asked;
  return {
    ...asked,
    ...Object.fromEntries(
      lacking.flatMap((name) => [
        [name, false],
        [`${name}Required`, false],
      ]),
    ),
  };
}

function otherMode(asked: ApMode, holds: ApMode): Shortfall | null {
  const missing = phyModes.filter((name) => asked[name] && !holds[name]);
  if (missing.length === 0) return null;
  const list = (mode: ApMode) => phyModes.filter((name) => mode[name]).join("+") || "none";
  return { attribute: "mode", asked: list(asked), holds: list(holds), notEnforced: missing };
}

/**
 * The widest part of the asked channel, around the same primary, that the radio and the mode can do; else of the channel
 * it is on. Which channels it may use is decided before (`dfs-chan-clip.ts`).
 */
function clampChannel(asked: Channel | null, mode: ApMode, phy: PhyState, current: ApState | null): Channel | null {
  if (asked === null) return null;
  const widest = phy.capabilities.modes === undefined ? Infinity : widestOf(mode);
  const possible = ({ width }: Channel) =>
    (phy.capabilities.widths?.includes(width) ?? true) && widthMhz(width) <= widest;
  const now = current?.channel ?? null;
  const candidates = narrowings(phy.punctureSupported ? asked : { ...asked, puncture: 0 });
  return candidates.find(possible) ?? (now && narrowings(now).find(possible)) ?? now ?? asked;
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
  return { attribute: "channel", asked: nameChannel(asked), holds: nameChannel(holds), notEnforced: [] };
}

function hex(mask: number): string {
  return `0x${mask.toString(16)}`;
}
