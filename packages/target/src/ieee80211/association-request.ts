/** Association and reassociation requests (IEEE 802.11-2020 §9.3.3.5 and §9.3.3.7): fixed fields, and the elements as they are. */

import type { Mac } from "@opensync-ts/base/units";
import {
  buildManagementFrame,
  type ManagementHeader,
  managementSubtypes,
  parseManagementFrame,
} from "./management-frame.ts";
import { macOctets, type Parsed, parsed, present, Unreadable, u16 } from "./octets.ts";

export interface AssociationRequest {
  /** §9.4.1.4, a bit field. */
  readonly capability: number;
  /** Beacon intervals. */
  readonly listenInterval: number;
  /** Given: it is a reassociation, from this access point. */
  readonly currentAp?: Mac;
  /** For `readStationCapabilities`. */
  readonly elements: Uint8Array;
}

export interface AssociationRequestFrame extends AssociationRequest {
  readonly header: ManagementHeader;
}

/** A whole frame. Throws a `RangeError` for values that their field cannot hold. */
export function buildAssociationRequest(
  header: Omit<ManagementHeader, "subtype" | "duration"> & { readonly duration?: number },
  { capability, listenInterval, currentAp, elements }: AssociationRequest,
): Uint8Array {
  const { associationRequest, reassociationRequest } = managementSubtypes;
  return buildManagementFrame({
    duration: 0,
    ...header,
    subtype: currentAp === undefined ? associationRequest : reassociationRequest,
    body: Uint8Array.from([
      ...u16(capability, "capability information"),
      ...u16(listenInterval, "listen interval"),
      ...(currentAp === undefined ? [] : macOctets(currentAp)),
      ...elements,
    ]),
  });
}

export function parseAssociationRequest(octets: Uint8Array): Parsed<AssociationRequestFrame> {
  const frame = parseManagementFrame(octets);
  if (!frame.ok) return frame;
  const { body, ...header } = frame.value;
  return parsed("association request", body, (reader) => {
    const again = header.subtype === managementSubtypes.reassociationRequest;
    if (!again && header.subtype !== managementSubtypes.associationRequest) {
      throw new Unreadable(`its subtype is ${header.subtype}`);
    }
    return present({
      header,
      capability: reader.u16("capability information"),
      listenInterval: reader.u16("listen interval"),
      currentAp: again ? reader.mac("current AP address") : undefined,
      elements: reader.rest(),
    });
  });
}
