/** Rules, ways to the Internet and states of versions as sentences for owners. Pure. */

import { ruleSentence, type Telling } from "@opensync-ts/cloud/words/rule-words";
import { momentText } from "../../ui/time.ts";
import type { Policy, WanWay } from "./doc.ts";

/** By what things are called that a document knows by number only. */
export interface Called {
  /** Of devices, by MAC address. */
  readonly names: ReadonlyMap<string, string>;
  /** ms since 1970: moments of another day are told with their day. */
  readonly now: number;
}

export function tellingOf({ names, now }: Called): Telling {
  return { device: (mac) => names.get(mac) ?? mac, moment: (instant) => momentText(instant, now) };
}

/** `names`: of devices, by MAC address; `now`: ms since 1970. */
export function policySentence(policy: Policy, names: ReadonlyMap<string, string>, now: number): string {
  return `${ruleSentence(policy, tellingOf({ names, now }))}.`;
}

export function wanWords(way: WanWay): string {
  const kind = { dhcp: "Automatic (DHCP)", pppoe: "With user name (PPPoE)", static: "Fixed address" }[way.type];
  return way.vlan === undefined ? kind : `${kind}, VLAN ${way.vlan}`;
}

export const stateWords = {
  draft: "draft",
  discarded: "dropped",
  applied: "not every node has shown that it works",
  proven: "worked on every node",
  reverted: "taken back",
} as const;
