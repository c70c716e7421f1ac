/** Action frames (IEEE 802.11-2020 §9.3.3.13): those of steering as typed values, others as they are. */

import type { Mac } from "@opensync-ts/base/units";
import { actionCategories, wnmActions } from "./action-codes.ts";
import {
  type BtmQuery,
  type BtmRequest,
  type BtmResponse,
  btmQueryBody,
  btmRequestBody,
  btmResponseBody,
  readBtmQuery,
  readBtmRequest,
  readBtmResponse,
} from "./btm.ts";
import {
  buildManagementFrame,
  frameFlags,
  type ManagementFrame,
  type ManagementHeader,
  managementSubtypes,
  parseManagementFrame,
} from "./management-frame.ts";
import { type OctetReader, type Parsed, parsed, u8 } from "./octets.ts";
import { type RadioMeasurementAction, radioMeasurementBody, readRadioMeasurement } from "./radio-measurement.ts";

export type Action = BtmQuery | BtmRequest | BtmResponse | RadioMeasurementAction | OtherAction;

export interface OtherAction {
  readonly kind: "other";
  readonly category: number;
  /** Of a vendor's category: the first octet after the category. */
  readonly action: number;
  /** What comes after. */
  readonly body: Uint8Array;
}

export interface ActionFrame {
  readonly header: ManagementHeader;
  readonly action: Action;
}

/** From the category on. Throws a `RangeError` for values that their field cannot hold. */
export function buildActionBody(action: Action): Uint8Array {
  return Uint8Array.from(octetsOf(action));
}

/** Takes the body from the category on. */
export function parseActionBody(octets: Uint8Array): Parsed<Action> {
  const [category, action] = octets;
  return parsed(nameOf(category, action), octets, readAction);
}

/** A whole frame. Throws a `RangeError` for values that their field cannot hold. */
export function buildActionFrame(
  header: Omit<ManagementHeader, "subtype" | "duration"> & { readonly duration?: number },
  action: Action,
): Uint8Array {
  return buildManagementFrame({
    duration: actionDuration,
    ...header,
    subtype: managementSubtypes.action,
    body: buildActionBody(action),
  });
}

/**
 * Of a protected frame drivers give the body decrypted, and leave the flag as it was. So the flag is no reason not to read it, but one
 * that lacks it, from a station that protects its management frames, is forged.
 */
export function parseActionFrame(octets: Uint8Array): Parsed<ActionFrame> {
  const frame = parseManagementFrame(octets);
  if (!frame.ok) return frame;
  const { body, ...header } = frame.value;
  const refusal = refusalOf(frame.value);
  if (refusal !== null) return { ok: false, reason: `action frame: ${refusal}` };
  const action = parseActionBody(body);
  return action.ok ? { ok: true, value: { header, action: action.value } } : action;
}

/** Addresses of a frame from the access point `bssid` to `station`. */
export function toStation(station: Mac, bssid: Mac): Pick<ManagementHeader, "receiver" | "transmitter" | "bssid"> {
  return { receiver: station, transmitter: bssid, bssid };
}

/** Addresses of a frame from `station` to the access point `bssid`. */
export function toAccessPoint(station: Mac, bssid: Mac): Pick<ManagementHeader, "receiver" | "transmitter" | "bssid"> {
  return { receiver: bssid, transmitter: station, bssid };
}

/** Of the frames that deployed devices send, in µs; hardware puts in its own. */
const actionDuration = 60;

function octetsOf(action: Action): number[] {
  switch (action.kind) {
    case "btm-query":
      return btmQueryBody(action);
    case "btm-request":
      return btmRequestBody(action);
    case "btm-response":
      return btmResponseBody(action);
    case "other":
      return [...u8(action.category, "category"), ...u8(action.action, "action"), ...action.body];
    default:
      return radioMeasurementBody(action);
  }
}

function readAction(reader: OctetReader): Action {
  const category = reader.u8("category");
  const action = reader.u8("action");
  return readKnown(category, action, reader) ?? { kind: "other", category, action, body: reader.rest() };
}

function readKnown(category: number, action: number, reader: OctetReader): Action | undefined {
  if (category === actionCategories.radioMeasurement) return readRadioMeasurement(action, reader);
  if (category !== actionCategories.wnm) return undefined;
  switch (action) {
    case wnmActions.btmQuery:
      return readBtmQuery(reader);
    case wnmActions.btmRequest:
      return readBtmRequest(reader);
    case wnmActions.btmResponse:
      return readBtmResponse(reader);
    default:
      return undefined;
  }
}

function refusalOf({ subtype, flags = 0, fragment }: ManagementFrame): string | null {
  if (subtype !== managementSubtypes.action && subtype !== managementSubtypes.actionNoAck) {
    return `its subtype is ${subtype}, not ${managementSubtypes.action}`;
  }
  return fragment === 0 && (flags & frameFlags.moreFragments) === 0 ? null : "it is a fragment";
}

/** For reasons: which frame it would be. */
function nameOf(category: number | undefined, action: number | undefined): string {
  const names =
    category === actionCategories.wnm ? wnmNames : category === actionCategories.radioMeasurement ? rmNames : [];
  return names[action ?? -1] ?? "action frame";
}

const wnmNames: readonly (string | undefined)[] = Object.assign([], {
  [wnmActions.btmQuery]: "BTM query",
  [wnmActions.btmRequest]: "BTM request",
  [wnmActions.btmResponse]: "BTM response",
});

const rmNames: readonly string[] = [
  "measurement request",
  "measurement report",
  "link measurement request",
  "link measurement report",
  "neighbor report request",
  "neighbor report response",
];
