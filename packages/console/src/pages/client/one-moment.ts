/** That what is told of a client is told of one moment: where it is, and how places compare, are two answers of the cloud. Pure. */

import type { Device } from "../clients/client-list.ts";
import { isOnBand } from "./holds.ts";
import type { Explanation } from "./why-there.ts";

type Now = Device["now"];

/** Whether places are compared with the one that it is on. Also where nothing is compared: it is not connected, or not heard of. */
export function isOfNow(now: Now | undefined, explanation: Pick<Explanation, "on"> | undefined): boolean {
  if (!now || now.lastKnownAt !== null || now.node === null || !explanation) return true;
  return explanation.on.some(({ node, band }) => node === now.node && isOnBand(band ?? "?", now.band));
}

/** It is here, and the cloud knew nothing of it when places were to be compared. */
export function isUncompared(now: Now | undefined, explanation: Pick<Explanation, "on"> | undefined): boolean {
  return now != null && now.lastKnownAt === null && (explanation === undefined || explanation.on.length === 0);
}

/** Its node has told nothing of it since it is there: reports come later than who is connected. */
export function isUnheard(now: Now | undefined): boolean {
  if (!now || now.lastKnownAt !== null) return false;
  const { snr, rxLinkMbps, txLinkMbps, rxMbps, txMbps, connectedSeconds } = now;
  return [snr, rxLinkMbps, txLinkMbps, rxMbps, txMbps, connectedSeconds].every((value) => value === null);
}

/** Whether one of the two answers has how well it is heard there, and the other has not. */
export function isHalfHeard(now: Now | undefined, explanation: Pick<Explanation, "candidates"> | undefined): boolean {
  const present = explanation?.candidates.find(({ isPresent }) => isPresent);
  if (!now || now.lastKnownAt !== null || !present) return false;
  return (now.snr === null) !== (present.snrDb === null || present.heardBy === "earlier");
}

/** Another text as soon as either of them tells of another place. */
export function placeKey(now: Now | undefined, explanation: Pick<Explanation, "on"> | undefined): string {
  const on = explanation?.on.map(({ bssid }) => bssid) ?? [];
  return JSON.stringify([now?.node, now?.band, now?.lastKnownAt === null, on]);
}

/** Of where it was: what compares places is left out. */
export function withoutPlaces(explanation: Explanation): Explanation {
  return { ...explanation, candidates: [], decision: { kind: "stay", why: null } };
}
