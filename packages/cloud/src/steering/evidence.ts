/** What is known of a client that tells what it is: gathered from `Wifi_Associated_Clients`, `DHCP_leased_IP` and steering reports. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/ovsdb/datum";
import type { ClientCapabilities } from "@opensync-ts/telemetry/steering-event";
import { type Generation, generations } from "./generations.ts";
import * as limits from "./limits.ts";
import type { Ability } from "./optimiser/rates.ts";
import { plainText } from "./plain-text.ts";
import { vendorOf } from "./vendors.ts";

export const homeBands = ["2.4G", "5G", "6G"] as const;
export type HomeBand = (typeof homeBands)[number];

/** Members are absent where nobody has said. */
export interface RadioEvidence {
  /** That it said it can use, or was seen on. */
  readonly bands?: readonly HomeBand[];
  /** Seen on these only says nothing of others. */
  readonly bandsComplete?: boolean;
  readonly generation?: Generation;
  readonly streams?: number;
  /** MHz. */
  readonly maxWidth?: number;
  /** 802.11v, 802.11k. */
  readonly btm?: boolean;
  readonly rrm?: boolean;
  readonly sae?: boolean;
  readonly fastTransition?: boolean;
  readonly multiLink?: boolean;
  /** The least that explains the fastest link that it was seen to have. */
  readonly shown?: Ability;
}

export interface Evidence {
  readonly mac: Mac;
  readonly vendor?: string;
  /** `DHCP_leased_IP`: the host name, option 60, and the list of option 55 (`1,3,6,15`). */
  readonly hostname?: string;
  readonly vendorClass?: string;
  readonly fingerprint?: string;
  readonly radio: RadioEvidence;
}

export interface EvidenceSources {
  readonly mac: Mac;
  /** Of `DHCP_leased_IP`. */
  readonly lease?: Row | undefined;
  /** Of `Wifi_Associated_Clients`. */
  readonly association?: Row | undefined;
  /** CLIENT_CAPABILITIES of a steering report. */
  readonly capabilities?: { readonly capabilities: ClientCapabilities; readonly assocIes?: Uint8Array } | undefined;
  /** Where its links were seen. */
  readonly seenOn?: readonly HomeBand[] | undefined;
  readonly shown?: Ability | undefined;
}

const widths = [20, 40, 80, 160, 160, 320] as const;

export function evidenceOf({ mac, lease, association, capabilities, seenOn = [], shown }: EvidenceSources): Evidence {
  const vendor = vendorOf(mac);
  return {
    mac,
    ...(vendor !== null && { vendor }),
    ...text("hostname", lease?.hostname),
    ...text("vendorClass", lease?.vendor_class),
    ...text("fingerprint", lease?.fingerprint),
    radio: {
      ...associationEvidence(association),
      ...capabilityEvidence(capabilities, seenOn),
      ...(shown && { shown }),
    },
  };
}

function text<Name extends string>(name: Name, value: Row[string] | undefined): Partial<Record<Name, string>> {
  // dnsmasq writes a star for what a client did not say.
  if (typeof value !== "string" || value === "" || value === "*") return {};
  return { [name]: plainText(value, limits.evidenceText) } as Partial<Record<Name, string>>;
}

function associationEvidence(row: Row | undefined): RadioEvidence {
  if (!row) return {};
  const { capabilities, wpa_key_mgmt: akm, mld_addr: mld } = row;
  const modes = Array.isArray(capabilities) ? (capabilities as readonly string[]) : [];
  const generation = modes.includes("11ac") ? "ac" : modes.includes("11n") ? "n" : undefined;
  return {
    ...(generation && { generation }),
    // That it used another way to authenticate does not say that it has no SAE.
    ...(typeof akm === "string" && akm.includes("sae") && { sae: true }),
    ...(typeof akm === "string" && akm.startsWith("ft-") && { fastTransition: true }),
    ...(typeof mld === "string" && parseMac(mld) !== undefined && !/^00(:00){5}$/.test(mld) && { multiLink: true }),
  };
}

function capabilityEvidence(told: EvidenceSources["capabilities"], seenOn: readonly HomeBand[]): RadioEvidence {
  if (!told) return seenOn.length > 0 ? { bands: [...new Set(seenOn)], bandsComplete: false } : {};
  const { capabilities, assocIes } = told;
  const { band2G, band5G, band6G, maxWidth, maxStreams, btm, rrm } = capabilities;
  const said = homeBands.filter((_, index) => [band2G, band5G, band6G][index]);
  const elements = assocIes ? elementEvidence(assocIes) : {};
  const width = widths[maxWidth];
  return {
    bands: [...new Set([...said, ...seenOn])],
    bandsComplete: said.length > 0,
    ...(maxStreams > 0 && { streams: maxStreams }),
    ...(width && { maxWidth: width }),
    ...{ btm, rrm },
    ...elements,
  };
}

/** Elements of an association request (IEEE 802.11-2020 section 9.4.2): which generation, multi-link, RSN with SAE or FT. */
export function elementEvidence(bytes: Uint8Array): RadioEvidence {
  let generation: Generation = "legacy";
  let multiLink = false;
  let fastTransition = false;
  const raise = (to: Generation) => {
    if (generations.indexOf(to) > generations.indexOf(generation)) generation = to;
  };
  const end = Math.min(bytes.length, limits.evidenceElements);
  for (let at = 0; at + 2 <= end; ) {
    const [id = 0, length = 0, extension] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    // Cut off: the rest says nothing.
    if (at + 2 + length > bytes.length) break;
    if (id === 45) raise("n");
    if (id === 191) raise("ac");
    if (id === 54) fastTransition = true;
    if (id === 255 && length > 0) {
      if (extension === 35) raise("ax");
      if (extension === 108) raise("be");
      if (extension === 107) multiLink = true;
    }
    at += 2 + length;
  }
  return {
    ...(bytes.length > 0 && { generation }),
    ...(multiLink && { multiLink }),
    ...(fastTransition && { fastTransition }),
  };
}
