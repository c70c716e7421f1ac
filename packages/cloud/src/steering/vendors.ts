/** Who made a device, by its address: the registries of the IEEE (`oui-data`), the longest prefix first. */

import { createRequire } from "node:module";
import type { Mac } from "@opensync-ts/base/units";

/** The address was made up by the device (locally administered bit, IEEE 802-2014 section 8.4): it tells nothing of its maker. */
export function isRandomMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}

/** Names as registered, without the address of the company; null for random addresses and those not registered. */
export function vendorOf(mac: Mac): string | null {
  if (isRandomMac(mac)) return null;
  const digits = mac.replaceAll(":", "").toUpperCase();
  const registry = load();
  // MA-S, MA-M, MA-L.
  for (const length of [9, 7, 6]) {
    const entry = registry[digits.slice(0, length)];
    if (entry !== undefined) return shownName(entry);
  }
  return null;
}

/** Prefixes are divided further by their registrant: whose they are is said by longer ones, or not at all. */
const authority = "IEEE Registration Authority";

function shownName(entry: string): string | null {
  const name = entry.slice(0, entry.indexOf("\n") >>> 0);
  return name === authority || name === "Private" ? null : name;
}

let registry: Readonly<Record<string, string>> | undefined;

/** Fifty thousand entries, 10 MB: read once for the process. It takes some tenths of a second, so that servers do it before they serve. */
export function loadVendors(): void {
  load();
}

function load(): Readonly<Record<string, string>> {
  registry ??= createRequire(import.meta.url)("oui-data") as Readonly<Record<string, string>>;
  return registry;
}
