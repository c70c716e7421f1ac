/**
 * What has to change for the observed state to become the intended configuration: a pure function of both and of what
 * is under way. Each phy and each vif that differs is one change, with its differences for people and its part of the
 * request for the driver.
 *
 * Left alone: a vif that is down and should be; a vif that is just coming up; everything on a phy whose channel
 * availability check (CAC) runs, and whatever comes after a vif that is about to start one.
 */

import { intersects } from "@opensync-ts/target/channels";
import type { ConfigRequest, PhyRequest, VifRequest } from "@opensync-ts/target/driver";
import type { ApAttributes, DfsState, PhyState, StaNetwork, StaVifState, VifState } from "@opensync-ts/target/radio";
import {
  apAttributeLabel,
  apAttributeNames,
  formatApAttribute,
  formatNetworks,
  sameApAttribute,
} from "./ap-attributes.ts";
import type { ConfigTree, PhyConfig, VifConfig } from "./config-tree.ts";
import type { WirelessState } from "./contract.ts";
import { phyAttributeNames, phyAttributes } from "./phy-attributes.ts";
import { sameNetworks, staOperation } from "./sta-operation.ts";

/** What is under way and must not be disturbed. */
export interface DiffContext {
  /** Phys with a CAC in progress that has not timed out. */
  readonly cac: ReadonlySet<string>;
  /** Vifs (`objectName`) that were asked to come up less than the enable grace ago. */
  readonly comingUp: ReadonlySet<string>;
}

export interface Difference {
  /** As in the log: `ssid`. */
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
  /** The wanted value itself; may hold secrets. */
  readonly wanted: unknown;
}

type PhyPart = Omit<PhyRequest, "vifs">;
type StaRequest = NonNullable<VifRequest["sta"]>;

/** One phy or one vif that differs. */
export type ObjectChange = {
  /** `wifi0` or `wifi0/home-ap-24`. */
  readonly object: string;
  readonly phy: string;
  readonly differences: readonly Difference[];
} & (
  | { readonly vif: null; readonly request: PhyPart }
  | {
      readonly vif: string;
      readonly request: VifRequest;
      /** It will be up, and is not yet. */
      readonly bringsUp: boolean;
    }
);

export interface DiffResult {
  readonly changes: readonly ObjectChange[];
  /** Vifs that should be up and of which the driver does not say what they are. */
  readonly unverified: readonly string[];
  /** Vifs left to come up, differing or not. */
  readonly comingUp: readonly string[];
  /** `wifi1/home-ap-50: waits for the CAC of wifi1`. */
  readonly postponed: readonly string[];
}

type Findings = { -readonly [Key in keyof DiffResult]: DiffResult[Key][number][] };

export const nothingUnderWay: DiffContext = { cac: new Set(), comingUp: new Set() };

export function objectName(phy: string, vif: string | null): string {
  return vif === null ? phy : `${phy}/${vif}`;
}

export function diff(
  target: ConfigTree,
  state: Pick<WirelessState, "phys" | "vifs">,
  context: DiffContext = nothingUnderWay,
): DiffResult {
  const result: Findings = { changes: [], unverified: [], comingUp: [], postponed: [] };
  for (const phy of target.values()) {
    const phyState = state.phys.get(phy.name);
    if (!phyState) continue;
    const change = diffPhy(phy, phyState);
    if (change) result.changes.push(change);
    diffVifs(phy, phyState, state.vifs, context, result);
  }
  return result;
}

/** The changes as one request; phys without any are absent. */
export function requestOf(changes: readonly ObjectChange[]): ConfigRequest {
  const phys = new Map<string, { part: PhyPart; vifs: VifRequest[] }>();
  for (const change of changes) {
    const entry = phys.get(change.phy) ?? { part: { name: change.phy }, vifs: [] };
    phys.set(change.phy, entry);
    if (change.vif === null) entry.part = change.request;
    else entry.vifs.push(change.request);
  }
  return { phys: [...phys.values()].map(({ part, vifs }) => ({ ...part, vifs })) };
}

/** STA vifs follow the channel of the APs on their phy, hence last. */
function apsFirst(phy: PhyConfig): VifConfig[] {
  const rank = (vif: VifConfig) => (vif.type === "sta" ? 1 : 0);
  return [...phy.vifs.values()].sort((a, b) => rank(a) - rank(b));
}

/** Starting a BSS on a channel not checked yet starts a CAC; restarting one where it was completed may void that. */
function needsCac(vif: VifConfig, phy: PhyState, changes: boolean, awaited: boolean): boolean {
  const channel = vif.type === "ap" ? vif.ap.channel : null;
  if (channel === null) return false;
  const touches = (...dfs: readonly DfsState[]) => intersects(channel, phy.channelStates, ...dfs);
  return ((changes || awaited) && touches("cac_possible", "cac_in_progress")) || (changes && touches("cac_completed"));
}

function diffPhy(phy: PhyConfig, state: PhyState): ObjectChange | null {
  const differences: Difference[] = [];
  let request: PhyPart = { name: phy.name };
  for (const name of phyAttributeNames) {
    // The rest of a phy that is off, or going off, can wait until it is wanted again.
    if (!phy.enabled && name !== "enabled") continue;
    const { label, equal, format } = phyAttributes[name];
    if (equal(phy, state)) continue;
    request = { ...request, [name]: phy[name] };
    differences.push({ attribute: label, from: format(state), to: format(phy), wanted: phy[name] });
  }
  return differences.length === 0 ? null : { object: phy.name, phy: phy.name, vif: null, differences, request };
}

