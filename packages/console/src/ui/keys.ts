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

export interface ReachOf extends Pick<UsedKey, "zone" | "isolated" | "hold"> {
  /** Nothing is heard of where it is, nor of what it reaches. */
  readonly isLastKnown?: boolean;
}

/** What it reaches against the wish of its zone. */
const lateWords: Readonly<Record<NonNullable<UsedKey["hold"]>, string>> = {
  whole: "",
  cables:
    " Its extender does not know the way to the gateway well enough to keep it from devices on a cable there: it reaches those, too.",
  late: " The gateway has not been told of it yet: until it is, it reaches devices at other nodes, and those on a cable at its extender.",
  none: "",
};

/**
 * What somebody may reach who came by a key. Zones are kept where frames cross a node's bridge: those of devices on one access point
 * do not, and only `isolate` keeps these apart, whatever their keys.
 */
export function reachText({ zone, isolated, hold, isLastKnown = false }: ReachOf): string {
  if (isLastKnown && zone !== null) return "What it reaches now is not known.";
  if (hold === "none")
    return "At its node no rule is in force that keeps it from devices at home: it reaches the Internet, and them.";
  const late = hold === null ? "" : lateWords[hold];
  switch (zone) {
    case "home":
      return isolated
        ? "It reaches the Internet and devices at home, but not those on the same access point: they are kept apart."
        : "It reaches the Internet and every device at home.";
    case "guest":
      return isolated
        ? `It reaches the Internet and, of the devices that are shared with guests, those that are not on the same access point; nothing else at home.${late}`
        : `It reaches the Internet, the devices that are shared with guests, and devices on the same access point; nothing else at home.${late}`;
    case "internet-only":
      return isolated
        ? `It reaches the Internet, and no device at home.${late}`
        : `It reaches the Internet and devices on the same access point; nothing else at home.${late}`;
    default:
      return "The key is no longer one of the home; what it reaches is not known.";
  }
}

/** What a network does beside what its keys open; undefined: nothing that one has to know. */
export function apartText(isolate: boolean, isLimited: boolean): string | undefined {
  if (isolate) return "Devices on one access point are kept apart, whatever their keys.";
  if (!isLimited) return undefined;
  return "Devices on one access point reach each other, whatever their keys: guests, too.";
}

/** What the network that a shared device is in does beside that; undefined: nothing that one has to know. `isolate`: undefined, where that is not known. */
export function sharedApartText(isolate: boolean | undefined): string | undefined {
  if (isolate === undefined) return undefined;
  return isolate
    ? "Its network keeps devices on one access point apart: a guest on the same access point does not reach it all the same."
    : "Its network does not keep devices on one access point apart: a guest on the same access point reaches it anyway.";
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
