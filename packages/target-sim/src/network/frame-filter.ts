/**
 * The packet filter of a simulated device: ebtables' FORWARD chain, for frames that a bridge passes on from one of its ports to another.
 * At layer 3 it takes what the simulation does anyway: answers to what went out may come in.
 */

import { type Mac, mac, parseMac } from "@opensync-ts/base/units";
import type { FirewallRule } from "@opensync-ts/target/firewall";

/** As a bridge sees it. `destination` null: a broadcast. */
export interface Frame {
  readonly source: Mac;
  readonly destination: Mac | null;
  readonly type: "ARP" | "IPv4";
}

type Match = (frame: Frame, input: string, output: string) => boolean;

export class FrameFilter {
  #rules: readonly { readonly matches: readonly Match[]; readonly accept: boolean }[] = [];

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Returns what it cannot do, by row. */
  set(rules: readonly FirewallRule[]): ReadonlyMap<string, string> {
    const problems = new Map<string, string>();
    const parsed = rules.map((rule) => {
      const found = parseRule(rule);
      if (typeof found === "string") problems.set(rule.row, found);
      return { row: rule.row, found };
    });
    this.#rules = parsed.flatMap(({ row, found }) =>
      problems.has(row) || typeof found === "string" || found === null ? [] : [found],
    );
    return problems;
  }

  /** The first rule that fits decides; without one it passes. */
  passes(frame: Frame, input: string, output: string): boolean {
    const rule = this.#rules.find(({ matches }) => matches.every((match) => match(frame, input, output)));
    return rule?.accept ?? true;
  }
}

/** A string: why it cannot be. null: nothing to do for it. */
function parseRule({ family, table, chain, match, target }: FirewallRule) {
  if (target !== "ACCEPT" && target !== "DROP") return `target '${target}' is not ACCEPT or DROP`;
  if (family !== "eth") {
    const isState = /^-m conntrack --ctstate (ESTABLISHED,RELATED|RELATED,ESTABLISHED)$/.test(match.trim());
    if (table === "filter" && target === "ACCEPT" && isState) return null;
    return "this device filters frames (protocol eth), not packets";
  }
  if (table !== "filter" || chain !== "FORWARD")
    return "this device filters frames in chain FORWARD of table filter only";
  const words = match.split(/\s+/).filter((word) => word !== "");
  const matches: Match[] = [];
  while (words.length > 0) {
    const negated = words[0] === "!";
    if (negated) words.shift();
    const [option = "", value = ""] = words.splice(0, 2);
    const found = parseMatch(option, value);
    if (typeof found === "string") return found;
    matches.push(negated ? (...frame) => !found(...frame) : found);
  }
  return { matches, accept: target === "ACCEPT" };
}

function parseMatch(option: string, value: string): Match | string {
  switch (option) {
    case "-s":
    case "-d": {
      const fits = parseAddress(value);
      if (!fits) return `${option} '${value}' is not a MAC address, or one with a mask`;
      return option === "-s" ? ({ source }) => fits(source) : ({ destination }) => fits(destination ?? broadcast);
    }
    case "-p": {
      const type = { arp: "ARP", "0x0806": "ARP", ipv4: "IPv4", "0x0800": "IPv4" }[value.toLowerCase()];
      return type === undefined ? `-p '${value}' is not ARP or IPv4` : (frame) => frame.type === type;
    }
    case "-i":
    case "-o": {
      if (!/^[^\s+]{1,15}\+?$/.test(value)) return `${option} '${value}' is no name of an interface`;
      const fits = (name: string) => (value.endsWith("+") ? name.startsWith(value.slice(0, -1)) : name === value);
      return option === "-i" ? (_frame, input) => fits(input) : (_frame, _input, output) => fits(output);
    }
    default:
      return `'${option}' is not a match that this device knows; there are -s, -d, -p, -i, -o`;
  }
}

const broadcast = mac("ff:ff:ff:ff:ff:ff");

/** `02:00:00:00:00:02`, or `33:33:00:00:00:00/ff:ff:00:00:00:00`: those that are alike where the mask has ones. */
function parseAddress(text: string): ((address: Mac) => boolean) | undefined {
  const [address = "", mask, ...rest] = text.split("/").map(parseMac);
  if (!address || rest.length > 0 || (mask === undefined && text.includes("/"))) return undefined;
  if (mask === undefined) return (other) => other === address;
  const masked = (other: Mac) => bitsOf(other) & bitsOf(mask);
  const wanted = masked(address);
  return (other) => masked(other) === wanted;
}

function bitsOf(address: Mac): bigint {
  return BigInt(`0x${address.replaceAll(":", "")}`);
}
