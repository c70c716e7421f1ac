/** Small edits of a document: what is said of one device. Pure; the result is checked as any document is. */

import type { Mac } from "@opensync-ts/base/units";
import type { Home } from "../../home.ts";
import { instantMs } from "../../model/instant.ts";
import type { Action, Policy } from "../../model/policies.ts";

export interface DeviceEdit {
  /** Null takes it away, undefined leaves it. */
  readonly nickname?: string | null | undefined;
  readonly profile?: string | null | undefined;
  readonly shared?: boolean | undefined;
}

/** A device of which nothing is said any more is not in the document. */
export function editDevice(home: Home, mac: string, edit: DeviceEdit): unknown {
  const { devices = [], ...rest } = home;
  const known = devices.find((device) => device.mac === mac);
  const pick = (next: string | null | undefined, before: string | undefined) => (next === undefined ? before : next);
  const nickname = pick(edit.nickname, known?.nickname);
  const profile = pick(edit.profile, known?.profile);
  const shared = edit.shared ?? known?.shared ?? false;
  const said = { ...(nickname ? { nickname } : {}), ...(profile ? { profile } : {}), shared };
  const isSaid = Object.keys(said).length > 1 || shared;
  const device = { mac, ...said };
  const others = devices.filter((entry) => entry !== known);
  if (!isSaid) return home.devices === undefined ? home : { ...rest, devices: others };
  return { ...rest, devices: known ? devices.map((entry) => (entry === known ? device : entry)) : [...others, device] };
}

export type OwnPolicy = "freeze" | "band";

/** The policy that the API keeps for a device: one of a kind. It comes first, so that it decides before others as close. */
export function setOwnPolicy(
  home: Home,
  kind: OwnPolicy,
  mac: string,
  { action, until }: { readonly action: Action; readonly until: string | null },
  now: number,
): unknown {
  const schedule = until === null ? { kind: "always" } : { kind: "until", instant: until };
  const policy = { id: ownId(kind, mac), scope: { kind: "device", mac }, schedule, action };
  return { ...home, policies: [policy, ...remaining(home, kind, mac, now)] };
}

export function removeOwnPolicy(home: Home, kind: OwnPolicy, mac: string, now: number): unknown {
  if (!home.policies?.some(({ id }) => id === ownId(kind, mac))) return home;
  return { ...home, policies: remaining(home, kind, mac, now) };
}

/** Until when (null: for good) the device alone is under such a policy, not counting those of certain hours. */
export function heldUntil(
  home: Home,
  kind: OwnPolicy,
  mac: Mac,
  now: number,
): { action: Action; until: string | null } | null {
  for (const { enabled, scope, schedule, action } of home.policies ?? []) {
    if (!enabled || action.kind !== kind || scope.kind !== "device" || scope.mac !== mac) continue;
    if (schedule.kind === "always") return { action, until: null };
    if (schedule.kind === "until" && instantMs(schedule.instant) > now) return { action, until: schedule.instant };
  }
  return null;
}

/** Without the one to be replaced, and without those of ours that are over. */
function remaining({ policies = [] }: Home, kind: OwnPolicy, mac: string, now: number): readonly Policy[] {
  return policies.filter(({ id, schedule }) => {
    const isOver = schedule.kind === "until" && instantMs(schedule.instant) <= now;
    return id !== ownId(kind, mac) && !(isOver && /^(freeze|band)-[0-9a-f]{12}$/.test(id));
  });
}

function ownId(kind: OwnPolicy, mac: string): string {
  return `${kind}-${mac.replaceAll(":", "")}`;
}