function diffVifs(
  phy: PhyConfig,
  phyState: PhyState,
  vifStates: WirelessState["vifs"],
  context: DiffContext,
  { changes, unverified, comingUp, postponed }: Findings,
): void {
  let cacPlanner: string | null = null;
  let apChannelChanges = false;
  for (const vif of apsFirst(phy)) {
    const vifState = vifStates.get(vif.name);
    if (!vifState) continue;
    const object = objectName(phy.name, vif.name);
    const wanted = phy.enabled && vif.enabled;
    const { status } = vifState;
    if (!wanted && (status === "disabled" || status === "unknown")) continue;
    const awaited = wanted && status !== "enabled";
    const change = diffVif(vif, vifState, wanted, phyState, apChannelChanges);
    if (context.cac.has(phy.name) || cacPlanner !== null) {
      const reason = cacPlanner === null ? `the CAC of ${phy.name}` : `${cacPlanner}, which has a CAC to do first`;
      if (change || awaited) postponed.push(`${object}: waits for ${reason}`);
      continue;
    }
    if (wanted && needsCac(vif, phyState, change !== null, awaited)) cacPlanner = vif.name;
    if (awaited && context.comingUp.has(object)) {
      comingUp.push(object);
      continue;
    }
    if (awaited && status === "unknown") unverified.push(`${object}: status`);
    if (!change) continue;
    changes.push(change);
    apChannelChanges ||= change.differences.some(({ attribute }) => attribute === "channel");
  }
}

function diffVif(
  vif: VifConfig,
  state: VifState,
  enabled: boolean,
  phy: PhyState,
  apChannelChanges: boolean,
): ObjectChange | null {
  const differences: Difference[] = [];
  let request: VifRequest = { name: vif.name };
  const { status } = state;
  // What an unknown status is cannot be changed; a broken one is set right whatever is wanted.
  if (status === "broken" || (status !== "unknown" && (status === "enabled") !== enabled)) {
    const from = status === "broken" ? status : String(status === "enabled");
    differences.push({ attribute: "enabled", from, to: String(enabled), wanted: enabled });
    request = { ...request, enabled };
  }
  // The rest of a vif that goes down can wait until it is wanted again.
  if (enabled) {
    if (vif.txPower !== state.txPower && vif.type !== "ap_vlan") {
      const [from, to] = [String(state.txPower), String(vif.txPower)];
      differences.push({ attribute: "tx_power_dbm", from, to, wanted: vif.txPower });
      request = { ...request, txPower: vif.txPower };
    }
    if (vif.type === "ap" && state.type === "ap") {
      const ap = diffAp(vif.ap, state.ap, differences);
      if (ap) request = { ...request, ap: ap.channel ? { ...ap, csaRequired: csaRequired(ap, state, phy) } : ap };
    }
    if (vif.type === "sta" && state.type === "sta") {
      const sta = diffSta(vif.networks, state.sta, apChannelChanges, differences);
      if (sta) request = { ...request, sta };
    }
  }
  if (differences.length === 0) return null;
  const { name, phy: phyName } = vif;
  const bringsUp = enabled && status !== "enabled";
  return { object: objectName(phyName, name), phy: phyName, vif: name, differences, request, bringsUp };
}

function diffAp(wanted: ApAttributes, actual: ApAttributes, differences: Difference[]): Partial<ApAttributes> | null {
  let changed: Partial<ApAttributes> = {};
  for (const name of apAttributeNames) {
    if (sameApAttribute(name, wanted, actual)) continue;
    changed = { ...changed, [name]: wanted[name] };
    differences.push({
      attribute: apAttributeLabel(name),
      from: formatApAttribute(name, actual),
      to: formatApAttribute(name, wanted),
      wanted: wanted[name],
    });
  }
  return Object.keys(changed).length === 0 ? null : changed;
}

function diffSta(
  wanted: readonly StaNetwork[],
  actual: StaVifState,
  apChannelChanges: boolean,
  differences: Difference[],
): StaRequest | null {
  const networksDiffer = !sameNetworks(wanted, actual.networks);
  if (networksDiffer) {
    const [from, to] = [formatNetworks(actual.networks), formatNetworks(wanted)];
    differences.push({ attribute: "networks", from, to, wanted });
  }
  const operation = staOperation(wanted, actual, apChannelChanges);
  if (operation !== null) {
    differences.push({ attribute: "operation", from: actual.link.status, to: operation, wanted: operation });
  }
  if (!networksDiffer && operation === null) return null;
  return { operation, ...(networksDiffer && { networks: wanted }) };
}

/** A running BSS can announce its move, unless it restarts anyway or must be silent where it is. */
function csaRequired(ap: Partial<ApAttributes>, state: VifState, phy: PhyState): boolean {
  if (state.type !== "ap" || state.status !== "enabled") return false;
  if (ap.mode !== undefined || ap.rates !== undefined) return false;
  const current = state.ap.channel;
  return current !== null && !intersects(current, phy.channelStates, "cac_in_progress", "cac_possible");
}
