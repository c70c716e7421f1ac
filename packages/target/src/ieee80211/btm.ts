/**
 * BSS transition management (IEEE 802.11-2020 §9.6.13.8 to §9.6.13.10): a station asks where to go (query), an access point asks it to
 * go (request), and it says what it does (response). Bodies of action frames, from the category on.
 */

import type { Mac } from "@opensync-ts/base/units";
import { actionCategories, wnmActions } from "./action-codes.ts";
import { type CandidateElements, candidateOctets, readCandidates } from "./candidates.ts";
import { type BssTermination, readTermination, terminationOctets } from "./neighbor-report.ts";
import { macOctets, type OctetReader, present, Unreadable, u8, u16 } from "./octets.ts";

/** `candidates`: those that the station prefers. */
export interface BtmQuery extends CandidateElements {
  readonly kind: "btm-query";
  readonly token: number;
  /** Of the transition and transition query reasons (§9.6.13.8); 16 is "low RSSI". */
  readonly reason: number;
}

export interface BtmRequest extends Omit<CandidateElements, "candidates"> {
  readonly kind: "btm-request";
  readonly token: number;
  /** Not there: the station finds its own. */
  readonly candidates?: CandidateElements["candidates"];
  /** A BSS that is not listed has the preference 0. */
  readonly abridged: boolean;
  readonly disassociationImminent: boolean;
  /** Beacon intervals until the station is disassociated; 0: not known. */
  readonly disassociationTimer: number;
  /** Beacon intervals for which the candidates hold. */
  readonly validityInterval: number;
  /** The BSS goes away. */
  readonly termination?: BssTermination;
  /** The whole network disassociates the station; one character per octet, "": nothing to read about it. */
  readonly sessionUrl?: string;
}

/** `candidates`: those that the station prefers, or would have preferred. */
export interface BtmResponse extends CandidateElements {
  readonly kind: "btm-response";
  readonly token: number;
  /** Of `btmStatuses` as a rule. */
  readonly status: number;
  /** Minutes by which the station would have the termination delayed. */
  readonly terminationDelay: number;
  /** Where it goes. A station that accepts should say it, and not all do; others cannot. */
  readonly target?: Mac;
}

/** §9.6.13.10, BTM status code. */
export const btmStatuses = {
  accept: 0,
  reject: 1,
  insufficientBeacons: 2,
  insufficientCapacity: 3,
  terminationUndesired: 4,
  terminationDelayRequested: 5,
  candidateListProvided: 6,
  noSuitableCandidates: 7,
  leavingEss: 8,
} as const;

/** Throws a `RangeError` for values that their field cannot hold. */
export function btmQueryBody(query: BtmQuery): number[] {
  return [
    ...[actionCategories.wnm, wnmActions.btmQuery],
    ...u8(query.token, "dialog token"),
    ...u8(query.reason, "query reason"),
    ...candidateOctets(query),
  ];
}

export function readBtmQuery(reader: OctetReader): BtmQuery {
  const token = reader.u8("dialog token");
  const reason = reader.u8("query reason");
  return { kind: "btm-query", token, reason, ...readCandidates(reader.rest()) };
}

/** Throws a `RangeError` for values that their field cannot hold. */
export function btmRequestBody(request: BtmRequest): number[] {
  const { candidates, termination, sessionUrl } = request;
  const mode =
    (candidates ? modes.candidates : 0) |
    (request.abridged ? modes.abridged : 0) |
    (request.disassociationImminent ? modes.disassociationImminent : 0) |
    (termination ? modes.termination : 0) |
    (sessionUrl === undefined ? 0 : modes.essDisassociationImminent);
  return [
    ...[actionCategories.wnm, wnmActions.btmRequest],
    ...u8(request.token, "dialog token"),
    mode,
    ...u16(request.disassociationTimer, "disassociation timer"),
    ...u8(request.validityInterval, "validity interval"),
    ...(termination ? [...terminationHead, ...terminationOctets(termination)] : []),
    ...(sessionUrl === undefined ? [] : urlOctets(sessionUrl)),
    ...candidateOctets({ ...request, candidates: candidates ?? [] }),
  ];
}

export function readBtmRequest(reader: OctetReader): BtmRequest {
  const token = reader.u8("dialog token");
  const mode = reader.u8("request mode");
  const has = (bit: number) => (mode & bit) !== 0;
  const disassociationTimer = reader.u16("disassociation timer");
  const validityInterval = reader.u8("validity interval");
  const termination = has(modes.termination) ? readTerminationField(reader) : undefined;
  const sessionUrl = has(modes.essDisassociationImminent) ? readUrl(reader) : undefined;
  const { candidates, ...rest } = readCandidates(reader.rest());
  if (!has(modes.candidates) && candidates.length > 0)
    throw new Unreadable("it has candidates, and says that it has none");
  return present({
    kind: "btm-request" as const,
    token,
    abridged: has(modes.abridged),
    disassociationImminent: has(modes.disassociationImminent),
    disassociationTimer,
    validityInterval,
    termination,
    sessionUrl,
    candidates: has(modes.candidates) ? candidates : undefined,
    ...rest,
  });
}

/**
 * Throws a `RangeError` for values that their field cannot hold, for a target without acceptance, and for an acceptance with elements and
 * without a target, for which they would be taken.
 */
export function btmResponseBody(response: BtmResponse): number[] {
  const { status, target } = response;
  const elements = candidateOctets(response);
  if (target !== undefined && status !== btmStatuses.accept) {
    throw new RangeError(`target BSSID: a response with status ${status} has none`);
  }
  if (target === undefined && status === btmStatuses.accept && elements.length > 0) {
    throw new RangeError("target BSSID: an acceptance with candidates or other elements needs one");
  }
  return [
    ...[actionCategories.wnm, wnmActions.btmResponse],
    ...u8(response.token, "dialog token"),
    ...u8(status, "status"),
    ...u8(response.terminationDelay, "termination delay"),
    ...(target === undefined ? [] : macOctets(target)),
    ...elements,
  ];
}

export function readBtmResponse(reader: OctetReader): BtmResponse {
  const token = reader.u8("dialog token");
  const status = reader.u8("status");
  const terminationDelay = reader.u8("termination delay");
  const accepted = status === btmStatuses.accept && reader.remaining > 0;
  const target = accepted ? reader.mac("target BSSID") : undefined;
  return present({
    kind: "btm-response" as const,
    token,
    status,
    terminationDelay,
    target,
    ...readCandidates(reader.rest()),
  });
}

/** Bits of the request mode. */
const modes = {
  candidates: 0x01,
  abridged: 0x02,
  disassociationImminent: 0x04,
  termination: 0x08,
  essDisassociationImminent: 0x10,
} as const;

/** The termination field is the subelement of neighbor reports, with its id and length. */
const terminationHead = [4, 10];

function readTerminationField(reader: OctetReader): BssTermination {
  for (const octet of terminationHead) {
    if (reader.u8("BSS termination duration") === octet) continue;
    throw new Unreadable("its BSS termination duration is no subelement 4 of 10 octets");
  }
  return readTermination(reader);
}

function urlOctets(url: string): number[] {
  return [
    ...u8(url.length, "length of the session URL"),
    ...[...url].flatMap((character) => u8(character.codePointAt(0) ?? 0, "character of the session URL")),
  ];
}

function readUrl(reader: OctetReader): string {
  return String.fromCharCode(...reader.take(reader.u8("length of the session URL"), "session URL"));
}
