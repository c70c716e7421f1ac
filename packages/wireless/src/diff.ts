/**
 * What has to change for the observed state to become the intended configuration: a pure function of both and of what
 * is under way. Each phy and each vif that differs is one change, with its differences for people and its part of the
 * request for the driver.
 *
 * Left alone: a vif that is down and should be; a vif that is just coming up; everything on a phy whose channel
 * availability check (CAC) runs or whose MBSS roles are moving, and whatever comes after a vif that is about to start a
 * CAC; neighbours while any CAC runs; what a driver has shown that it does not do.
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
import { type Link, Tandem } from "./mld-tandem.ts";
import { phyAttributeNames, phyAttributes } from "./phy-attributes.ts";
import { type StaOperation, sameNetworks, staOperation } from "./sta-operation.ts";

/** What is under way and must not be disturbed. */
export interface DiffContext {
  /** Phys with a CAC in progress that has not timed out. */
  readonly cac: ReadonlySet<string>;
  /** Phys whose driver refuses something: there, vifs do not wait for one with a CAC to do, which may never do it. */
  readonly refusing: ReadonlySet<string>;
  /** Phys where an access point was asked for another MBSS role a moment ago. */
  readonly mbss: ReadonlySet<string>;
  /** Vifs (`objectName`) that were asked to come up less than the enable grace ago. */
  readonly comingUp: ReadonlySet<string>;
  /** Whether this difference is not to be asked for, as the driver does not do it. */
  withholds(object: string, difference: Difference): boolean;
}

export interface Difference {
  /** As in the log: `ssid`. */
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
  /** The values themselves; they may hold secrets. */
  readonly wanted: unknown;
  readonly actual: unknown;
  /** What it is for, where `wanted` is but a step on the way. */
  readonly intent?: unknown;
}

type PhyPart = Omit<PhyRequest, "vifs">;
type StaRequest = NonNullable<VifRequest["sta"]>;

/** One phy or one vif that is not as intended, and in what. */
export interface Differing {
  /** `wifi0` or `wifi0/home-ap-24`. */
  readonly object: string;
  readonly phy: string;
  readonly vif: string | null;
  readonly differences: readonly Difference[];
}

/** What to ask of one phy or one vif. */
export type ObjectChange = Differing &
  (
    | { readonly vif: null; readonly request: PhyPart }
    | {
        readonly vif: string;
        readonly request: VifRequest;
        /** It is asked to be up, and is not yet. */
        readonly bringsUp: boolean;
      }
  );

/** Something that is not asked for now, though it may differ. */
export interface HeldBack extends Differing {
  /** `waits for the CAC of wifi1`. */
  readonly reason: string;
  /** Of the whole object for seconds or for as long as a CAC takes, or only of what is listed. */
  readonly hold: "briefly" | "for long" | "in part";
}

export interface DiffResult {
  readonly changes: readonly ObjectChange[];
  /** Vifs that should be up and of which the driver does not say what they are. */
  readonly unverified: readonly Differing[];
  /** Vifs left to come up, differing or not. */
  readonly comingUp: readonly HeldBack[];
  readonly postponed: readonly HeldBack[];
  /** What the driver does not do. */
  readonly withheld: readonly Differing[];
}

type Findings = { -readonly [Key in keyof DiffResult]: DiffResult[Key][number][] };

export const nothingUnderWay: DiffContext = {
  cac: new Set(),
  refusing: new Set(),
  mbss: new Set(),
  comingUp: new Set(),
  withholds: () => false,
};

export const nothingFound: DiffResult = { changes: [], unverified: [], comingUp: [], postponed: [], withheld: [] };

export function objectName(phy: string, vif: string | null): string {
  return vif === null ? phy : `${phy}/${vif}`;
}

