/**
 * Which of the available candidates are offered to a client, the best first. What the client itself has measured counts most,
 * then the order that the cloud gave to neighbours, then load, then band.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Candidate } from "./candidates.ts";
import { expectedShare, isBusier } from "./capacity.ts";
import { seconds } from "./kick-gate.ts";
import { steeringLimits } from "./limits.ts";
import type { BeaconReport, Bss, StationSnapshot } from "./model.ts";
import { canUse } from "./model.ts";
import { lately, type Move } from "./moves.ts";
import type { ClientSettings } from "./settings.ts";

/** −82 dBm: hardly enough to associate. */
const hardlyHeard = 56;

/** A candidate that the client has refused, and until when that holds (monotonic ms). */
export interface Refusal {
  readonly bssid: Mac;
  readonly until: number;
}

export interface Offer {
  /** The best first; without bound. */
  readonly offered: readonly Candidate[];
  /** Available ones that are not offered, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly bssid: Mac;
  readonly reason: string;
  /** By the client, and but for that it would be offered. */
  readonly refused: boolean;
}

export interface OfferQuery {
  readonly candidates: readonly Candidate[];
  readonly snapshot: StationSnapshot;
  readonly settings: Pick<ClientSettings, "filterByBeaconReport" | "filterByBtmStatus" | "betterBy" | "reportAge">;
  readonly refusals: readonly Refusal[];
  /** The client leaves because its signal is weak: what it hears no better is no help. */
  readonly weak: boolean;
  /** The only one that it is sent to, whatever more important policies allow; null: any. */
  readonly band: Bss["band"] | null;
  /** The client is not sent back where it came from lately. */
  readonly holdsReturns: boolean;
  readonly moves: readonly Move[];
  readonly now: number;
}

export function offerOf(query: OfferQuery): Offer {
  const { candidates, snapshot, settings, refusals, weak, band: only, holdsReturns, now } = query;
  const reports = settings.filterByBeaconReport
    ? freshReports(snapshot, now - settings.reportAge)
    : new Map<Mac, BeaconReport>();
  // RCPI counts half decibels.
  const better = 2 * settings.betterBy;
  const own = ownReport(snapshot, reports);
  const offered: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  for (const candidate of candidates) {
    const { bss, preference } = candidate;
    if (preference !== "AVAILABLE" || snapshot.links.some(({ bssid }) => bssid === bss.bssid)) continue;
    const reason = whyNot(bss);
    const refused = reason === null && wasRefused(bss);
    if (reason === null && !refused) offered.push(candidate);
    else leftOut.push({ bssid: bss.bssid, reason: reason ?? "the client refused it in a BTM response", refused });
  }
  const metrics = metricsOf(offered, reports, own, better);
  offered.sort((a, b) => compare(a, b));
  return holdsReturns && !isUrgent(snapshot) ? withoutReturn({ offered, leftOut }, query) : { offered, leftOut };

  function wasRefused({ bssid }: Bss): boolean {
    return settings.filterByBtmStatus && refusals.some((one) => one.bssid === bssid && one.until > now);
  }

  function whyNot(bss: Bss): string | null {
    if (isOfItsDevice(bss, snapshot)) return "it belongs to the multi-link device that the client is on";
    const report = reports.get(bss.bssid);
    if (only !== null && bss.band !== only) return `it is sent to ${only} only`;
    if (weak && own && !report) return "the client does not hear it";
    if (report && report.rcpi < hardlyHeard) return `the client hears it at ${dbmText(report.rcpi)}`;
    if (!snapshot.btm && canUse(snapshot.channels, bss) === "maybe")
      return "it is not known to use that channel, and cannot be asked";
    if (weak && !(report && own) && isHigherHere(bss, snapshot)) return "a higher band of this node is no stronger";
    if (weak && report && own && report.rcpi < own.rcpi + better)
      return `the client hears it at ${dbmText(report.rcpi)}, no better than where it is (${dbmText(own.rcpi)})`;
    if (weak && isBusier(bss, snapshot)) return `its channel is full (${bss.load} %)`;
    return null;
  }

  function compare(a: Candidate, b: Candidate): number {
    const byMetric = (metrics.get(b.bss.bssid) ?? 0) - (metrics.get(a.bss.bssid) ?? 0);
    const known = ({ bss }: Candidate) => (canUse(snapshot.channels, bss) === "yes" ? 0 : 1);
    const band = ({ bss }: Candidate) => (weak ? weakOrder : strongOrder).indexOf(bss.band);
    return (
      byMetric ||
      known(a) - known(b) ||
      loadStep(a.bss) - loadStep(b.bss) ||
      band(a) - band(b) ||
      (a.bss.bssid < b.bss.bssid ? -1 : 1)
    );
  }
}

