/** What the rows of `Netfilter` come to: the rules to hold, in order, and what is wrong with rows that give none. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { FirewallFamily, FirewallRule } from "@opensync-ts/target/firewall";
import { nfmLimits } from "./limits.ts";
import { expandRule, type Tags } from "./tags.ts";

export interface RuleSet {
  readonly rules: readonly FirewallRule[];
  /** By the row's name. */
  readonly problems: ReadonlyMap<string, string>;
}

const families: readonly FirewallFamily[] = ["eth", "ipv4", "ipv6"];
/** What a chain cannot be called, by family: targets are. */
const reserved = ["ACCEPT", "DROP", "RETURN", "REJECT", "QUEUE"];

/** Ordered by family, table and chain, then by ascending `priority`, target and text. */
export function ruleSet(rows: Iterable<Row<"Netfilter">>, tags: Tags): RuleSet {
  const problems = new Map<string, string>();
  const rules: FirewallRule[] = [];
  for (const row of [...rows].filter(({ enable }) => enable).sort(inOrder)) {
    try {
      const found = rulesOf(row, tags);
      if (rules.length + found.length > nfmLimits.rules) {
        throw new RangeError(
          `there are more than ${nfmLimits.rules} rules already; this one and those after it are left out`,
        );
      }
      rules.push(...found);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.set(row.name, error.message);
    }
  }
  return { rules, problems };
}

function rulesOf({ name, protocol, table, chain, rule, target }: Row<"Netfilter">, tags: Tags): FirewallRule[] {
  const family = families.find((each) => each === protocol);
  if (!family) throw new RangeError("its protocol is not set; use eth, ipv4 or ipv6");
  if (table === "") throw new RangeError("its table is not set; use filter, nat, mangle …");
  if (/\s/.test(chain) || reserved.includes(chain) || (family === "eth" && chain === "CONTINUE")) {
    throw new RangeError(`'${chain}' cannot be the name of a chain`);
  }
  return expandRule(rule, tags).map((match) => ({ row: name, family, table, chain, match, target }));
}

function inOrder(a: Row<"Netfilter">, b: Row<"Netfilter">): number {
  return (
    families.indexOf(a.protocol as FirewallFamily) - families.indexOf(b.protocol as FirewallFamily) ||
    compare(a.table, b.table) ||
    compare(a.chain, b.chain) ||
    a.priority - b.priority ||
    compare(a.target, b.target) ||
    compare(a.rule, b.rule)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
