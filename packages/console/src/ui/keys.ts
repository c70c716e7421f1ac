/** Keys of networks in words: what they are called, what they open, who has come by them. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

type Device = AnswerTo<"GET /locations/:location/devices">["items"][number];
export type UsedKey = NonNullable<NonNullable<Device["now"]>["key"]>;
type Zone = "home" | "guest" | "internet-only";

export const zoneWords: Readonly<Record<Zone, string>> = {
  home: "Everything",
  guest: "Internet and shared devices",
  "internet-only": "Internet only",
};

/** `Internet only`; of a key that the document does not have any more it is not known. */
export function zoneText(zone: string | null): string {
  return zone !== null && Object.hasOwn(zoneWords, zone) ? zoneWords[zone as Zone] : "not known";
}

/** `guest`; a key without a name is called by its place: `key`, `key-1`. */
export function keyName({ key, label }: Pick<UsedKey, "key" | "label">): string {
  return label ?? key;
}

/** In one sentence, what somebody may reach who came by it. `isLastKnown`: nothing is heard of where it is, nor of whether it does. */
export function reachText({ zone }: Pick<UsedKey, "zone">, isLastKnown = false): string {
  if (isLastKnown && zone !== null) return "What it reaches now is not known.";
  switch (zone) {
    case "home":
      return "It reaches the Internet and every device at home.";
    case "guest":
      return "It reaches the Internet and the devices that are shared with guests, nothing else at home.";
    case "internet-only":
      return "It reaches the Internet, and no device at home.";
    default:
      return "The key is no longer one of the home; what it reaches is not known.";
  }
}

export interface KeyUser {
  readonly mac: string;
  readonly name: string;
}

/** Who is in by a key now, by name. `ssids`: what its network is called, or was before it got a name that is not applied yet. */
export function usersOf(devices: readonly Device[], ssids: readonly string[], key: string): readonly KeyUser[] {
  return devices
    .filter(({ now }) => now?.key?.key === key && now.ssid !== null && ssids.includes(now.ssid))
    .map(({ mac, nickname, now }) => ({ mac, name: nickname ?? (now?.hostname || mac) }))
    .toSorted((a, b) => a.name.localeCompare(b.name) || (a.mac < b.mac ? -1 : 1));
}

/** How many are connected by a key that their node does not tell. */
export function unknownUsers(devices: readonly Device[], ssids: readonly string[]): number {
  return devices.filter(({ now }) => now !== null && now.key === null && now.ssid !== null && ssids.includes(now.ssid))
    .length;
}

/** Words by which people call those who are not to have everything. */
const guestWords = /guest|visitor|gäste|gast\b|gost|besuch|invit|ospit|hu[eé]sped|friend/i;

/** A key that is called as if for guests, and opens the whole home. */
export function isOpenGuestKey({
  label,
  zone,
}: {
  readonly label?: string | undefined;
  readonly zone?: string | undefined;
}): boolean {
  return (zone === undefined || zone === "home") && label !== undefined && guestWords.test(label);
}
