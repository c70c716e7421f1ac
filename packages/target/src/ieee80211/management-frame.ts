/** Management frames as such: the header and a body (IEEE 802.11-2020 §9.3.3.2; frame control §9.2.4.1), without check sequence. */

import type { Mac } from "@opensync-ts/base/units";
import { maxFrameOctets } from "./limits.ts";
import { macOctets, type OctetReader, type Parsed, parsed, present, Unreadable, u16, u32, whole } from "./octets.ts";

/** §9.2.4.1.3. */
export const managementSubtypes = {
  associationRequest: 0,
  associationResponse: 1,
  reassociationRequest: 2,
  reassociationResponse: 3,
  probeRequest: 4,
  probeResponse: 5,
  beacon: 8,
  disassociation: 10,
  authentication: 11,
  deauthentication: 12,
  action: 13,
  actionNoAck: 14,
} as const;

/** Bits of the second octet of the frame control field. */
export const frameFlags = {
  moreFragments: 0x04,
  retry: 0x08,
  powerManagement: 0x10,
  moreData: 0x20,
  protected: 0x40,
  htControl: 0x80,
} as const;

export interface ManagementHeader {
  /** 0 to 15, one of `managementSubtypes` as a rule. */
  readonly subtype: number;
  /** Of `frameFlags`; `htControl` follows from the field of that name. */
  readonly flags?: number;
  /** µs. */
  readonly duration: number;
  /** Address 1. */
  readonly receiver: Mac;
  /** Address 2: who has sent it. */
  readonly transmitter: Mac;
  /** Address 3. */
  readonly bssid: Mac;
  /** 0 to 4095, and 0 to 15. */
  readonly sequence?: number;
  readonly fragment?: number;
  /** The HT control field. */
  readonly htControl?: number;
}

export interface ManagementFrame extends ManagementHeader {
  readonly body: Uint8Array;
}

/** Throws a `RangeError` for values that their field cannot hold. */
export function buildManagementFrame(frame: ManagementFrame): Uint8Array {
  const {
    subtype,
    flags = 0,
    duration,
    receiver,
    transmitter,
    bssid,
    sequence = 0,
    fragment = 0,
    htControl,
    body,
  } = frame;
  const all = whole(flags, 0, 0xff, "frame control flags") & ~frameFlags.htControl;
  const octets = Uint8Array.from([
    whole(subtype, 0, 15, "subtype") << 4,
    htControl === undefined ? all : all | frameFlags.htControl,
    ...u16(duration, "duration"),
    ...[receiver, transmitter, bssid].flatMap(macOctets),
    ...u16(whole(fragment, 0, 15, "fragment") | (whole(sequence, 0, 0xfff, "sequence") << 4), "sequence control"),
    ...(htControl === undefined ? [] : u32(htControl, "HT control")),
    ...body,
  ]);
  if (octets.length > maxFrameOctets) throw new RangeError(`frame: ${octets.length} octets are more than one can hold`);
  return octets;
}

/** Flags, sequence and fragment are always there. Fragments, whose body says nothing, are not refused here. */
export function parseManagementFrame(octets: Uint8Array): Parsed<ManagementFrame> {
  return parsed("management frame", octets, (reader) => {
    const control = reader.u8("frame control");
    if ((control & 0x03) !== 0) throw new Unreadable(`it has protocol version ${control & 0x03}, not 0`);
    if ((control & 0x0c) !== 0) throw new Unreadable(`its type is ${(control >> 2) & 3}, not 0 (management)`);
    return readRest(control >> 4, reader);
  });
}

function readRest(subtype: number, reader: OctetReader): ManagementFrame {
  const flags = reader.u8("frame control");
  const duration = reader.u16("duration");
  const receiver = reader.mac("address 1");
  const transmitter = reader.mac("address 2");
  const bssid = reader.mac("address 3");
  const control = reader.u16("sequence control");
  const htControl = (flags & frameFlags.htControl) === 0 ? undefined : reader.u32("HT control");
  return present({
    subtype,
    flags: flags & ~frameFlags.htControl,
    duration,
    receiver,
    transmitter,
    bssid,
    sequence: control >> 4,
    fragment: control & 15,
    htControl,
    body: reader.rest(),
  });
}