export function diff(
  target: ConfigTree,
  state: Pick<WirelessState, "phys" | "vifs">,
  context: DiffContext = nothingUnderWay,
): DiffResult {
  const result: Findings = { changes: [], unverified: [], comingUp: [], postponed: [], withheld: [] };
  const pass: Pass = { context, result, tandem: new Tandem() };
  for (const phy of target.values()) {
    const phyState = state.phys.get(phy.name);
    if (!phyState) continue;
    const change = diffPhy(phy, phyState, pass);
    if (change) result.changes.push(change);
    diffVifs(phy, phyState, state.vifs, pass);
  }
  for (const { link, operation } of pass.tandem.disagreements()) {
    const change = link.withOperation(operation);
    const index = result.changes.findIndex(({ object }) => object === link.object);
    result.changes.splice(index < 0 ? result.changes.length : index, index < 0 ? 0 : 1, ...(change ? [change] : []));
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

/** What one look at everything shares. */
interface Pass {
  readonly context: DiffContext;
  readonly result: Findings;
  readonly tandem: Tandem<ObjectChange>;
}

/** Sorts the differences of one object into those to ask for and those to withhold. */
class Asked {
  readonly differences: Difference[] = [];
  readonly withheld: Difference[] = [];
  readonly #object: string;
  readonly #context: DiffContext;

  constructor(object: string, context: DiffContext) {
    this.#object = object;
    this.#context = context;
  }

  /** Whether it is to be asked for. */
  add(difference: Difference): boolean {
    const withheld = this.#context.withholds(this.#object, difference);
    (withheld ? this.withheld : this.differences).push(difference);
    return !withheld;
  }
}

/** STA vifs follow the channel of the APs on their phy, hence last. */
function apsFirst(phy: PhyConfig): readonly VifConfig[] {
  const vifs = [...phy.vifs.values()];
  return [...vifs.filter(({ type }) => type !== "sta"), ...vifs.filter(({ type }) => type === "sta")];
}

/** Starting a BSS on a channel not checked yet starts a CAC; restarting one where it was completed may void that. */
function needsCac(vif: VifConfig, phy: PhyState, changes: boolean, awaited: boolean): boolean {
  const channel = vif.type === "ap" ? vif.ap.channel : null;
  if (channel === null || !(changes || awaited)) return false;
  const touches = (...dfs: readonly DfsState[]) => intersects(channel, phy.channelStates, ...dfs);
  return touches("cac_possible", "cac_in_progress") || (changes && touches("cac_completed"));
}

function diffPhy(phy: PhyConfig, state: PhyState, { context, result }: Pass): ObjectChange | null {
  const asked = new Asked(phy.name, context);
  let request: PhyPart = { name: phy.name };
  for (const name of phyAttributeNames) {
    // The rest of a phy that is off, or going off, can wait until it is wanted again.
    if (!phy.enabled && name !== "enabled") continue;
    const { label, equal, format } = phyAttributes[name];
    if (phy[name] === state[name] || equal(phy, state)) continue;
    const [wanted, actual] = [phy[name], state[name]];
    if (asked.add({ attribute: label, from: format(state), to: format(phy), wanted, actual }))
      request = { ...request, [name]: wanted };
  }
  const { differences, withheld } = asked;
  const common = { object: phy.name, phy: phy.name, vif: null } as const;
  if (withheld.length > 0) result.withheld.push({ ...common, differences: withheld });
  return differences.length === 0 ? null : { ...common, differences, request };
}

function diffVifs(phy: PhyConfig, phyState: PhyState, vifStates: WirelessState["vifs"], pass: Pass): void {
  const { context, result, tandem } = pass;
  let cacPlanner: string | null = null;
  let apChannelChanges = false;
  for (const vif of apsFirst(phy)) {
    const vifState = vifStates.get(vif.name);
    if (!vifState) continue;
    const object = objectName(phy.name, vif.name);
    const wanted = phy.enabled && vif.enabled;
    const { status } = vifState;
    if (!wanted && (status === "disabled" || status === "unknown")) continue;
    const look = (operation?: StaOperation | null) =>
      diffVif({ object, vif, state: vifState, enabled: wanted, phy: phyState, apChannelChanges, operation, context });
    const { change, withheld, delayed } = look();
    const gaveUp = withheld.some(({ attribute }) => attribute === "enabled" || attribute === "status");
    const awaited = wanted && status !== "enabled" && !gaveUp;
    const held = { object, phy: phy.name, vif: vif.name, differences: change?.differences ?? [] };
    if (withheld.length > 0) result.withheld.push({ ...held, differences: withheld });
    const obstacle = obstacleOf(phy.name, cacPlanner, context);
    if (obstacle !== null) {
      if (change || awaited) result.postponed.push({ ...held, ...obstacle });
      continue;
    }
    if (wanted && !context.refusing.has(phy.name) && needsCac(vif, phyState, change !== null, awaited))
      cacPlanner = vif.name;
    if (awaited && context.comingUp.has(object)) {
      result.comingUp.push({ ...held, reason: "is coming up", hold: "briefly" });
      continue;
    }
    if (awaited && status === "unknown") result.unverified.push({ ...held, differences: [unknownStatus] });
    if (delayed) {
      const reason = `waits for the CAC of ${[...context.cac].join(", ")}`;
      result.postponed.push({ ...held, differences: [delayed], reason, hold: "in part" });
    }
    if (vifState.type === "sta" && wanted) {
      const { mld } = vifState.sta;
      const operation = change?.vif ? (change.request.sta?.operation ?? null) : null;
      const link: Link<ObjectChange> = { object, operation, withOperation: (merged) => look(merged).change };
      if (mld) tandem.add(mld.addr, link);
    }
    if (!change) continue;
    result.changes.push(change);
    apChannelChanges ||= change.differences.some(({ attribute }) => attribute === "channel");
  }
}

/** Why no vif of the phy is to be touched now; null: they may be. */
function obstacleOf(
  phy: string,
  cacPlanner: string | null,
  { cac, mbss }: DiffContext,
): Pick<HeldBack, "reason" | "hold"> | null {
  if (cacPlanner !== null) return { reason: `waits for ${cacPlanner}, which has a CAC to do first`, hold: "for long" };
  if (cac.has(phy)) return { reason: `waits for the CAC of ${phy}`, hold: "for long" };
  return mbss.has(phy) ? { reason: `waits for the MBSS roles of ${phy}`, hold: "briefly" } : null;
}

/** What is asked of a vif whose driver does not say whether it is up. */
const unknownStatus: Difference = {
  attribute: "status",
  from: "unknown",
  to: "enabled",
  wanted: "enabled",
  actual: "unknown",
};

interface VifInQuestion {
  readonly object: string;
  readonly vif: VifConfig;
  readonly state: VifState;
  readonly enabled: boolean;
  readonly phy: PhyState;
  readonly apChannelChanges: boolean;
  /** Instead of what a STA vif would do by itself. */
  readonly operation: StaOperation | null | undefined;
  readonly context: DiffContext;
}

interface VifFindings {
  readonly change: ObjectChange | null;
  readonly withheld: readonly Difference[];
  /** Differs, and is not touched while a CAC runs anywhere. */
  readonly delayed: Difference | null;
}

function diffVif(question: VifInQuestion): VifFindings {
  const { object, vif, state, enabled, phy, context } = question;
  const asked = new Asked(object, context);
  let delayed: Difference | null = null;
  let request: VifRequest = { name: vif.name };
  const { status } = state;
  // What an unknown status is cannot be changed; a broken one is set right whatever is wanted.
  if (status === "broken" || (status !== "unknown" && (status === "enabled") !== enabled)) {
    const from = status === "broken" ? status : String(status === "enabled");
    const difference = { attribute: "enabled", from, to: String(enabled), wanted: enabled, actual: status };
    if (asked.add(difference)) request = { ...request, enabled };
  }
  if (enabled && status === "unknown" && context.withholds(object, unknownStatus)) asked.withheld.push(unknownStatus);
  // The rest of a vif that goes down can wait until it is wanted again.
  if (enabled) {
    if (vif.txPower !== state.txPower && vif.type !== "ap_vlan") {
      const [wanted, actual] = [vif.txPower, state.txPower];
      const difference = { attribute: "tx_power_dbm", from: String(actual), to: String(wanted), wanted, actual };
      if (asked.add(difference)) request = { ...request, txPower: wanted };
    }
    if (vif.type === "ap" && state.type === "ap" && vif.ap !== state.ap) {
      const found = diffAp(vif.ap, state.ap, asked, context.cac.size > 0);
      const { ap } = found;
      delayed = found.delayed;
      if (ap) request = { ...request, ap: ap.channel ? { ...ap, csaRequired: csaRequired(ap, state, phy) } : ap };
    }
    if (vif.type === "sta" && state.type === "sta") {
      const sta = diffSta(vif.networks, state.sta, question, asked);
      if (sta) request = { ...request, sta };
    }
  }
  const { differences, withheld } = asked;
  if (differences.length === 0) return { change: null, withheld, delayed };
  const bringsUp = enabled && status !== "enabled" && (request.enabled === true || status === "unknown");
  const change = { object, phy: vif.phy, vif: vif.name, differences, request, bringsUp };
  return { change, withheld, delayed };
}

/** Telling stations of neighbours while one of them checks its channel would send them nowhere (`holdNeighbors`). */
function diffAp(
  wanted: ApAttributes,
  actual: ApAttributes,
  asked: Asked,
  holdNeighbors: boolean,
): { readonly ap: Partial<ApAttributes> | null; readonly delayed: Difference | null } {
  let ap: Partial<ApAttributes> | null = null as Partial<ApAttributes> | null;
  let delayed: Difference | null = null;
  for (const name of apAttributeNames) {
    if (wanted[name] === actual[name] || sameApAttribute(name, wanted, actual)) continue;
    const difference = {
      attribute: apAttributeLabel(name),
      from: formatApAttribute(name, actual),
      to: formatApAttribute(name, wanted),
      wanted: wanted[name],
      actual: actual[name],
    };
    if (name === "neighbors" && holdNeighbors) delayed = difference;
    else if (asked.add(difference)) ap = { ...ap, [name]: wanted[name] };
  }
  return { ap, delayed };
}

function diffSta(
  wanted: readonly StaNetwork[],
  state: StaVifState,
  { apChannelChanges, operation: forced }: VifInQuestion,
  asked: Asked,
): StaRequest | null {
  const { networks: actual, link } = state;
  let networks = false;
  if (!sameNetworks(wanted, actual)) {
    const [from, to] = [formatNetworks(actual), formatNetworks(wanted)];
    networks = asked.add({ attribute: "networks", from, to, wanted, actual });
  }
  const step = forced === undefined ? staOperation(wanted, state, apChannelChanges) : forced;
  let operation: StaOperation | null = null;
  if (step !== null) {
    const difference = { attribute: "operation", from: link.status, to: step, wanted: step, actual: link.status };
    // Connecting and disconnecting are steps to the same end.
    if (asked.add({ ...difference, intent: wanted })) operation = step;
  }
  if (!networks && operation === null) return null;
  return { operation, ...(networks && { networks: wanted }) };
}

/** A running BSS can announce its move, unless it restarts anyway or must be silent where it is. */
function csaRequired(ap: Partial<ApAttributes>, state: VifState, phy: PhyState): boolean {
  if (state.type !== "ap" || state.status !== "enabled") return false;
  if (ap.mode !== undefined || ap.rates !== undefined) return false;
  const current = state.ap.channel;
  return current !== null && !intersects(current, phy.channelStates, "cac_in_progress", "cac_possible");
}
