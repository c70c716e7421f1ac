/** What the owner of a home in a storm wants, from one change of mind to the next. */

import type { Random } from "@opensync-ts/base/random";
import type { Home } from "@opensync-ts/cloud/home";
import type { ClientNetworkSpec } from "@opensync-ts/world/spec";
import { guestKey, homeOf, printerMac } from "../cloudless-home.ts";

export const laptopMac = "02:00:00:00:00:02";

/** Short leases: who has an address of another LAN is to notice within one. */
export const leaseMinutes = 10;

export interface Wishes {
  readonly ssid: string;
  readonly psk: string;
  /** Third byte of the LAN's addresses. */
  readonly subnet: number;
  /** Last byte of the first address that is given. */
  readonly start: number;
  /** Who has a reserved address, and its last byte. */
  readonly reserved: ReadonlyMap<string, number>;
  readonly dns: string;
  readonly channels: readonly [number, number];
  readonly cloudless: boolean;
}

export const firstWishes: Wishes = {
  ssid: "Home",
  psk: "the family's key",
  subnet: 40,
  start: 100,
  reserved: new Map([[printerMac, 10]]),
  dns: "192.0.2.53",
  channels: [6, 36],
  cloudless: true,
};

type Change = (wishes: Wishes, random: Random) => Partial<Wishes>;

const changes: readonly Change[] = [
  (_, random) => ({ ssid: one(["Home", "Home Sweet Home", "Attic"], random) }),
  (_, random) => ({ psk: one(["the family's key", "another key", "a third key"], random) }),
  (_, random) => ({ subnet: one([40, 50, 60], random) }),
  (_, random) => ({ start: one([100, 150, 20], random) }),
  (_, random) => ({
    reserved: new Map(
      [printerMac, laptopMac].flatMap((mac) =>
        random.integer(3) > 0 ? [[mac, 10 + random.integer(4) * 2 + Number(mac === laptopMac)] as const] : [],
      ),
    ),
  }),
  (_, random) => ({ dns: one(["192.0.2.53", "192.0.2.54"], random) }),
  (_, random) => ({ channels: [one([1, 6, 11], random), one([36, 44, 149], random)] }),
  // Mostly on: a home that can do without its cloud is what this is about.
  ({ cloudless }, random) => ({ cloudless: cloudless ? random.integer(3) > 0 : true }),
];

/** One to three things are other than they were, or are to be. */
export function otherWishes(wishes: Wishes, random: Random): Wishes {
  let next = wishes;
  for (let count = 1 + random.integer(3); count > 0; count--) next = { ...next, ...one(changes, random)(next, random) };
  return next;
}

export function homeAsWished(wishes: Wishes): Home {
  const { ssid, psk, start, reserved, dns, channels, cloudless } = wishes;
  return homeOf({
    networks: [
      {
        ssid,
        security: {
          mode: "wpa2-wpa3",
          keys: [
            { id: "key", psk },
            { id: "key-1", psk: guestKey },
          ],
        },
      },
    ],
    radios: [
      { band: "2.4G", channel: channels[0], width: 20 },
      { band: "5G", channel: channels[1], width: 80 },
    ],
    lan: {
      address: lanAddress(wishes, 1),
      dhcp: {
        start: lanAddress(wishes, start),
        stop: lanAddress(wishes, start + 50),
        leaseTime: `${leaseMinutes}m`,
        reservations: [...reserved].map(([mac, byte]) => ({ mac, address: lanAddress(wishes, byte) })),
      },
      dns: { primary: lanAddress(wishes, 1), secondary: dns },
    },
    cloudless,
  });
}

export function lanAddress({ subnet }: Pick<Wishes, "subnet">, byte: number): string {
  return `192.168.${subnet}.${byte}`;
}

/** Networks as people's devices know them: by name, the key that was typed in last. */
export class KnownNetworks {
  readonly #keys = new Map<string, string>();

  learn(ssid: string, psk: string): void {
    this.#keys.delete(ssid);
    this.#keys.set(ssid, psk);
  }

  key(ssid: string): string | undefined {
    return this.#keys.get(ssid);
  }

  /** The newest first. */
  get family(): readonly ClientNetworkSpec[] {
    return [...this.#keys].map(([ssid, psk]) => ({ ssid, psk })).reverse();
  }

  get guests(): readonly ClientNetworkSpec[] {
    return this.family.map(({ ssid }) => ({ ssid, psk: guestKey }));
  }
}

export function one<T>(list: readonly T[], random: Random): T {
  return list[random.integer(list.length)] as T;
}
