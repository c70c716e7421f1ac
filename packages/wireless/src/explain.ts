/** Why confsync is where it is, attribute by attribute, from what it finds: pure, and without secrets. */

import type { ConfigTree } from "./config-tree.ts";
import type {
  AttributeExplanation,
  ConfsyncExplanation,
  ConfsyncState,
  Limitation,
  ObjectExplanation,
} from "./contract.ts";
import { type Difference, type Differing, type DiffResult, objectName } from "./diff.ts";
import type { Unreported } from "./state.ts";

export interface ConfsyncFindings {
  readonly state: ConfsyncState;
  readonly settled: boolean;
  readonly tree: ConfigTree;
  readonly result: DiffResult;
  readonly limitations: readonly Limitation[];
  /** Since the driver was asked for exactly this; null: it was not, lately. */
  askedSecondsAgo(object: string, difference: Difference): number | null;
  /** How often the driver was asked for exactly this and reported otherwise. */
  refusals(object: string, difference: Difference): number;
}

/** `unreported`: of which nothing is known, so that there is nothing to compare: a radio that is silent from the start. */
export function explain(findings: ConfsyncFindings, unreported: readonly Unreported[]): ConfsyncExplanation {
  const { state, settled, tree } = findings;
  const byObject = new Map<string, AttributeExplanation[]>();
  for (const [object, attribute] of explained(findings)) {
    const attributes = byObject.get(object) ?? [];
    byObject.set(object, attributes);
    // The same attribute may be limited and differ from the limit still: what is under way comes first.
    if (!attributes.some((known) => known.attribute === attribute.attribute)) attributes.push(attribute);
  }
  const objects: ObjectExplanation[] = [];
  for (const phy of tree.values()) {
    objects.push({ object: phy.name, attributes: byObject.get(phy.name) ?? [] });
    for (const vif of phy.vifs.values()) {
      const object = objectName(phy.name, vif.name);
      objects.push({ object, attributes: byObject.get(object) ?? [] });
    }
  }
  for (const { object, askedSecondsAgo } of unreported) {
    const why = `the driver was asked ${askedSecondsAgo} s ago, and has never reported it: nothing is configured on it`;
    const attributes = [{ attribute: "state", intended: "reported", actual: "none", status: "asked", why } as const];
    objects.push({ object, attributes });
  }
  return { state, settled, objects };
}

type Explained = readonly [object: string, AttributeExplanation];

function* explained(findings: ConfsyncFindings): Generator<Explained> {
  const { result, limitations } = findings;
  const { changes, unverified, comingUp, postponed, withheld } = result;
  yield* each(changes, "asked", ({ object }, difference) => askedWhy(findings, object, difference));
  yield* each(unverified, "asked", () => "the driver does not say whether it is up");
  for (const one of comingUp) {
    const enabled = { attribute: "enabled", intended: "true", actual: "false" };
    yield [one.object, { ...enabled, status: "asked", why: "it was asked to come up a moment ago" }];
    yield* each([one], "postponed", () => "waits until it has come up");
  }
  for (const one of postponed) yield* each([one], "postponed", () => one.reason);
  yield* each(withheld, "quarantined", ({ object }, difference) => {
    const times = findings.refusals(object, difference);
    return `the driver was asked ${times} times and does not do it; it is asked again ever more rarely`;
  });
  for (const { phy, vif, attribute, asked, holds, notEnforced, advice } of limitations) {
    const object = objectName(phy, vif);
    const missing = notEnforced.length === 0 ? "" : `, ${notEnforced.length} not enforced`;
    const why = advice ?? `the driver holds less than was asked for${missing}`;
    if (withheldHas(withheld, object, attribute)) continue;
    yield [object, { attribute, intended: asked, actual: holds, status: "limited", why }];
  }
}

function* each(
  list: readonly Differing[],
  status: AttributeExplanation["status"],
  why: (differing: Differing, difference: Difference) => string,
): Generator<Explained> {
  for (const differing of list) {
    for (const difference of differing.differences) {
      const { attribute, from, to } = difference;
      yield [differing.object, { attribute, intended: to, actual: from, status, why: why(differing, difference) }];
    }
  }
}

function askedWhy(findings: ConfsyncFindings, object: string, difference: Difference): string {
  const seconds = findings.askedSecondsAgo(object, difference);
  if (seconds === null) return "the driver is about to be asked";
  const refusals = findings.refusals(object, difference);
  const before = refusals === 0 ? "" : `, and ${refusals === 1 ? "once" : `${refusals} times`} in vain before`;
  return `the driver was asked ${seconds} s ago${before}, and does not report it yet`;
}

function withheldHas(withheld: readonly Differing[], object: string, attribute: string): boolean {
  return withheld.some(
    (one) => one.object === object && one.differences.some((known) => known.attribute === attribute),
  );
}
