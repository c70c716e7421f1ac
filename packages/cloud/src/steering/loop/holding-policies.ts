/** Which policies of a home hold for one client now, and where the home says so. Pure. */

import type { Home } from "../../home.ts";
import { type Action, type Policy, policyFor, type Subject } from "../../model/policies.ts";
import { holdingAt } from "../../model/schedule.ts";

export interface HoldingPolicy {
  readonly id: string;
  readonly label: string | null;
  /** Whom it is for: the device alone, a network, an access zone, or everybody. */
  readonly scope: { readonly kind: Policy["scope"]["kind"]; readonly name: string | null };
  readonly action: Action;
  /** ms since 1970; null: until it is changed. */
  readonly until: number | null;
  /** `policies[3]`. */
  readonly stated: string;
}

const kinds = ["freeze", "internet-only", "band", "profile", "unsteered"] as const;

/** `home`: the document. Of each kind the one that decides. */
export function holdingPolicies(home: Home, subject: Subject, now: number): readonly HoldingPolicy[] {
  const all = home.policies ?? [];
  const inForce = all.filter(({ enabled, schedule }) => enabled && holdingAt(schedule, now).holds);
  return kinds.flatMap((kind) => {
    const policy = policyFor(inForce, kind, subject);
    if (!policy) return [];
    const { id, label = null, scope, schedule, action } = policy;
    const until = holdingAt(schedule, now).until;
    return [{ id, label, scope: scopeOf(scope), action, until, stated: `policies[${all.indexOf(policy)}]` }];
  });
}

function scopeOf(scope: Policy["scope"]): HoldingPolicy["scope"] {
  switch (scope.kind) {
    case "everybody":
      return { kind: scope.kind, name: null };
    case "zone":
      return { kind: scope.kind, name: scope.zone };
    case "network":
      return { kind: scope.kind, name: scope.ssid };
    case "device":
      return { kind: scope.kind, name: scope.mac };
  }
}