/** What is hardly heard any more is moved, wherever it came from. */
function isUrgent({ links }: StationSnapshot): boolean {
  return links.every(({ snr }) => snr !== null && snr < steeringLimits.urgentSnr);
}

/** Nothing is offered to a client that is best off where it was lately: asked to leave, it would only go back. */
function withoutReturn({ offered, leftOut }: Offer, query: OfferQuery): Offer {
  const [best] = offered;
  const held = best !== undefined && lately(best.bss.bssid, query) !== null;
  const kept = held ? [] : offered.filter(({ bss }) => lately(bss.bssid, query) === null);
  const dropped = offered.filter((candidate) => !kept.includes(candidate));
  const reasonFor = (bssid: Mac) => {
    const move = lately(bssid, query);
    return move ? `it ${move.what} ${seconds(move.ago)} ago` : "it is best off where it was lately";
  };
  return {
    offered: kept,
    leftOut: [
      ...leftOut,
      ...dropped.map(({ bss: { bssid } }) => ({ bssid, reason: reasonFor(bssid), refused: false })),
    ],
  };
}

/** From one link of a device to another is no move. */
function isOfItsDevice({ mldAddr }: Bss, { mlo, links, bsses }: StationSnapshot): boolean {
  if (!mlo || mldAddr === null) return false;
  return bsses.some((bss) => bss.mldAddr === mldAddr && links.some(({ bssid }) => bssid === bss.bssid));
}

/** Of our access points, those on the same or a higher band are as near, and reach no further. */
function isHigherHere({ vif, band }: Bss, snapshot: StationSnapshot): boolean {
  const here = snapshot.bsses.filter(({ bssid }) => snapshot.links.some((link) => link.bssid === bssid));
  return vif !== null && here.some((bss) => weakOrder.indexOf(band) >= weakOrder.indexOf(bss.band));
}

/** Lower bands reach further. */
const weakOrder = ["2.4G", "5G", "6G"];
const strongOrder = ["6G", "5G", "2.4G"];

/** Steps of 20 percent; smaller differences mean nothing. Unknown counts as half. */
function loadStep({ load }: Bss): number {
  return Math.floor((load ?? 50) / 20);
}

/** Reported: above all others, by what can be expected there. Else neighbours by priority; ours have no opinion of themselves. */
function metricsOf(
  offered: readonly Candidate[],
  reports: ReadonlyMap<Mac, BeaconReport>,
  own: BeaconReport | undefined,
  better: number,
): ReadonlyMap<Mac, number> {
  const metrics = new Map<Mac, number>();
  const lowest = Math.max(0, ...offered.map(({ bss }) => bss.priority ?? 0));
  for (const { bss } of offered) {
    const report = reports.get(bss.bssid);
    if (own && report && report.rcpi >= own.rcpi + better)
      metrics.set(bss.bssid, 1_000 + expectedShare(report, bss) + report.rcpi / 1_000);
    else if (bss.vif === null && bss.priority !== null) metrics.set(bss.bssid, Math.min(999, lowest - bss.priority));
  }
  return metrics;
}

function freshReports(snapshot: StationSnapshot, since: number): Map<Mac, BeaconReport> {
  const fresh = snapshot.beaconReports.filter(({ at }) => at >= since);
  return new Map(fresh.map((report) => [report.bssid, report]));
}

function ownReport(snapshot: StationSnapshot, reports: ReadonlyMap<Mac, BeaconReport>): BeaconReport | undefined {
  const newest = snapshot.links[0];
  return newest && reports.get(newest.bssid);
}

function dbmText(rcpi: number): string {
  return `${rcpi / 2 - 110} dBm`;
}
