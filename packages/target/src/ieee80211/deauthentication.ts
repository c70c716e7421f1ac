/** Deauthentication and disassociation (IEEE 802.11-2020 §9.3.3.12 and §9.3.3.4): a reason, and elements that nobody needs. */

import {
  buildManagementFrame,
  type ManagementHeader,
  managementSubtypes,
  parseManagementFrame,
} from "./management-frame.ts";
import { type Parsed, parsed, Unreadable, u16 } from "./octets.ts";

export interface Farewell {
  readonly kind: "deauthentication" | "disassociation";
  /** Of `reasonCodes` as a rule. */
  readonly reason: number;
}

export interface FarewellFrame extends Farewell {
  readonly header: ManagementHeader;
}

/** §9.4.1.7, those that access points give to stations that they move. */
export const reasonCodes = {
  unspecified: 1,
  invalidAuthentication: 2,
  leavingNetwork: 3,
  inactivity: 4,
  noMoreStations: 5,
  leavingDisassociation: 8,
  bssTransition: 12,
  poorChannel: 34,
} as const;

/** A whole frame. Throws a `RangeError` for values that their field cannot hold. */
export function buildFarewell(
  header: Omit<ManagementHeader, "subtype" | "duration"> & { readonly duration?: number },
  { kind, reason }: Farewell,
): Uint8Array {
  const subtype = managementSubtypes[kind];
  return buildManagementFrame({ duration: 0, ...header, subtype, body: Uint8Array.from(u16(reason, "reason code")) });
}

/** Protected ones as `parseActionFrame` takes them: decrypted by the driver. */
export function parseFarewell(octets: Uint8Array): Parsed<FarewellFrame> {
  const frame = parseManagementFrame(octets);
  if (!frame.ok) return frame;
  const { body, ...header } = frame.value;
  return parsed("deauthentication or disassociation", body, (reader) => {
    const kind = kinds.get(header.subtype);
    if (!kind) throw new Unreadable(`its subtype is ${header.subtype}`);
    return { kind, reason: reader.u16("reason code"), header };
  });
}

const kinds: ReadonlyMap<number, Farewell["kind"]> = new Map([
  [managementSubtypes.deauthentication, "deauthentication"],
  [managementSubtypes.disassociation, "disassociation"],
]);
