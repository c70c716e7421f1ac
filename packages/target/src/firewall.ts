/** The packet filter of a device, as NFM states it: iptables, ip6tables and ebtables in one. */

export type FirewallFamily = "eth" | "ipv4" | "ipv6";

export interface FirewallRule {
  /** The row that it comes from; several rules may have one. */
  readonly row: string;
  readonly family: FirewallFamily;
  readonly table: string;
  readonly chain: string;
  /** Matches, in the tools' own words: `-s 02:00:00:00:01:02 -o home-ap-+`. */
  readonly match: string;
  readonly target: string;
}

export interface Firewall {
  /**
   * From now on these hold, in this order, and none of those stated before. Returns what it cannot do, by row: no rule of such a
   * row holds, those of all others do.
   */
  setRules(rules: readonly FirewallRule[]): ReadonlyMap<string, string>;
}
