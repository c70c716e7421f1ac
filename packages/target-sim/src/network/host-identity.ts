/** How a host shows itself to DHCP servers, by what kind of device it is. */

import type { Mac } from "@opensync-ts/base/units";
import type { DhcpIdentity } from "./dhcp-message.ts";

interface Manners {
  readonly vendorClass: string;
  readonly requested: readonly number[];
}

const phone: Manners = { vendorClass: "android-dhcp-14", requested: [1, 3, 6, 15, 26, 28, 51, 58, 59, 43] };
const windows: Manners = {
  vendorClass: "MSFT 5.0",
  requested: [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
};
const small: Manners = { vendorClass: "", requested: [1, 3, 6, 12, 15, 28, 42] };

const byClass: Readonly<Record<string, Manners>> = {
  "modern-phone": phone,
  "older-phone": { ...phone, vendorClass: "android-dhcp-9" },
  tablet: { vendorClass: "", requested: [1, 121, 3, 6, 15, 119, 252] },
  laptop: windows,
  "laptop-wifi7": windows,
  "game-console": { vendorClass: "", requested: [1, 3, 15, 6] },
  tv: { vendorClass: "udhcp 1.30.1", requested: [1, 3, 6, 12, 15, 28, 42] },
  "smart-speaker": { vendorClass: "dhcpcd-6.8.2", requested: [1, 33, 3, 6, 15, 28, 51, 58, 59] },
  thermostat: small,
  "doorbell-camera": { vendorClass: "udhcp 1.24.1", requested: [1, 3, 6, 12, 15, 28, 42] },
  iot: { vendorClass: "", requested: [1, 3, 28, 6] },
  "voip-handset": { vendorClass: "", requested: [1, 3, 6, 15, 42, 66, 150] },
};

/** A host of no known class asks for what every host needs. */
export function hostIdentity(name: string, mac: Mac, deviceClass: string | null): DhcpIdentity {
  const known = deviceClass !== null && Object.hasOwn(byClass, deviceClass) ? byClass[deviceClass] : undefined;
  const { vendorClass, requested } = known ?? { vendorClass: "", requested: [1, 3, 6, 15, 28] };
  return { mac, hostname: hostnameOf(name), vendorClass, requested };
}

/** As phones make it of the name that people give them: letters, digits and hyphens (RFC 1123), at most 63; `Bob's phone` is `Bobs-phone`. */
export function hostnameOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’‘`´ʼ]/gu, "")
    .replaceAll(/[^A-Za-z0-9-]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
}
