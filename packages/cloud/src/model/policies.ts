/** Policies: for whom, when, what. One form for all of them. */

import type { Mac } from "@opensync-ts/base/units";
import { z } from "zod";
import { mac, ssid } from "../wifi-fields.ts";
import { profileName } from "./devices.ts";
import { schedule } from "./schedule.ts";
import { type Zone, zone } from "./zones.ts";

export const scope = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("everybody") }),
    z.strictObject({ kind: z.literal("zone"), zone }),
    z.strictObject({ kind: z.literal("device"), mac }),
    z.strictObject({ kind: z.literal("network"), ssid }),
  ],
  { error: "has no 'kind' that is known; use everybody, zone, device or network" },
);

export const action = z.discriminatedUnion(
  "kind",
  [
    /** No Internet. */
    z.strictObject({ kind: z.literal("freeze") }),
    /** As if by a key of that zone. */
    z.strictObject({ kind: z.literal("internet-only") }),
    /** `only`: of those that a client knows, the band it is held to. */
    z.strictObject({ kind: z.literal("band"), prefer: z.enum(["2.4G", "5G", "6G"]), only: z.boolean().default(false) }),
    z.strictObject({ kind: z.literal("profile"), profile: profileName }),
    /** Neither its nodes nor the cloud move it. */
    z.strictObject({ kind: z.literal("unsteered") }),
  ],
  { error: "has no 'kind' that is known; use freeze, internet-only, band, profile or unsteered" },
);

export const policy = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "is not an id; use up to 63 letters, digits, '.', '_' and '-'"),
  /** For people. */
  label: z.string().min(1).max(64).optional(),
  enabled: z.boolean().default(true),
  scope,
  schedule: schedule.default({ kind: "always" }),
  action,
});

export type Policy = z.output<typeof policy>;
export type Scope = Policy["scope"];
export type Action = Policy["action"];

/** Who a client is, as far as scopes ask. */
export interface Subject {
  readonly mac: Mac;
  readonly ssid: string | null;
  readonly zone: Zone | null;
}

export function covers(scope: Scope, { mac, ssid, zone }: Subject): boolean {
  switch (scope.kind) {
    case "everybody":
      return true;
    case "zone":
      return scope.zone === zone;
    case "network":
      return scope.ssid === ssid;
    case "device":
      return scope.mac === mac;
  }
}

const closeness: Readonly<Record<Scope["kind"], number>> = { everybody: 0, network: 1, zone: 2, device: 3 };

/**
 * Of policies in force, the one that decides on `kind` for a client: the one closest to it (device, zone, network,
 * everybody), of equals the first.
 */
export function policyFor<K extends Action["kind"]>(
  policies: readonly Policy[],
  kind: K,
  subject: Subject,
): (Policy & { readonly action: Extract<Action, { kind: K }> }) | undefined {
  return policies
    .filter((entry): entry is Policy & { readonly action: Extract<Action, { kind: K }> } => entry.action.kind === kind)
    .filter((entry) => covers(entry.scope, subject))
    .sort((a, b) => closeness[b.scope.kind] - closeness[a.scope.kind])[0];
}

interface Parts {
  readonly networks: readonly { readonly ssid: string }[];
  readonly policies?: readonly Policy[] | undefined;
}

/** That scopes name networks there are. */
export function checkScopes({ networks, policies = [] }: Parts, context: z.core.$RefinementCtx): void {
  policies.forEach(({ scope }, index) => {
    if (scope.kind !== "network" || networks.some(({ ssid }) => ssid === scope.ssid)) return;
    const message = `is that of no network; known: ${networks.map(({ ssid }) => `'${ssid}'`).join(", ")}`;
    context.addIssue({ code: "custom", path: ["policies", index, "scope", "ssid"], message });
  });
}
