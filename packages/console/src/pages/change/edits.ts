/** Changes of a document as an owner makes them. Pure: each returns another document. */

import { isOpenGuestKey } from "../../ui/keys.ts";
import type { Band, Doc, Forward, Key, Network, Policy, Zone } from "./doc.ts";
import { bandsOf } from "./doc.ts";
import { withValue } from "./lists.ts";

export interface NewKey {
  readonly label: string;
  readonly psk: string;
  readonly zone: Zone;
  /** ISO 8601; undefined: never. */
  readonly expires?: string | undefined;
}

/** Of a network: the first number behind the lowest that no key has, so that the first key stays first (WPA3 uses that one). */
export function nextKeyId(keys: readonly Key[]): string {
  const numbers = new Set(keys.map(({ id }) => (id === "key" ? 0 : Number(id.slice(4)))));
  if (numbers.size === 0) return "key";
  let number = Math.min(...numbers) + 1;
  while (numbers.has(number)) number++;
  return `key-${number}`;
}

export function addKey(doc: Doc, network: number, { label, psk, zone, expires }: NewKey): Doc {
  const keys = doc.networks[network]?.security.keys ?? [];
  const key: Key = {
    id: nextKeyId(keys),
    ...(label.trim() === "" ? {} : { label: label.trim() }),
    psk,
    zone,
    ...(expires === undefined ? {} : { expires }),
  };
  return withValue(doc, ["networks", network, "security", "keys"], [...keys, key]);
}

/** Why a network can have no further key as it is; undefined: it can. */
export function keyProblem({ security }: Network): string | undefined {
  if (security.mode !== "wpa3") return undefined;
  return "WPA3 alone knows one passphrase only. Guests need a second one: with “WPA2 and WPA3” both work, and your own devices go on using WPA3.";
}

/** The network that guests are let into: the first that is on. */
export function guestNetwork({ networks }: Doc): number | undefined {
  const index = networks.findIndex(({ enabled }) => enabled);
  return index < 0 ? undefined : index;
}

/** One key that lets guests in, in one step; the network's security is widened where it must be. `isolate`: `keptApart`. */
export function addGuests(doc: Doc, network: number, key: NewKey, isolate = false): Doc {
  const found = doc.networks[network];
  if (!found) return doc;
  const open = keyProblem(found) ? withValue(doc, ["networks", network, "security", "mode"], "wpa2-wpa3") : doc;
  return addKey(isolate ? keptApart(open, network) : open, network, key);
}

/** Devices on one access point do not reach each other: what keys open is kept only between access points. */
export function keptApart(doc: Doc, network: number): Doc {
  return withValue(doc, ["networks", network, "isolate"], true);
}

/** A key of a network, by places in the document. */
export interface KeyPlace {
  readonly network: number;
  readonly position: number;
}

/** Keys that are called as if for guests, and open the whole home. */
export function openGuestKeys({ networks }: Doc): readonly KeyPlace[] {
  return networks.flatMap(({ security }, network) =>
    security.keys.flatMap((key, position) => (isOpenGuestKey(key) ? [{ network, position }] : [])),
  );
}

export interface Limits {
  /** Another passphrase; undefined: it keeps its own. */
  readonly psk?: string | undefined;
  /** `keptApart` */
  readonly isolate?: boolean;
}

/** Makes it the guest network: it opens no more than guests are to have. */
export function limitedToGuests(doc: Doc, { network, position }: KeyPlace, { psk, isolate = false }: Limits = {}): Doc {
  const at = ["networks", network, "security", "keys", position] as const;
  const limited = withValue(isolate ? keptApart(doc, network) : doc, [...at, "zone"], "guest");
  return psk === undefined ? limited : withValue(limited, [...at, "psk"], psk);
}

/** Bands that no network is on: a node has one access point for each. */
export function freeBands({ networks }: Doc): readonly Band[] {
  const taken = new Set(networks.flatMap(bandsOf));
  return (["2.4G", "5G", "6G"] as const).filter((band) => !taken.has(band));
}

export function addNetwork(doc: Doc, ssid: string, psk: string): Doc {
  const free = freeBands(doc);
  const network: Network = {
    ssid,
    security: { mode: "wpa2-wpa3", keys: [{ id: "key", psk }] },
    ...(free.length === 3 ? {} : { bands: free }),
    enabled: true,
    hidden: false,
    isolate: false,
    bridge: "br-home",
  };
  return { ...doc, networks: [...doc.networks, network] };
}

export function toggled<T>(list: readonly T[], entry: T, all: readonly T[]): readonly T[] {
  const wanted = list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry];
  return all.filter((other) => wanted.includes(other));
}

/** It holds always, until something else is said. */
export function addPolicy(doc: Doc, rule: Pick<Policy, "id" | "scope" | "action">): Doc {
  const policy: Policy = { ...rule, enabled: true, schedule: { kind: "always" } };
  return { ...doc, policies: [...(doc.policies ?? []), policy] };
}

/** `rule-1`, `rule-2` …: the first that is free. */
export function nextPolicyId(policies: readonly Policy[] = []): string {
  let number = 1;
  while (policies.some(({ id }) => id === `rule-${number}`)) number++;
  return `rule-${number}`;
}

export function addForward(doc: Doc, to: string): Doc {
  const taken = new Set((doc.forwards ?? []).map(({ port }) => port));
  let port = 8080;
  while (taken.has(port)) port++;
  const forward: Forward = { enabled: true, protocol: "tcp", port, to, loopback: false };
  return { ...doc, forwards: [...(doc.forwards ?? []), forward] };
}

/** From a connected client, the address that it has. */
export function reserve(doc: Doc, mac: string, address: string, hostname: string | null): Doc {
  const reservations = doc.lan?.dhcp?.reservations ?? [];
  if (!doc.lan?.dhcp) return doc;
  const name = hostname && /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(hostname) ? { name: hostname } : {};
  const others = reservations.filter((entry) => entry.mac !== mac);
  return withValue(doc, ["lan", "dhcp", "reservations"], [...others, { mac, address, ...name }]);
}

/** Passphrases that were typed here: they are shown without asking the cloud. By `keyName`. */
export function typedSecrets(doc: Doc): ReadonlyMap<string, string> {
  return new Map(
    doc.networks.flatMap(({ ssid, security }) =>
      security.keys.flatMap(({ id, psk }) => (psk === null ? [] : [[keyName(ssid, id), psk] as const])),
    ),
  );
}

export function keyName(ssid: string, key: string): string {
  return `${key} ${ssid}`;
}

/** As the cloud would answer it. */
export function withoutSecrets(doc: Doc): Doc {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        (name === "psk" || name === "password") && member !== undefined ? null : copy(member),
      ]),
    );
  };
  return copy(doc) as Doc;
}

/** Secrets that are left out, from where `other` has them in the same place. */
export function withSecretsOf(doc: Doc, other: Doc): Doc {
  const filled = (value: unknown, from: unknown, name?: string): unknown => {
    if (value === null && (name === "psk" || name === "password") && typeof from === "string") return from;
    if (typeof value !== "object" || value === null) return value;
    const member = (key: string) =>
      typeof from === "object" && from !== null ? (from as Record<string, unknown>)[key] : undefined;
    if (Array.isArray(value)) return value.map((each, index) => filled(each, member(String(index))));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, member(key), key)]));
  };
  return filled(doc, other) as Doc;
}
